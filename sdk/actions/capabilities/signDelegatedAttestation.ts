import type { Hex } from "viem";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { type AttestationRequest, easDomain, signAttestationRequest } from "../../typedData/attestation.ts";
import { type CapabilityParameters, capabilityRequest } from "./capabilityRequest.ts";
import { lockAttestation } from "./lockAttestation.ts";
import { readEasNonce } from "./readEasNonce.ts";
import { requestDeadline } from "./requestDeadline.ts";

export interface SignDelegatedAttestationParameters extends CapabilityParameters {
  /** The attester's next number at EAS unless given. Of several signed at once, each needs the next one. */
  readonly nonce?: bigint;
  /** Last second at which it can be sent; a day from now unless given, 0 for no limit. */
  readonly deadline?: bigint;
}

/** An attestation that anyone can send for its attester. */
export interface DelegatedAttestation {
  readonly request: AttestationRequest;
  /** 65 bytes, by the attester. */
  readonly signature: Hex;
}

/**
 * Signs an attestation of a capability, without sending anything: whoever has it makes it count with
 * `attestByDelegation`, and pays for it. It is a statement from now on, sent or not: another one of the same test run
 * with another level or report would cost the attester's stake, so with a test run it is made durable in the sign lock
 * first. Throws `SignLockError` with `SIGN_LOCK_CONFLICT` when something else was attested by the test run.
 * @example
 * ```ts
 * const attestation = await signDelegatedAttestation(attesterClient, { agentId, capability: "count-words", level: 2 });
 * await attestByDelegation(agentClient, attestation);
 * ```
 */
export async function signDelegatedAttestation(
  client: AllotCore,
  parameters: SignDelegatedAttestationParameters,
): Promise<DelegatedAttestation> {
  const account = requireAccount(client);
  const attester = account.address;
  const [{ schema, data }, { chainId }, nonce] = await Promise.all([
    capabilityRequest(client, parameters),
    client.allot.network(),
    parameters.nonce ?? readEasNonce(client, attester),
  ]);
  const request = { attester, schema, ...data, nonce, deadline: requestDeadline(parameters.deadline) };
  await lockAttestation(client, parameters);
  const domain = easDomain({ chainId, verifyingContract: client.allot.rules.eas });
  return { request, signature: await signAttestationRequest(account, domain, request) };
}
