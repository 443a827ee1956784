import { encodeFunctionData, parseEventLogs, parseSignature } from "viem";
import { easAbi } from "../../abis/eas.ts";
import type { DelegatedAttestation } from "../../attestations/signAttestation.ts";
import type { AllotCore } from "../../clients/context.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters } from "../../transactions/sendTransaction.ts";
import type { AttestCapabilityResult } from "./attestCapability.ts";

export interface AttestByDelegationParameters extends DelegatedAttestation, WriteParameters {}

/**
 * Makes an attestation that its attester signed. Any account may send it. Throws `RevertedError`: `InvalidSignature` for
 * a forged one, and for one whose number is not the attester's next; `DeadlineExpired`; `CapabilityInvalidAttester`.
 * @example
 * ```ts
 * const { uid } = await attestByDelegation(client, attestation);
 * ```
 */
export async function attestByDelegation(
  client: AllotCore,
  { request, signature, gas }: AttestByDelegationParameters,
): Promise<AttestCapabilityResult> {
  const { attester, schema, recipient, expirationTime, revocable, refUID, value, deadline } = request;
  const content = { recipient, expirationTime, revocable, refUID, data: request.data, value };
  const { r, s, yParity } = parseSignature(signature);
  const signed = { schema, data: content, signature: { v: 27 + yParity, r, s }, attester, deadline };
  const data = encodeFunctionData({ abi: easAbi, functionName: "attestByDelegation", args: [signed] });
  const result = await sendTransaction(client, { to: client.allot.rules.eas, data, gas });
  const events = parseEventLogs({ abi: easAbi, logs: result.receipt.logs, eventName: "Attested" });
  return { ...result, uid: requireEvent(events, "Attested").args.uid };
}
