import { type Address, encodeFunctionData } from "viem";
import { readContract } from "viem/actions";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface TransferAgentParameters extends WriteParameters {
  readonly agentId: bigint;
  readonly to: Address;
}

/**
 * Gives an agent to another owner (ERC-721, without asking a receiver that is a contract). It clears wallet and bid key
 * and voids older attestations; stake, faults and reputation go along with the agent.
 *
 * Throws `RevertedError`: `IdentityAgentEngaged` while it has commitments, jobs, open faults or a suspension,
 * `ERC721InsufficientApproval`.
 * @example
 * ```ts
 * await transferAgent(client, { agentId, to: newOwner });
 * ```
 */
export async function transferAgent(client: AllotCore, parameters: TransferAgentParameters): Promise<WriteResult> {
  const { agentId, to, gas } = parameters;
  const { identityRegistry } = client.allot.rules;
  const identity = { address: identityRegistry, abi: identityRegistryAbi } as const;
  const owner = await callRules(readContract(client, { ...identity, functionName: "ownerOf", args: [agentId] }));
  const args = [owner, to, agentId] as const;
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "transferFrom", args });
  return sendTransaction(client, { to: identityRegistry, data, gas });
}
