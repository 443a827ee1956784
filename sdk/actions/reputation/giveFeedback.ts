import { encodeFunctionData, type Hex, parseEventLogs, zeroHash } from "viem";
import { reputationRegistryAbi } from "../../abis/reputationRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface GiveFeedbackParameters extends WriteParameters {
  readonly agentId: bigint;
  /** The feedback is `value` / 10^`valueDecimals`; 128 bits with sign. */
  readonly value: bigint;
  /** 0, unless given, to 18. */
  readonly valueDecimals?: number;
  readonly tag1?: string;
  readonly tag2?: string;
  /** What was used of the agent. */
  readonly endpoint?: string;
  /** A file that says more, and its keccak256. */
  readonly uri?: string;
  readonly fileHash?: Hex;
}

export interface GiveFeedbackResult extends WriteResult {
  /** Counts from 1 for each agent and client. */
  readonly feedbackIndex: bigint;
}

/**
 * Gives an agent feedback after ERC-8004, the account being the client. Throws `RevertedError`: `ReputationSelfFeedback`
 * for the agent's owner and those it approved, `ReputationDecimalsTooMany`, `ERC721NonexistentToken`.
 * @example
 * ```ts
 * const { feedbackIndex } = await giveFeedback(client, { agentId: 7n, value: 87n, tag1: "starred" });
 * ```
 */
export async function giveFeedback(client: AllotCore, parameters: GiveFeedbackParameters): Promise<GiveFeedbackResult> {
  const { agentId, value, valueDecimals = 0, tag1 = "", tag2 = "", endpoint = "", uri = "", gas } = parameters;
  const args = [agentId, value, valueDecimals, tag1, tag2, endpoint, uri, parameters.fileHash ?? zeroHash] as const;
  const data = encodeFunctionData({ abi: reputationRegistryAbi, functionName: "giveFeedback", args });
  const result = await sendTransaction(client, { to: client.allot.rules.reputationRegistry, data, gas });
  const events = parseEventLogs({ abi: reputationRegistryAbi, logs: result.receipt.logs, eventName: "NewFeedback" });
  return { ...result, feedbackIndex: requireEvent(events, "NewFeedback").args.feedbackIndex };
}
