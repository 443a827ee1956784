// The EVM behind one interface. Two implementations: `ethereumjs` (durable, the default) and `hardhat` (Hardhat's
// EVM in process, for development networks). A parity test runs the same blocks through both.
import type { Address, Digest, Height, Hex } from "../types/brands.ts";
import type { Genesis } from "../types/genesis.ts";
import type { Transaction } from "../types/transaction.ts";
import type { ChainReader } from "./chainReader.ts";
import type { ExecutionHeader } from "./header.ts";
import type { Receipt } from "./receipt.ts";

export interface BlockContext {
  /** Names the block; goes into extraData and prevRandao. */
  readonly digest: Digest;
  readonly parentDigest: Digest;
  readonly height: Height;
  readonly timestampMs: number;
  readonly proposer: Address;
}

export interface ExecutedBlock {
  readonly context: BlockContext;
  readonly header: ExecutionHeader;
  /** keccak256 of the RLP of `header`. */
  readonly executionHash: Digest;
  /** The ordered transactions that were executed, in order; those skipped are missing. */
  readonly transactions: readonly Transaction[];
  readonly receipts: readonly Receipt[];
  readonly changedState: boolean;
}

export interface CallRequest {
  readonly from: Address;
  readonly to: Address | undefined;
  readonly data: Uint8Array;
  readonly value: bigint;
  readonly gasLimit: number;
}

export interface CallResult {
  readonly success: boolean;
  readonly returnData: Uint8Array;
  readonly gasUsed: number;
  /** Set when `success` is false: "revert", "out of gas", ... */
  readonly error: string | undefined;
}

export interface AccountState {
  readonly nonce: number;
  readonly balance: bigint;
  readonly codeHash: Digest;
  readonly storageRoot: Digest;
}

/** EIP-1186. */
export interface AccountProof {
  readonly address: Address;
  readonly account: AccountState;
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly { readonly key: Hex; readonly value: bigint; readonly proof: readonly Hex[] }[];
}

/** A read-only view of the state after one block. Reads of hot state are synchronous. */
export interface StateView {
  readonly digest: Digest;
  readonly height: Height;
  nonceOf(address: Address): number;
  balanceOf(address: Address): bigint;
  codeOf(address: Address): Uint8Array;
  /** `slot` and the result are 32 bytes. */
  storageAt(address: Address, slot: Uint8Array): Uint8Array;
  call(request: CallRequest): Promise<CallResult>;
  /** Least gas limit with which the call succeeds, by binary search. */
  estimateGas(request: CallRequest): Promise<CallResult>;
  proof(address: Address, slots: readonly Hex[]): Promise<AccountProof>;
}

export interface ExecutionEngine {
  readonly name: "ethereumjs" | "hardhat";
  /** Executes `transactions` (sender already recovered) on top of `context.parentDigest`, which is the committed tip
   * or an executed, uncommitted block. The result stays in memory until `commit` or `discard`. */
  execute(context: BlockContext, transactions: readonly Transaction[]): Promise<ExecutedBlock>;
  /** Makes an executed child of the committed tip permanent, together with its records, in one atomic write; drops
   * every executed block that does not descend from it. */
  commit(digest: Digest): Promise<void>;
  /** Resolves once everything committed so far survives a crash of the machine. */
  flushed(): Promise<void>;
  committed(): ExecutedBlock;
  /** Everything committed so far, by height, hash and log. */
  readonly chain: ChainReader;
  executed(digest: Digest): ExecutedBlock | undefined;
  /** The state after an executed or committed block; undefined when it is unknown or older than the retention. */
  stateAt(block: Digest | Height): StateView | undefined;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly genesis: Genesis;
  /** Folder for the engine's own files. */
  readonly folder: string;
  /** How many blocks of past state stay readable (eth_call, eth_getProof). */
  readonly historyBlocks: number;
  /** For the engine `ethereumjs`: our own loop (the default), or the interpreter of @ethereumjs/evm. */
  readonly interpreter?: "fast" | "stock";
}
