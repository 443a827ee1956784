// A market on an execution engine alone, without validators: agents that may bid, tasks, and everything that happens
// to them, as blocks of signed transactions. For measuring the engine and for comparing engines.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeFunctionData, hexToBytes, keccak256, maxUint256, stringToBytes } from "viem";
import { peerPublicKey } from "../node/crypto/peerKey.ts";
import type { ExecutedBlock } from "../node/execution/engine.ts";
import { newGenesis } from "../node/genesis/newNetwork.ts";
import { localConsensus } from "../node/genesis/parameters.ts";
import { Address, Digest, type Hex } from "../node/types/brands.ts";
import { decodeTransaction } from "../node/types/decodeTransaction.ts";
import { InvariantError } from "../node/types/errors.ts";
import type { ExecutionParameters, Genesis } from "../node/types/genesis.ts";
import type { Transaction } from "../node/types/transaction.ts";
import { agentLedgerAbi } from "../sdk/abis/agentLedger.ts";
import { capabilityResolverAbi } from "../sdk/abis/capabilityResolver.ts";
import { creditsAbi } from "../sdk/abis/credits.ts";
import { easAbi } from "../sdk/abis/eas.ts";
import { identityRegistryAbi } from "../sdk/abis/identityRegistry.ts";
import { sealedBidTenderAbi } from "../sdk/abis/sealedBidTender.ts";
import { taskMarketAbi } from "../sdk/abis/taskMarket.ts";
import { ruleAddresses } from "../sdk/contracts.ts";
import { hashBidKeyProof } from "../sdk/typedData/bidKey.ts";
import { encodeCapabilityClaim } from "../sdk/typedData/capabilityClaim.ts";
import { commitmentOf } from "../sdk/typedData/commitment.ts";
import { marketDomain } from "../sdk/typedData/domain.ts";
import { type LoadAccount, loadAccount } from "./bench/loadAccount.ts";

export const marketStartMs = 1_790_000_000_000;
const chainId = 31_107;
const networkId = Digest(`0x${"4d".repeat(32)}`);
/** What its signed statements are bound to. */
export const marketNetwork = { chainId, networkId };
const gas = 1_000_000n;
export const marketCapability = keccak256(stringToBytes("execution"));
const credits = 1_000_000n;
const farDeadline = 2n ** 40n;
/** Bids that a tender takes (SealedBidTender.BIDDERS_MAX is 256). */
export const biddersPerTender = 250;
// Together within what a development network takes (bidWindowsMax).
export const commitWindowSeconds = 3_000;
export const revealWindowSeconds = 600;

const accountOf = (name: string, number: number): LoadAccount =>
  loadAccount(chainId, keccak256(stringToBytes(`${name} ${number}`)));

/** Executes and commits a block, `secondsLater` than the one before. */
export type RunBlock = (transactions: readonly Transaction[], secondsLater?: number) => Promise<ExecutedBlock>;

export interface MarketAgent {
  readonly account: LoadAccount;
  agentId: bigint;
}

export class ExecutionMarket {
  readonly requester = accountOf("requester", 0);
  readonly evaluator = accountOf("evaluator", 0);
  readonly attester = accountOf("attester", 0);
  readonly agents: readonly MarketAgent[];
  readonly #execution: ExecutionParameters;

  constructor(agents: number, execution: ExecutionParameters) {
    this.agents = Array.from({ length: agents }, (_, number) => ({ account: accountOf("agent", number), agentId: 0n }));
    this.#execution = execution;
  }

  async genesis(): Promise<Genesis> {
    const everybody = [this.requester, this.evaluator, this.attester, ...this.agents.map(({ account }) => account)];
    const members = (accounts: readonly LoadAccount[]) => accounts.map(({ address }) => lower(address));
    const validator = accountOf("validator", 0);
    return newGenesis({
      chainId,
      networkId,
      timestampMs: marketStartMs,
      validators: [
        {
          name: "one",
          address: lower(validator.address),
          peerKey: peerPublicKey(hexToBytes(validator.privateKey)),
          addresses: ["/ip4/127.0.0.1/tcp/26656"],
          organisation: 1,
        },
      ],
      consensus: localConsensus,
      execution: this.#execution,
      accounts: Object.fromEntries(members(everybody).map((address) => [address, { balance: "0xde0b6b3a7640000" }])),
      rules: {
        pace: "development",
        founding: {
          organisations: [
            { name: "validators", members: members([validator]) },
            { name: "requester", members: members([this.requester]) },
            { name: "evaluator", members: members([this.evaluator]) },
            { name: "attester", members: members([this.attester]) },
            ...this.agents.map(({ account }, i) => ({ name: `agent ${i}`, members: members([account]) })),
          ],
          credits: everybody.map(({ address }) => ({ holder: lower(address), amount: 1_000_000n * credits })),
          operators: members([this.requester]),
          operatorQuorum: 1,
          attesters: members([this.attester]),
        },
      },
    });
  }

