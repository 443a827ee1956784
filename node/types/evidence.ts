import type { ValidatorIndex } from "./brands.ts";
import type { SignedVote } from "./vote.ts";

export type EvidenceKind = "conflictingNotarize" | "conflictingFinalize" | "nullifyFinalize" | "finalizeOther";

/**
 * Two statements that one validator signed about one view and that no honest validator ever signs both of. The order
 * is fixed, so that the same fault always gives the same bytes: of two votes of a kind the one with the lower digest
 * stands first; otherwise the nullify, or the notarize, stands before the finalize.
 */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly offender: ValidatorIndex;
  readonly first: SignedVote;
  readonly second: SignedVote;
}
