// What is measured: transfers of credits, posted tasks, sealed bids. Each workload prepares signed transactions.
import { encodeFunctionData, type Hex, keccak256, maxUint256, stringToBytes } from "viem";
import { AllotError } from "../../node/types/errors.ts";
import { creditsAbi } from "../../sdk/abis/credits.ts";
import { sealedBidTenderAbi } from "../../sdk/abis/sealedBidTender.ts";
import { taskMarketAbi } from "../../sdk/abis/taskMarket.ts";
import { ruleAddresses } from "../../sdk/contracts.ts";
import { commitmentOf, randomSalt } from "../../sdk/typedData/commitment.ts";
import type { LoadTransaction } from "./load.ts";
import type { Call, LoadAccount } from "./loadAccount.ts";
import {
  capability,
  capabilityLevel,
  inFlightOfOneAccount,
  type LoadNetwork,
  settle,
  transactionsOf,
} from "./population.ts";

/** Gas limits as an estimate with some margin gives them: a block holds as much as its transactions declare. */
const transferGas = 60_000n;
const commitGas = 125_000n;
const postGas = 550_000n;
/** Most bidders of a tender (SealedBidTender.BIDDERS_MAX is 256). */
const biddersPerTender = 250;

/** A credit to the next account, 1 µ each. */
export function transfers(network: LoadNetwork, accounts: readonly LoadAccount[], count: number): LoadTransaction[] {
  return repeated(network, accounts, count, (_, i) => {
    const to = accounts[(i * 7 + 1) % accounts.length]?.address ?? ruleAddresses.credits;
    const data = encodeFunctionData({ abi: creditsAbi, functionName: "transfer", args: [to, 1n] });
    return { to: ruleAddresses.credits, data, gas: transferGas };
  });
}

function repeated(
  network: LoadNetwork,
  accounts: readonly LoadAccount[],
  count: number,
  callOf: (account: LoadAccount, i: number) => Call,
): LoadTransaction[] {
  const rounds = Math.ceil(count / accounts.length);
  return Array.from({ length: rounds }, () => transactionsOf(accounts, network.validators.length, callOf)).flat();
}

function postCall(evaluator: LoadAccount): Call {
  const terms = {
    requirements: [{ capability, level: capabilityLevel, attester: `0x${"0".repeat(40)}` as Hex }],
    mechanism: ruleAddresses.vickrey,
    evaluator: evaluator.address,
    reserve: 1_000_000n,
    units: 1,
    maxBidders: biddersPerTender,
    lock: 1_000_000n,
    commitWindow: 3_000,
    revealWindow: 600,
    deliveryWindow: 3_600,
    verdictWindow: 3_600,
    disputeWindow: 0,
    acceptanceWindow: 0,
    maxReassignments: 0,
    specification: keccak256(stringToBytes("bench")),
    uri: "bench:",
  };
  const data = encodeFunctionData({ abi: taskMarketAbi, functionName: "post", args: [terms] });
  return { to: ruleAddresses.taskMarket, data, gas: postGas };
}

/** Lets the market take the escrow of what these accounts will post. */
export async function approveMarket(network: LoadNetwork, accounts: readonly LoadAccount[]): Promise<void> {
  const args = [ruleAddresses.taskMarket, maxUint256] as const;
  const data = encodeFunctionData({ abi: creditsAbi, functionName: "approve", args });
  const calls = transactionsOf(accounts, network.validators.length, () => ({
    to: ruleAddresses.credits,
    data,
    gas: transferGas,
  }));
  await settle(network, calls, "approving the market");
}

export function posts(
  network: LoadNetwork,
  accounts: readonly LoadAccount[],
  evaluator: LoadAccount,
  count: number,
): LoadTransaction[] {
  return repeated(network, accounts, count, () => postCall(evaluator));
}

/** Tenders posted for the bids: as many as `bids` bids by these accounts fill. */
export async function openTenders(
  network: LoadNetwork,
  requester: LoadAccount,
  evaluator: LoadAccount,
  count: number,
): Promise<readonly Hex[]> {
  const from = (await network.validators[0]?.call("eth_blockNumber", [])) as Hex;
  const call = postCall(evaluator);
  const transactions = Array.from({ length: count }, () => ({ raw: requester.sign(call), validator: 0 }));
  await settle(network, transactions, "opening tenders", inFlightOfOneAccount);
  const opened = keccak256(
    stringToBytes("TenderOpened(bytes32,bytes32,address,address,uint256,uint256,uint64,uint64,bytes4)"),
  );
  const filter = { address: ruleAddresses.sealedBidTender, topics: [opened], fromBlock: from, toBlock: "latest" };
  const logs = (await network.validators[0]?.call("eth_getLogs", [filter])) as { topics: Hex[] }[];
  const ids = logs.map(({ topics }) => topics[1] as Hex);
  if (ids.length !== count)
    throw new AllotError("SET_UP_FAILED", { count, found: ids.length }, "not every tender opened");
  return ids;
}

/** Tenders needed for `count` bids. */
export const tendersFor = (count: number): number => Math.ceil(count / biddersPerTender);

/** Sealed bids, each account once per tender of its group, the tenders of all groups filling side by side. */
export function bids(
  network: LoadNetwork,
  accounts: readonly LoadAccount[],
  tenders: readonly Hex[],
): LoadTransaction[] {
  const groups = Math.ceil(accounts.length / biddersPerTender);
  const validators = network.validators.length;
  const rounds = Math.floor(tenders.length / groups);
  return Array.from({ length: rounds }, (_, round) =>
    transactionsOf(accounts, validators, (account, i) => {
      const tenderId = tenders[round * groups + Math.floor(i / biddersPerTender)] as Hex;
      const commitment = commitmentOf({ tenderId, bidder: account.address, amount: 500_000n, salt: randomSalt() });
      const data = encodeFunctionData({
        abi: sealedBidTenderAbi,
        functionName: "commitBid",
        args: [tenderId, commitment],
      });
      return { to: ruleAddresses.sealedBidTender, data, gas: commitGas };
    }),
  ).flat();
}
