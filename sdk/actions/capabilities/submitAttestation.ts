import { verifyAttestation } from "../../attestations/verifyAttestation.ts";
import type { AllotCore } from "../../clients/context.ts";
import { AttestationError } from "../../errors/attestationError.ts";
import type { WriteParameters } from "../../transactions/sendTransaction.ts";
import { attestByDelegation } from "./attestByDelegation.ts";
import type { AttestCapabilityResult } from "./attestCapability.ts";
import { readEasNonce } from "./readEasNonce.ts";

export interface SubmitAttestationParameters extends WriteParameters {
  /** The text of a file that holds a signed attestation, or its parsed JSON. */
  readonly attestation: unknown;
}

/**
 * Makes an attestation count that its attester signed into a file; by any account. The file is checked offline first, and
 * whether it is the attester's next (`AttestationError`); then as `attestByDelegation`.
 * @example
 * ```ts
 * const { uid } = await submitAttestation(client, { attestation: await readFile("attestation.json", "utf8") });
 * ```
 */
export async function submitAttestation(
  client: AllotCore,
  { attestation: source, gas }: SubmitAttestationParameters,
): Promise<AttestCapabilityResult> {
  const network = await client.allot.network();
  const { attestation } = await verifyAttestation(source, { ...network, rules: client.allot.rules });
  const { attester, nonce } = attestation.request;
  const next = await readEasNonce(client, attester);
  if (nonce !== next) {
    const message =
      nonce < next
        ? "The attester has had a request with this number taken already: this one was sent before, or another instead of it. Have it signed again if it does not count yet."
        : "The attester signed others before it, and EAS takes them in order. Send those first, or have this one signed again.";
    throw new AttestationError("ATTESTATION_OUT_OF_ORDER", message, { facts: { attester, nonce, next } });
  }
  return attestByDelegation(client, { ...attestation, gas });
}
