import { type DelegatedAttestation, signAttestation } from "../../attestations/signAttestation.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { type CapabilityParameters, readRequestPlace } from "./capabilityRequest.ts";
import { lockAttestation } from "./lockAttestation.ts";
import { readEasNonce } from "./readEasNonce.ts";

export interface SignDelegatedAttestationParameters extends CapabilityParameters {
  /** The attester's next number at EAS unless given. Of several signed at once, each needs the next one. */
  readonly nonce?: bigint;
  /** Last second at which it can be sent; a day from now unless given, 0 for no limit. */
  readonly deadline?: bigint;
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
  const { rules, signLock } = client.allot;
  const [{ recipient }, network, nonce] = await Promise.all([
    readRequestPlace(client, parameters.agentId),
    client.allot.network(),
    parameters.nonce ?? readEasNonce(client, account.address),
  ]);
  // With a look at the chain, which signing by itself does not take.
  await lockAttestation(client, parameters);
  const own = signLock === undefined ? {} : { signLock };
  return signAttestation(account, { ...own, ...parameters, network, rules, recipient, nonce });
}
