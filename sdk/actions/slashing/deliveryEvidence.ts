import type { Address, Hex } from "viem";
import type { RuleAddresses } from "../../contracts.ts";
import { SdkError } from "../../errors/base.ts";
import type { SignedDelivery } from "../tasks/signDelivery.ts";

/** Two deliveries of one agent for one job: two signatures, or a signature and what was submitted on chain. */
export type DeliveryContradiction =
  | { readonly first: SignedDelivery; readonly second: SignedDelivery }
  | { readonly first: SignedDelivery; readonly submitted: true };

/** The evidence as the contract takes it. */
export interface DeliveryEvidence {
  readonly escrow: Address;
  readonly jobId: bigint;
  readonly agentId: bigint;
  readonly deliverableA: Hex;
  readonly signatureA: Hex;
  readonly deliverableB: Hex;
  readonly signatureB: Hex;
}

const zeroWord: Hex = `0x${"00".repeat(32)}`;

/** Puts two statements together; throws `NO_CONTRADICTION` where two signatures do not contradict each other. */
export function deliveryEvidenceOf(rules: RuleAddresses, contradiction: DeliveryContradiction): DeliveryEvidence {
  const { delivery, signature } = contradiction.first;
  const { jobId, agentId } = delivery;
  const common = { escrow: rules.jobEscrow, jobId, agentId, deliverableA: delivery.deliverable, signatureA: signature };
  if ("submitted" in contradiction) return { ...common, deliverableB: zeroWord, signatureB: "0x" };
  const other = contradiction.second;
  const sameJob = other.delivery.jobId === jobId && other.delivery.agentId === agentId;
  if (!sameJob || other.delivery.deliverable.toLowerCase() === delivery.deliverable.toLowerCase()) {
    throw new SdkError(
      "NO_CONTRADICTION",
      "These two deliveries do not contradict each other: evidence is one agent, one job, and two deliverables.",
      { facts: { jobId, agentId }, docsPath: "docs/sdk.md#equivocation" },
    );
  }
  return { ...common, deliverableB: other.delivery.deliverable, signatureB: other.signature };
}
