// The accounts of the load, made into agents that may bid: identity, bid key, stake and an attested capability each,
// all by transactions of their own.
import { type Address, encodeFunctionData, type Hex, keccak256, maxUint256, stringToBytes } from "viem";
import { AllotError } from "../../node/types/errors.ts";
import { agentLedgerAbi } from "../../sdk/abis/agentLedger.ts";
import { capabilityResolverAbi } from "../../sdk/abis/capabilityResolver.ts";
import { creditsAbi } from "../../sdk/abis/credits.ts";
import { identityRegistryAbi } from "../../sdk/abis/identityRegistry.ts";
import { ruleAddresses } from "../../sdk/contracts.ts";
import { hashBidKeyProof } from "../../sdk/typedData/bidKey.ts";
import { encodeCapabilityClaim } from "../../sdk/typedData/capabilityClaim.ts";
import { marketDomain } from "../../sdk/typedData/domain.ts";
import type { FinalityWatch } from "./finality.ts";
import { type LoadTransaction, runLoad } from "./load.ts";
import type { Call, LoadAccount } from "./loadAccount.ts";
import type { RpcConnection } from "./rpc.ts";

export interface LoadNetwork {
  readonly chainId: number;
  readonly networkId: Hex;
  readonly validators: readonly RpcConnection[];
  readonly finality: FinalityWatch;
}

export const capability = keccak256(stringToBytes("bench"));
export const capabilityLevel = 1;
/** Stake of every agent: carries as many commitments as the longest run makes. */
const stakeAmount = 100_000_000_000n;
const attestationsPerCall = 20;
const setUpGas = 1_000_000n;
const attestGas = 12_000_000n;

const multiAttestAbi = [
  {
    type: "function",
    name: "multiAttest",
    stateMutability: "payable",
    inputs: [
      {
        name: "multiRequests",
        type: "tuple[]",
        components: [
          { name: "schema", type: "bytes32" },
          {
            name: "data",
            type: "tuple[]",
            components: [
              { name: "recipient", type: "address" },
              { name: "expirationTime", type: "uint64" },
              { name: "revocable", type: "bool" },
              { name: "refUID", type: "bytes32" },
              { name: "data", type: "bytes" },
              { name: "value", type: "uint256" },
            ],
          },
        ],
      },
    ],
    outputs: [{ type: "bytes32[]" }],
  },
] as const;

/** In flight over all validators, so that one account on one validator stays within its nonce window. */
export const inFlightOfOneAccount = 800;

/** Sends prepared transactions, waits until all are final, and refuses to go on when one failed. */
export async function settle(
  network: LoadNetwork,
  transactions: readonly LoadTransaction[],
  what: string,
  inFlight = 2_000,
): Promise<void> {
  const { validators, finality } = network;
  const result = await runLoad({
    validators,
    finality,
    transactions,
    inFlight,
    batch: 50,
    warmUpMs: 0,
    durationMs: 600_000,
  });
  if (result.finalAll !== transactions.length) {
    throw new AllotError("SET_UP_LOST", { what }, `${what}: ${result.finalAll} of ${transactions.length} became final`);
  }
  const hashes = transactions.map(({ raw }) => keccak256(raw));
  for (let i = 0; i < hashes.length; i += 100) {
    const calls = hashes.slice(i, i + 100).map((hash) => ({ method: "eth_getTransactionReceipt", params: [hash] }));
    const receipts = (await validators[0]?.batch(calls)) ?? [];
    const failed = receipts.findIndex((one) => (one.result as { status?: string } | null)?.status !== "0x1");
    if (failed !== -1) {
      throw new AllotError(
        "SET_UP_FAILED",
        { what, hash: hashes[i + failed] },
        `${what}: transaction ${hashes[i + failed]} failed`,
      );
    }
  }
}

/** `call` of every account; an account always uses the same validator. */
export function transactionsOf(
  accounts: readonly LoadAccount[],
  validators: number,
  callOf: (account: LoadAccount, i: number) => Call,
): LoadTransaction[] {
  return accounts.map((account, i) => ({ raw: account.sign(callOf(account, i)), validator: i % validators }));
}

