import { deliveryEquivocationAbi } from "../../abis/deliveryEquivocation.ts";
import type { AllotCore } from "../../clients/context.ts";
import { type DeliveryContradiction, deliveryEvidenceOf } from "./deliveryEvidence.ts";
import { type ReportParameters, type ReportResult, reportEvidence } from "./reportEvidence.ts";

export type ReportDeliveryEquivocationParameters = DeliveryContradiction & ReportParameters;

/**
 * Reports an agent that made two different deliveries for one job: its stake is slashed and it is suspended. Anyone of
 * another organisation is rewarded.
 *
 * The evidence is checked before anything is sent: `RevertedError` says what is wrong with it.
 * @example
 * ```ts
 * const { taken } = await reportDeliveryEquivocation(client, { first: signedDelivery, submitted: true });
 * ```
 */
export async function reportDeliveryEquivocation(
  client: AllotCore,
  parameters: ReportDeliveryEquivocationParameters,
): Promise<ReportResult> {
  const { rules } = client.allot;
  const evidence = deliveryEvidenceOf(rules, parameters);
  const module = { address: rules.deliveryEquivocation, abi: deliveryEquivocationAbi, evidence };
  return await reportEvidence(client, module, parameters);
}
