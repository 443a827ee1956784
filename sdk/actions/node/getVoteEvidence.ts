import type { Address } from "viem";
import type { AllotCore } from "../../clients/context.ts";
import type { VoteEvidenceFile } from "../../evidence/evidenceFile.ts";
import { exportVoteEvidence, type SignedVoteStatement } from "../../evidence/exportEvidence.ts";
import { requestAllot } from "./request.ts";

export interface GetVoteEvidenceParameters {
  /** Only against this validator. */
  readonly validator?: Address;
}

/** As a node gives it. */
interface NodeEvidence {
  readonly validator: Address;
  readonly statements: readonly [SignedVoteStatement, SignedVoteStatement];
}

/**
 * What the node that answers has against validators: two votes each that no honest validator casts both of, as files that
 * `verifyEvidence` checks and `submitEvidence` submits. Others may have other evidence: ask several nodes.
 * @example
 * ```ts
 * for (const evidence of await getVoteEvidence(client)) await submitEvidence(client, { evidence });
 * ```
 */
export async function getVoteEvidence(
  client: AllotCore,
  { validator }: GetVoteEvidenceParameters = {},
): Promise<readonly VoteEvidenceFile[]> {
  const parameters = validator === undefined ? [] : [validator];
  const [network, found] = await Promise.all([
    client.allot.network(),
    requestAllot<readonly NodeEvidence[]>(client, "allot_getEvidence", parameters),
  ]);
  return found.map(({ validator: offender, statements: [first, second] }) =>
    exportVoteEvidence(network, offender, first, second),
  );
}
