import type { Digest, Epoch, Signature, ValidatorIndex, View } from "./brands.ts";

/** What a validator says about a view. EIP-712 structs of the domain "Allot Consensus" (see votePreimage.ts). */
export type Vote =
  | { readonly kind: "notarize"; readonly epoch: Epoch; readonly view: View; readonly digest: Digest }
  | { readonly kind: "nullify"; readonly epoch: Epoch; readonly view: View }
  | { readonly kind: "finalize"; readonly epoch: Epoch; readonly view: View; readonly digest: Digest };

export type VoteKind = Vote["kind"];

export interface SignedVote {
  readonly vote: Vote;
  readonly signer: ValidatorIndex;
  readonly signature: Signature;
}
