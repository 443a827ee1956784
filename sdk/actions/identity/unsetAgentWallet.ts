import { encodeFunctionData } from "viem";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface UnsetAgentWalletParameters extends WriteParameters {
  readonly agentId: bigint;
}

/**
 * Clears an agent's wallet (ERC-8004); by its owner or an account that it approved. Throws `RevertedError`
 * (`IdentityUnauthorized`).
 * @example
 * ```ts
 * await unsetAgentWallet(client, { agentId });
 * ```
 */
export function unsetAgentWallet(client: AllotCore, parameters: UnsetAgentWalletParameters): Promise<WriteResult> {
  const { agentId, gas } = parameters;
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "unsetAgentWallet", args: [agentId] });
  return sendTransaction(client, { to: client.allot.rules.identityRegistry, data, gas });
}
