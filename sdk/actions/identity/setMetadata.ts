import { encodeFunctionData, type Hex } from "viem";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface SetMetadataParameters extends WriteParameters {
  readonly agentId: bigint;
  /** Any but `agentWallet`, which is reserved. */
  readonly key: string;
  readonly value: Hex;
}

/**
 * Sets an agent's metadata under a key (ERC-8004); by its owner or an account that it approved. Throws `RevertedError`
 * (`IdentityUnauthorized`, `IdentityReservedKey`).
 * @example
 * ```ts
 * await setMetadata(client, { agentId, key: "kind", value: stringToHex("translator") });
 * ```
 */
export function setMetadata(client: AllotCore, parameters: SetMetadataParameters): Promise<WriteResult> {
  const { agentId, key, value, gas } = parameters;
  const args = [agentId, key, value] as const;
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "setMetadata", args });
  return sendTransaction(client, { to: client.allot.rules.identityRegistry, data, gas });
}
