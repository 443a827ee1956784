import { encodeFunctionData, type Hex } from "viem";
import { easAbi } from "../../abis/eas.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { readSchemaId } from "./readSchemaId.ts";

export interface RevokeCapabilityParameters extends WriteParameters {
  /** From `attestCapability`, `attestByDelegation` or `getAttestations`. */
  readonly uid: Hex;
}

/**
 * Revokes an attestation, by its attester: bids that need the capability are refused from that block on. It is never
 * refused for reasons of the market, be the attester delisted or slashed, or the agent transferred. Throws
 * `RevertedError`: `AccessDenied` for another account, `AlreadyRevoked`, `NotFound`.
 * @example
 * ```ts
 * await revokeCapability(attesterClient, { uid });
 * ```
 */
export async function revokeCapability(
  client: AllotCore,
  parameters: RevokeCapabilityParameters,
): Promise<WriteResult> {
  const { uid, gas } = parameters;
  const schema = await readSchemaId(client);
  const args = [{ schema, data: { uid, value: 0n } }] as const;
  const data = encodeFunctionData({ abi: easAbi, functionName: "revoke", args });
  return sendTransaction(client, { to: client.allot.rules.eas, data, gas });
}
