import type { Address } from "viem";
import { readContract } from "viem/actions";
import { reputationRegistryAbi } from "../../abis/reputationRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/** What a client said of an agent: `value` / 10^`valueDecimals`. */
export interface Feedback {
  readonly agentId: bigint;
  readonly client: Address;
  /** Counts from 1 for each agent and client. */
  readonly feedbackIndex: bigint;
  readonly value: bigint;
  readonly valueDecimals: number;
  readonly tag1: string;
  readonly tag2: string;
  readonly revoked: boolean;
}

export interface ReadFeedbackParameters {
  readonly agentId: bigint;
  readonly client: Address;
  readonly feedbackIndex: bigint;
}

/**
 * Reads one feedback, revoked or not. Throws `RevertedError` (`ReputationFeedbackUnknown`).
 * @example
 * ```ts
 * const { value, valueDecimals, revoked } = await readFeedback(client, { agentId: 7n, client: requester, feedbackIndex: 1n });
 * ```
 */
export async function readFeedback(client: AllotCore, parameters: ReadFeedbackParameters): Promise<Feedback> {
  const { agentId, client: author, feedbackIndex } = parameters;
  const registry = { address: client.allot.rules.reputationRegistry, abi: reputationRegistryAbi } as const;
  const args = [agentId, author, feedbackIndex] as const;
  const call = readContract(client, { ...registry, functionName: "readFeedback", args });
  const [value, valueDecimals, tag1, tag2, revoked] = await callRules(call);
  return { agentId, client: author, feedbackIndex, value, valueDecimals, tag1, tag2, revoked };
}
