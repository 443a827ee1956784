import type { EpochCertificate } from "../../../node/types/epochCertificate.ts";
import type { AllotCore } from "../../clients/context.ts";
import { requestAllot } from "./request.ts";

export interface GetEpochCertificatesParameters {
  /** Epoch of the validator set that the verifier has. */
  readonly knownEpoch: number;
}

/**
 * How the validator sets of the epochs behind a known one follow from it, for `verifyEpochCertificate`: in order, up to the
 * present epoch or 256 of them. An empty list: the known epoch is the present one.
 * @example
 * ```ts
 * const certificates = await getEpochCertificates(client, { knownEpoch: validatorSet.epoch });
 * ```
 */
export const getEpochCertificates = (
  client: AllotCore,
  { knownEpoch }: GetEpochCertificatesParameters,
): Promise<readonly EpochCertificate[]> => requestAllot(client, "allot_getEpochCertificates", [knownEpoch]);
