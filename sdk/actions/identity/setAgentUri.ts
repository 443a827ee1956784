import { encodeFunctionData } from "viem";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface SetAgentUriParameters extends WriteParameters {
  readonly agentId: bigint;
  /** Where the agent's registration file is found; `registrationUriOf` puts the whole file into it. */
  readonly uri: string;
}

/**
 * Changes where an agent's registration file is found (ERC-8004); by its owner or an account that it approved. Throws
 * `RevertedError` (`IdentityUnauthorized`).
 * @example
 * ```ts
 * await setAgentUri(client, { agentId, uri: registrationUriOf(file) });
 * ```
 */
export function setAgentUri(client: AllotCore, { agentId, uri, gas }: SetAgentUriParameters): Promise<WriteResult> {
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "setAgentURI", args: [agentId, uri] });
  return sendTransaction(client, { to: client.allot.rules.identityRegistry, data, gas });
}
