import type { Address, Hex } from "viem";
import { SdkError } from "../../errors/base.ts";
import type { SignedVoteStatement } from "../../evidence/exportEvidence.ts";

/** A vote as the contract takes it. */
interface VoteArgument {
  readonly kind: number;
  /** Zero for a nullify, which names no block. */
  readonly digest: Hex;
  readonly signature: Hex;
}

/** The evidence as the contract takes it. */
export interface VoteEvidence {
  readonly validator: Address;
  readonly epoch: bigint;
  readonly viewNumber: bigint;
  readonly first: VoteArgument;
  readonly second: VoteArgument;
}

/** VoteKind of IVoteEquivocation, by name. */
const kindNumbers = { notarize: 0, nullify: 1, finalize: 2 } as const;
const zeroWord: Hex = `0x${"00".repeat(32)}`;

const argumentOf = ({ vote, signature }: SignedVoteStatement): VoteArgument => ({
  kind: kindNumbers[vote.kind],
  digest: vote.kind === "nullify" ? zeroWord : vote.digest,
  signature,
});

/** Puts two votes together; throws `NO_CONTRADICTION` where they are not of one view. */
export function voteEvidenceOf(
  validator: Address,
  first: SignedVoteStatement,
  second: SignedVoteStatement,
): VoteEvidence {
  const { epoch, view } = first.vote;
  if (second.vote.epoch !== epoch || second.vote.view !== view) {
    throw new SdkError("NO_CONTRADICTION", "These two votes are not of one view: evidence is two votes in one view.", {
      facts: { epoch, view, otherEpoch: second.vote.epoch, otherView: second.vote.view },
      docsPath: "docs/sdk.md#equivocation",
    });
  }
  const place = { epoch: BigInt(epoch), viewNumber: BigInt(view) };
  return { validator, ...place, first: argumentOf(first), second: argumentOf(second) };
}
