import { encodeFunctionData, parseSignature } from "viem";
import { easAbi } from "../../abis/eas.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import type { DelegatedRevocation } from "./signDelegatedRevocation.ts";

export interface RevokeByDelegationParameters extends DelegatedRevocation, WriteParameters {}

/**
 * Revokes an attestation whose attester signed the revocation. Any account may send it. Throws `RevertedError`:
 * `InvalidSignature` for a forged one, and for one whose number is not the attester's next; `DeadlineExpired`.
 * @example
 * ```ts
 * await revokeByDelegation(client, revocation);
 * ```
 */
export function revokeByDelegation(
  client: AllotCore,
  { request, signature, gas }: RevokeByDelegationParameters,
): Promise<WriteResult> {
  const { revoker, schema, uid, value, deadline } = request;
  const { r, s, yParity } = parseSignature(signature);
  const signed = { schema, data: { uid, value }, signature: { v: 27 + yParity, r, s }, revoker, deadline };
  const data = encodeFunctionData({ abi: easAbi, functionName: "revokeByDelegation", args: [signed] });
  return sendTransaction(client, { to: client.allot.rules.eas, data, gas });
}
