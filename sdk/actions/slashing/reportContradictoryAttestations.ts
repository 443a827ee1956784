import { contradictoryAttestationsAbi } from "../../abis/contradictoryAttestations.ts";
import type { AllotCore } from "../../clients/context.ts";
import { type AttestationContradiction, attestationEvidenceOf } from "./attestationEvidence.ts";
import { type ReportParameters, type ReportResult, reportEvidence } from "./reportEvidence.ts";

export interface ReportContradictoryAttestationsParameters extends AttestationContradiction, ReportParameters {}

/**
 * Reports an attester that said two different things of one agent, one capability and one test run: its stake is slashed
 * and it is suspended, and what it attested counts no more. Anyone of another organisation is rewarded
 * (`withdrawReward` with `register: "attesters"`).
 *
 * The evidence is checked before anything is sent: `RevertedError` says what is wrong with it.
 * @example
 * ```ts
 * const report = await reportContradictoryAttestations(client, { attester, first: signed, second: { uid } });
 * ```
 */
export async function reportContradictoryAttestations(
  client: AllotCore,
  parameters: ReportContradictoryAttestationsParameters,
): Promise<ReportResult> {
  const { rules } = client.allot;
  const evidence = attestationEvidenceOf(rules, parameters);
  const module = { address: rules.contradictoryAttestations, abi: contradictoryAttestationsAbi, evidence };
  return reportEvidence(client, module, parameters);
}
