import { encodeFunctionData, type Hex, parseEventLogs } from "viem";
import { easAbi } from "../../abis/eas.ts";
import type { AllotCore } from "../../clients/context.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { type CapabilityParameters, capabilityRequestOf, readRequestPlace } from "./capabilityRequest.ts";
import { lockAttestation } from "./lockAttestation.ts";

export interface AttestCapabilityParameters extends CapabilityParameters, WriteParameters {}

export interface AttestCapabilityResult extends WriteResult {
  /** EAS's id of the attestation: what `revokeCapability` takes. */
  readonly uid: Hex;
}

/**
 * Attests a capability of an agent on the Ethereum Attestation Service; by an attester that the operators accept and that
 * has its minimum stake. It replaces what the same attester attested before. With a test run it is made durable in the sign
 * lock first. Throws `RevertedError`: `CapabilityInvalidAttester`, `ERC721NonexistentToken`, `InvalidExpirationTime` for an
 * end in the past; `SignLockError`: `SIGN_LOCK_CONFLICT`, when something else was attested by the test run.
 * @example
 * ```ts
 * const { uid } = await attestCapability(attesterClient, { agentId, capability: "count-words", level: 2 });
 * ```
 */
export async function attestCapability(
  client: AllotCore,
  parameters: AttestCapabilityParameters,
): Promise<AttestCapabilityResult> {
  const request = capabilityRequestOf(await readRequestPlace(client, parameters.agentId), parameters);
  await lockAttestation(client, parameters);
  const data = encodeFunctionData({ abi: easAbi, functionName: "attest", args: [request] });
  const result = await sendTransaction(client, { to: client.allot.rules.eas, data, gas: parameters.gas });
  const events = parseEventLogs({ abi: easAbi, logs: result.receipt.logs, eventName: "Attested" });
  return { ...result, uid: requireEvent(events, "Attested").args.uid };
}
