// What the process of one participant is told at its start, and what it tells back.
import type { Address, Hex } from "viem";

export type Role = "agent" | "equivocator" | "lapsed" | "requester" | "evaluator" | "watchdog";

/** What convicted an agent of two bids for one tender. */
export type EvidenceKind = "two signatures" | "a signature and a commitment";

export interface RoleConfig {
  readonly role: Role;
  readonly name: string;
  readonly privateKey: Hex;
  /** A second account of the same organisation, for the agent that hands two bids to two validators. */
  readonly relayKey: Hex | undefined;
  readonly chainId: number;
  readonly networkId: Hex;
  /** The validator to begin with comes first. */
  readonly rpcUrls: readonly string[];
  readonly marketFile: string;
  /** Folder of this participant alone: its sign lock, its log. */
  readonly directory: string;
  readonly evaluator: Address;
}

/** Child to parent, over the process channel. */
export type RoleMessage =
  | { readonly kind: "ready" }
  /** A transaction was handed to a validator; Date.now() of this machine. */
  | { readonly kind: "sent"; readonly hash: Hex; readonly atMs: number }
  | { readonly kind: "says"; readonly text: string }
  /** The rules refused a transaction in its block. */
  | { readonly kind: "refused"; readonly rule: string; readonly hash: Hex }
  /** The watchdog had an agent punished. */
  | { readonly kind: "convicted"; readonly agentId: string; readonly evidence: EvidenceKind }
  /** All that this participant had to do is done. */
  | { readonly kind: "done" };
