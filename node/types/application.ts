// The one interface between ordering and everything else, in the shape of ABCI 2.0, so that the same application
// can run under another ordering engine. Nothing of our own consensus (views, notarizations, ...) appears here.
import type { Address, Digest, Height } from "./brands.ts";
import type { AllotError } from "./errors.ts";

/** A block as the application sees it. `digest` is whatever the ordering engine names blocks by. */
export interface OrderedBlock {
  readonly digest: Digest;
  readonly parentDigest: Digest;
  readonly height: Height;
  readonly timestampMs: number;
  readonly proposer: Address;
  readonly transactions: readonly Uint8Array[];
  /** The result of the parent as the proposer saw it. */
  readonly parentExecutionHash: Digest;
}

/** What executing a block gave; the same on every honest validator. */
export interface ExecutionResult {
  readonly digest: Digest;
  readonly height: Height;
  /** keccak256 of the RLP of the execution header: JSON-RPC's block hash. */
  readonly executionHash: Digest;
  readonly stateRoot: Digest;
  readonly receiptsRoot: Digest;
  readonly gasUsed: number;
  /** Transactions that are in the executed block; the rest of the ordered ones were skipped. */
  readonly transactionsExecuted: number;
  /** False when the block left the state as it was: then the chain may go idle behind it. */
  readonly changedState: boolean;
}

/** A verdict on somebody else's proposal. `pending`: data is missing, ask again; it is no verdict. */
export type ProposalVerdict =
  | { readonly verdict: "valid" }
  | { readonly verdict: "invalid"; readonly code: string; readonly reason: string }
  | { readonly verdict: "pending"; readonly reason: string };

export type AdmissionResult =
  | { readonly admitted: true; readonly hash: Digest; readonly known: boolean }
  | { readonly admitted: false; readonly error: AllotError };

export interface Application {
  /** Height, digest and execution hash of the last committed block (genesis on a new node). */
  info(): { readonly height: Height; readonly digest: Digest; readonly executionHash: Digest };
  /** ABCI's validator updates: who orders the block of this height, and those after it until the set changes, as the
   * committed state says; in ascending order. */
  validatorsAt(height: Height): readonly Address[];
  /** ABCI CheckTx: may this transaction enter the mempool? Never throws for what the sender did wrong. */
  checkTransaction(raw: Uint8Array, origin: "client" | "peer"): AdmissionResult;
  /** True when some transaction is executable on top of the block `parent` and not already in its branch. */
  hasTransactions(parent: Digest): boolean;
  /** ABCI PrepareProposal: the transactions of a block on top of `parent`, which has been executed. */
  buildTransactions(parent: Digest): readonly Uint8Array[];
  /** ABCI ProcessProposal: is each transaction valid by itself and in nonce order on the parent's state, and is
   * `parentExecutionHash` my own result? `pending` until the parent has been executed here. */
  verifyProposal(block: OrderedBlock): Promise<ProposalVerdict>;
  /** ABCI FinalizeBlock: execute on top of the parent, in memory. Idempotent per digest. An error thrown here on a
   * finalized block must stop the process. */
  execute(block: OrderedBlock): Promise<ExecutionResult>;
  /** Result of a block executed and still held (committed tip included), if any. */
  resultOf(digest: Digest): ExecutionResult | undefined;
  /** ABCI Commit: make the executed block permanent and drop its siblings. Resolves when the block survives a crash
   * of the process; `flushed()` when everything committed so far survives a crash of the machine. */
  commit(digest: Digest): Promise<void>;
  flushed(): Promise<void>;
  close(): Promise<void>;
}
