import { bidEquivocationAbi } from "../../abis/bidEquivocation.ts";
import type { AllotCore } from "../../clients/context.ts";
import { type BidContradiction, bidEvidenceOf } from "./bidEvidence.ts";
import { type ReportParameters, type ReportResult, reportEvidence } from "./reportEvidence.ts";

export type ReportBidEquivocationParameters = BidContradiction & ReportParameters;

/**
 * Reports an agent that made two different commitments to one tender: its stake is slashed and it is suspended. Anyone
 * of another organisation is rewarded.
 *
 * The evidence is checked before anything is sent: `RevertedError` says what is wrong with it.
 * @example
 * ```ts
 * const { taken } = await reportBidEquivocation(client, { first: signedBid, second: otherSignedBid });
 * ```
 */
export async function reportBidEquivocation(
  client: AllotCore,
  parameters: ReportBidEquivocationParameters,
): Promise<ReportResult> {
  const { rules } = client.allot;
  const evidence = bidEvidenceOf(rules, parameters);
  return await reportEvidence(
    client,
    { address: rules.bidEquivocation, abi: bidEquivocationAbi, evidence },
    parameters,
  );
}
