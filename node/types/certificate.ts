import type { Signature, ValidatorIndex } from "./brands.ts";
import type { Vote } from "./vote.ts";

/**
 * A quorum's vote: exactly q = ⌊2n/3⌋ + 1 distinct signers in ascending order, their signatures in the same order.
 * On the wire and in digests the signers are a bitmap, validator i being bit i mod 8 of byte ⌊i/8⌋, without trailing
 * zero bytes.
 */
export interface Certificate<V extends Vote = Vote> {
  readonly vote: V;
  readonly signers: readonly ValidatorIndex[];
  readonly signatures: readonly Signature[];
}

export type Notarization = Certificate<Extract<Vote, { kind: "notarize" }>>;
export type Nullification = Certificate<Extract<Vote, { kind: "nullify" }>>;
export type Finalization = Certificate<Extract<Vote, { kind: "finalize" }>>;
