import type { Address, Hex } from "viem";
import type { RuleAddresses } from "../../contracts.ts";
import { SdkError } from "../../errors/base.ts";
import type { BidEvidenceFile } from "../../evidence/evidenceFile.ts";
import { isSameCommitment } from "../bids/getCommitment.ts";
import type { SignedBid } from "../bids/signBid.ts";

/** Two statements of one agent on one tender: two signatures, or a signature and what its bid key committed on chain. */
export type BidContradiction =
  | { readonly first: SignedBid; readonly second: SignedBid }
  | { readonly first: SignedBid; readonly committedBy: Address };

/** The evidence as the contract takes it. */
export interface BidEvidence {
  readonly tender: Address;
  readonly tenderId: Hex;
  readonly agentId: bigint;
  readonly slot: bigint;
  readonly commitmentA: Hex;
  readonly signatureA: Hex;
  readonly commitmentB: Hex;
  readonly signatureB: Hex;
  readonly bidderB: Address;
}

const zeroWord: Hex = `0x${"00".repeat(32)}`;
const zeroAddress: Address = `0x${"00".repeat(20)}`;

/** Puts two statements together; throws `NO_CONTRADICTION` where two signatures do not contradict each other. */
export function bidEvidenceOf(rules: RuleAddresses, contradiction: BidContradiction): BidEvidence {
  const { bid, signature } = contradiction.first;
  const common = {
    tender: rules.sealedBidTender,
    tenderId: bid.tenderId,
    agentId: bid.agentId,
    slot: bid.slot,
    commitmentA: bid.commitment,
    signatureA: signature,
  };
  if ("committedBy" in contradiction) {
    return { ...common, commitmentB: zeroWord, signatureB: "0x", bidderB: contradiction.committedBy };
  }
  const other = contradiction.second;
  const sameSlot =
    other.bid.tenderId === bid.tenderId && other.bid.agentId === bid.agentId && other.bid.slot === bid.slot;
  if (!sameSlot || isSameCommitment(other.bid.commitment, bid.commitment)) {
    throw new SdkError(
      "NO_CONTRADICTION",
      "These two bids do not contradict each other: evidence is one agent, one tender, one slot, and two commitments.",
      { facts: { tenderId: bid.tenderId, agentId: bid.agentId }, docsPath: "docs/sdk.md#equivocation" },
    );
  }
  return { ...common, commitmentB: other.bid.commitment, signatureB: other.signature, bidderB: zeroAddress };
}

/** The evidence of a file as the contract takes it. Signed statements stand first in a file: only the second can be on chain. */
export function bidEvidenceOfFile({ contract, tenderId, agentId, statements: [a, b] }: BidEvidenceFile): BidEvidence {
  return {
    tender: contract,
    tenderId,
    agentId: BigInt(agentId),
    slot: 0n,
    commitmentA: a.commitment,
    signatureA: "signature" in a ? a.signature : "0x",
    commitmentB: "signature" in b ? b.commitment : zeroWord,
    signatureB: "signature" in b ? b.signature : "0x",
    bidderB: "committedBy" in b ? b.committedBy : zeroAddress,
  };
}
