import { encodeFunctionData, type Hex } from "viem";
import { capabilityResolverAbi } from "../../abis/capabilityResolver.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface RefreshCapabilityParameters extends WriteParameters {
  /** An attestation that stands (`getAttestations`). */
  readonly uid: Hex;
}

/**
 * Makes an attestation that stands count, after what counted in its place was revoked, expired, or fell with its attester.
 * Anyone may call it. Throws `RevertedError`: `CapabilityNotStanding`, `CapabilityNotBetter`, `CapabilityInvalidAttester`.
 * @example
 * ```ts
 * await refreshCapability(client, { uid });
 * ```
 */
export function refreshCapability(client: AllotCore, { uid, gas }: RefreshCapabilityParameters): Promise<WriteResult> {
  const data = encodeFunctionData({ abi: capabilityResolverAbi, functionName: "refresh", args: [uid] });
  return sendTransaction(client, { to: client.allot.rules.capabilityResolver, data, gas });
}
