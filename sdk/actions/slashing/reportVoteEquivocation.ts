import type { Address } from "viem";
import { voteEquivocationAbi } from "../../abis/voteEquivocation.ts";
import type { AllotCore } from "../../clients/context.ts";
import type { SignedVoteStatement } from "../../evidence/exportEvidence.ts";
import { type ReportParameters, type ReportResult, reportEvidence } from "./reportEvidence.ts";
import { voteEvidenceOf } from "./voteEvidence.ts";

export interface ReportVoteEquivocationParameters extends ReportParameters {
  /** Address of the validator key. */
  readonly validator: Address;
  readonly first: SignedVoteStatement;
  readonly second: SignedVoteStatement;
}

/**
 * Reports a validator that cast two votes in one view which no honest validator casts both of: its whole stake is
 * slashed, its key barred, and it is out of the next set within the automatic limit. Anyone of another organisation is
 * rewarded.
 *
 * The evidence is checked before anything is sent: `RevertedError` says what is wrong with it.
 * @example
 * ```ts
 * const { taken } = await reportVoteEquivocation(client, { validator, first: nullify, second: finalize });
 * ```
 */
export async function reportVoteEquivocation(
  client: AllotCore,
  parameters: ReportVoteEquivocationParameters,
): Promise<ReportResult> {
  const { validator, first, second } = parameters;
  const module = { address: client.allot.rules.voteEquivocation, abi: voteEquivocationAbi };
  return await reportEvidence(client, { ...module, evidence: voteEvidenceOf(validator, first, second) }, parameters);
}
