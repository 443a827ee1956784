import { type Address, encodeFunctionData, type Hex, zeroHash } from "viem";
import { reputationRegistryAbi } from "../../abis/reputationRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface AppendResponseParameters extends WriteParameters {
  readonly agentId: bigint;
  /** Who gave the feedback. */
  readonly client: Address;
  /** Counts from 1 for each agent and client. */
  readonly feedbackIndex: bigint;
  /** A file with the response, and its keccak256. */
  readonly uri: string;
  readonly fileHash?: Hex;
}

/**
 * Responds to feedback (ERC-8004): an agent that refunds, an auditor that tags spam. Anyone may. Throws `RevertedError`
 * (`ReputationFeedbackUnknown`).
 * @example
 * ```ts
 * await appendResponse(client, { agentId: 7n, client: requester, feedbackIndex: 1n, uri: "https://agent.example/refund" });
 * ```
 */
export function appendResponse(client: AllotCore, parameters: AppendResponseParameters): Promise<WriteResult> {
  const { agentId, client: author, feedbackIndex, uri, fileHash = zeroHash, gas } = parameters;
  const args = [agentId, author, feedbackIndex, uri, fileHash] as const;
  const data = encodeFunctionData({ abi: reputationRegistryAbi, functionName: "appendResponse", args });
  return sendTransaction(client, { to: client.allot.rules.reputationRegistry, data, gas });
}
