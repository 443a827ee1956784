import type { Address, Digest } from "../types/brands.ts";
import type { Evidence } from "../types/evidence.ts";
import type { ReportingAct, ReportingFacts } from "./decide.ts";

/** A piece of evidence, and whom it convicts: address of the validator key. */
export interface Accusation {
  readonly validator: Address;
  readonly evidence: Evidence;
}

export type Submission =
  | { readonly submitted: true; readonly transaction: Digest }
  | { readonly submitted: false; readonly code: string; readonly reason: string };

/** What became of a transaction: `waiting` in the mempool, in a committed block, or nowhere any more. */
export type Whereabouts = "waiting" | "executed" | "reverted" | "lost";

/** The ledger as a reporter sees it: committed state, and a way for its transactions. */
export interface ReportingChain {
  facts(accusation: Accusation): Promise<ReportingFacts>;
  /** Whether the reporter's own commitment to this piece stands in a committed block: `hasCommitted` of its facts. */
  hasCommitted(accusation: Accusation): Promise<boolean>;
  /** Signs the transaction and hands it to the mempool. The same on the same state: whoever was killed sends no second. */
  submit(accusation: Accusation, act: ReportingAct): Promise<Submission>;
  whereabouts(transaction: Digest): Whereabouts;
}