  /** Registers every agent, and gives it a bid key, a stake and the capability. */
  async populate(run: RunBlock, transactionsPerBlock = 100): Promise<void> {
    const all = async (make: (agent: MarketAgent) => Transaction): Promise<void> => {
      for (let start = 0; start < this.agents.length; start += transactionsPerBlock) {
        succeed(await run(this.agents.slice(start, start + transactionsPerBlock).map(make)));
      }
    };
    await all(({ account }) =>
      send(
        account,
        ruleAddresses.identityRegistry,
        encodeFunctionData({ abi: identityRegistryAbi, functionName: "register", args: [] }),
      ),
    );
    for (const [i, agent] of this.agents.entries()) agent.agentId = BigInt(i);
    const domain = marketDomain({ chainId, networkId, verifyingContract: ruleAddresses.agentLedger });
    await all(({ account, agentId }) => {
      const digest = hashBidKeyProof(domain, { agentId, owner: account.address, nonce: 0n, deadline: farDeadline });
      const args = [agentId, account.address, farDeadline, account.signDigest(digest)] as const;
      return send(
        account,
        ruleAddresses.agentLedger,
        encodeFunctionData({ abi: agentLedgerAbi, functionName: "setBidKey", args }),
      );
    });
    await all(({ account }) => approve(account, ruleAddresses.agentLedger));
    await all(({ account, agentId }) => {
      const args = [agentId, 500_000n * credits] as const;
      return send(
        account,
        ruleAddresses.agentLedger,
        encodeFunctionData({ abi: agentLedgerAbi, functionName: "stake", args }),
      );
    });
    succeed(await run([approve(this.requester, ruleAddresses.taskMarket)]));
  }

  /** The attester's word on every agent's capability; `schema` is CapabilityResolver.schemaId(). */
  async attest(run: RunBlock, schema: Hex, perBlock = 50): Promise<void> {
    for (let start = 0; start < this.agents.length; start += perBlock) {
      const group = this.agents.slice(start, start + perBlock).map(({ account, agentId }) => {
        const data = {
          recipient: account.address,
          expirationTime: 0n,
          revocable: true,
          refUID: `0x${"0".repeat(64)}` as Hex,
          data: encodeCapabilityClaim({ agentId, capability: marketCapability, level: 1, networkId }),
          value: 0n,
        };
        const args = [{ schema, data }] as const;
        return send(
          this.attester,
          ruleAddresses.eas,
          encodeFunctionData({ abi: easAbi, functionName: "attest", args }),
        );
      });
      succeed(await run(group));
    }
  }

  post(): Transaction {
    const terms = {
      requirements: [{ capability: marketCapability, level: 1, attester: `0x${"0".repeat(40)}` as Hex }],
      mechanism: ruleAddresses.vickrey,
      evaluator: this.evaluator.address,
      reserve: credits,
      units: 1,
      maxBidders: biddersPerTender,
      lock: credits,
      commitWindow: commitWindowSeconds,
      revealWindow: revealWindowSeconds,
      deliveryWindow: 3_600,
      verdictWindow: 3_600,
      disputeWindow: 0,
      acceptanceWindow: 0,
      maxReassignments: 0,
      specification: keccak256(stringToBytes("execution")),
      uri: "execution:",
    };
    return send(
      this.requester,
      ruleAddresses.taskMarket,
      encodeFunctionData({ abi: taskMarketAbi, functionName: "post", args: [terms] }),
    );
  }

  commit(agent: MarketAgent, tenderId: Hex, amount: bigint): Transaction {
    const commitment = commitmentOf({ tenderId, bidder: agent.account.address, amount, salt: marketSalt(tenderId) });
    const args = [tenderId, commitment] as const;
    return send(
      agent.account,
      ruleAddresses.sealedBidTender,
      encodeFunctionData({ abi: sealedBidTenderAbi, functionName: "commitBid", args }),
    );
  }

  reveal(agent: MarketAgent, tenderId: Hex, amount: bigint): Transaction {
    const args = [tenderId, amount, marketSalt(tenderId)] as const;
    return send(
      agent.account,
      ruleAddresses.sealedBidTender,
      encodeFunctionData({ abi: sealedBidTenderAbi, functionName: "revealBid", args }),
    );
  }

  transferCredits(agent: MarketAgent, to: Hex): Transaction {
    return send(
      agent.account,
      ruleAddresses.credits,
      encodeFunctionData({ abi: creditsAbi, functionName: "transfer", args: [to, 1n] }),
    );
  }
}

const lower = (address: Hex): Address => Address(address.toLowerCase());

/** Salt of every bid on a tender: nothing here has to stay hidden. */
export const marketSalt = (tenderId: Hex): Hex => keccak256(tenderId);

/** A signed call, decoded as a node decodes it. */
export function send(account: LoadAccount, to: Hex, data: Hex, value = 0n): Transaction {
  return decodeTransaction(hexToBytes(account.sign({ to, data, value, gas })));
}

const approve = (account: LoadAccount, spender: Hex): Transaction =>
  send(
    account,
    ruleAddresses.credits,
    encodeFunctionData({ abi: creditsAbi, functionName: "approve", args: [spender, maxUint256] }),
  );

/** `data` of CapabilityResolver.schemaId(). */
export const schemaIdCall = (): Hex => encodeFunctionData({ abi: capabilityResolverAbi, functionName: "schemaId" });

const tenderOpened = keccak256(
  stringToBytes("TenderOpened(bytes32,bytes32,address,address,uint256,uint256,uint64,uint64,bytes4)"),
);

/** Tenders opened in a block. */
export const tendersOpenedIn = (block: ExecutedBlock): Hex[] =>
  block.receipts.flatMap(({ logs }) =>
    logs.filter(({ topics }) => topics[0] === tenderOpened).map(({ topics }) => topics[1] as Hex),
  );

function succeed(block: ExecutedBlock): void {
  const failed = block.receipts.findIndex((receipt) => !receipt.success);
  if (failed >= 0) {
    const { height } = block.context;
    throw new InvariantError(
      "MARKET_STEP_FAILED",
      { height, failed },
      `transaction ${failed} of block ${height} failed`,
    );
  }
}

/** A folder for an engine, to be removed after use. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "allot-execution-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