async function agentIds(network: LoadNetwork, accounts: readonly LoadAccount[]): Promise<Map<Address, bigint>> {
  const zero = `0x${"0".repeat(64)}`;
  const filter = {
    address: ruleAddresses.identityRegistry,
    topics: [keccak256(stringToBytes("Transfer(address,address,uint256)")), zero],
    fromBlock: "0x0",
    toBlock: "latest",
  };
  const logs = (await network.validators[0]?.call("eth_getLogs", [filter])) as { topics: Hex[] }[];
  const ids = new Map<Address, bigint>();
  for (const { topics } of logs) ids.set(`0x${(topics[2] ?? "").slice(26)}`, BigInt(topics[3] ?? 0));
  const missing = accounts.find(({ address }) => !ids.has(address.toLowerCase() as Address));
  if (missing !== undefined)
    throw new AllotError("SET_UP_FAILED", { account: missing.address }, "an agent was not registered");
  return ids;
}

/** Makes every account an agent that is its own bid key, staked, with the capability `capability` from `attester`. */
export async function makeAgents(
  network: LoadNetwork,
  accounts: readonly LoadAccount[],
  attester: LoadAccount,
): Promise<void> {
  const count = network.validators.length;
  const register = encodeFunctionData({ abi: identityRegistryAbi, functionName: "register", args: [] });
  await settle(
    network,
    transactionsOf(accounts, count, () => ({ to: ruleAddresses.identityRegistry, data: register, gas: setUpGas })),
    "registering agents",
  );
  const ids = await agentIds(network, accounts);
  const idOf = (account: LoadAccount): bigint => ids.get(account.address.toLowerCase() as Address) ?? 0n;
  const deadline = BigInt(Math.floor(Date.now() / 1_000) + 86_400);
  const domain = marketDomain({ ...network, verifyingContract: ruleAddresses.agentLedger });
  const approve = encodeFunctionData({
    abi: creditsAbi,
    functionName: "approve",
    args: [ruleAddresses.agentLedger, maxUint256],
  });
  const steps = [
    transactionsOf(accounts, count, (account) => {
      const agentId = idOf(account);
      const digest = hashBidKeyProof(domain, { agentId, owner: account.address, nonce: 0n, deadline });
      const args = [agentId, account.address, deadline, account.signDigest(digest)] as const;
      const data = encodeFunctionData({ abi: agentLedgerAbi, functionName: "setBidKey", args });
      return { to: ruleAddresses.agentLedger, data, gas: setUpGas };
    }),
    transactionsOf(accounts, count, () => ({ to: ruleAddresses.credits, data: approve, gas: setUpGas })),
    transactionsOf(accounts, count, (account) => {
      const data = encodeFunctionData({
        abi: agentLedgerAbi,
        functionName: "stake",
        args: [idOf(account), stakeAmount],
      });
      return { to: ruleAddresses.agentLedger, data, gas: setUpGas };
    }),
  ];
  await settle(network, steps.flat(), "setting bid keys and staking");
  await settle(network, await attestations(network, accounts, idOf, attester), "attesting capabilities");
}

async function attestations(
  network: LoadNetwork,
  accounts: readonly LoadAccount[],
  idOf: (account: LoadAccount) => bigint,
  attester: LoadAccount,
): Promise<LoadTransaction[]> {
  const data = encodeFunctionData({ abi: capabilityResolverAbi, functionName: "schemaId" });
  const schema = (await network.validators[0]?.call("eth_call", [
    { to: ruleAddresses.capabilityResolver, data },
    "latest",
  ])) as Hex;
  const groups = Array.from({ length: Math.ceil(accounts.length / attestationsPerCall) }, (_, i) =>
    accounts.slice(i * attestationsPerCall, (i + 1) * attestationsPerCall),
  );
  return groups.map((group) => {
    const requests = group.map((account) => ({
      recipient: account.address,
      expirationTime: 0n,
      revocable: true,
      refUID: `0x${"0".repeat(64)}` as Hex,
      data: encodeCapabilityClaim({
        agentId: idOf(account),
        capability,
        level: capabilityLevel,
        networkId: network.networkId,
      }),
      value: 0n,
    }));
    const call = encodeFunctionData({
      abi: multiAttestAbi,
      functionName: "multiAttest",
      args: [[{ schema, data: requests }]],
    });
    return { raw: attester.sign({ to: ruleAddresses.eas, data: call, gas: attestGas }), validator: 0 };
  });
}
