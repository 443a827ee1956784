import { encodeFunctionData } from "viem";
import { reputationRegistryAbi } from "../../abis/reputationRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface RevokeFeedbackParameters extends WriteParameters {
  readonly agentId: bigint;
  /** Counts from 1 for each agent and client. */
  readonly feedbackIndex: bigint;
}

/**
 * Takes the account's own feedback back: it no longer counts, and stays readable. Throws `RevertedError`
 * (`ReputationFeedbackUnknown`, `ReputationFeedbackRevoked`).
 * @example
 * ```ts
 * await revokeFeedback(client, { agentId: 7n, feedbackIndex: 1n });
 * ```
 */
export async function revokeFeedback(client: AllotCore, parameters: RevokeFeedbackParameters): Promise<WriteResult> {
  const { agentId, feedbackIndex, gas } = parameters;
  const args = [agentId, feedbackIndex] as const;
  const data = encodeFunctionData({ abi: reputationRegistryAbi, functionName: "revokeFeedback", args });
  return sendTransaction(client, { to: client.allot.rules.reputationRegistry, data, gas });
}
