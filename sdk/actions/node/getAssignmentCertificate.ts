import { numberToHex } from "viem";
import type { AssignmentCertificate } from "../../../node/types/assignmentCertificate.ts";
import type { AllotCore } from "../../clients/context.ts";
import type { UnitParameters } from "../tasks/getAssignment.ts";
import { requestAllot } from "./request.ts";

export interface GetAssignmentCertificateParameters extends UnitParameters {
  /** Epoch of the validator set that the verifier has, the first unless given: the certificate goes on from there. */
  readonly knownEpoch?: number;
}

/**
 * A proof that a unit belongs to an agent, for anybody who knows the validators (`verifyAssignmentCertificate`). It
 * speaks of the last block that can be proven, which follows an assignment by one block.
 * @example
 * ```ts
 * const certificate = await getAssignmentCertificate(client, { taskId: 12n });
 * const { agentId, price } = await verifyAssignmentCertificate(certificate, validatorSet);
 * ```
 */
export function getAssignmentCertificate(
  client: AllotCore,
  parameters: GetAssignmentCertificateParameters,
): Promise<AssignmentCertificate> {
  const { taskId, unit = 0, knownEpoch = 0 } = parameters;
  return requestAllot(client, "allot_getAssignmentCertificate", [numberToHex(taskId), unit, knownEpoch]);
}
