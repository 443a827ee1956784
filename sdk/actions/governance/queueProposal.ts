import { encodeFunctionData } from "viem";
import { operatorsAbi } from "../../abis/operators.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { type QueuedCall, queuedCallOf } from "./queuedCall.ts";

export interface QueueProposalParameters extends WriteParameters {
  readonly proposalId: bigint;
}

export interface QueueProposalResult extends WriteResult {
  /** When it can be executed. */
  readonly queued: QueuedCall | undefined;
}

/**
 * Queues a pending proposal that a quorum approves without anybody's new approval, since the quorum was lowered; by
 * anyone.
 *
 * Throws `RevertedError` (`OperatorsNoQuorum`, `OperatorsNotPending`).
 * @example
 * ```ts
 * const { queued } = await queueProposal(client, { proposalId: 4n });
 * ```
 */
export async function queueProposal(
  client: AllotCore,
  parameters: QueueProposalParameters,
): Promise<QueueProposalResult> {
  const { proposalId, gas } = parameters;
  const data = encodeFunctionData({ abi: operatorsAbi, functionName: "queue", args: [proposalId] });
  const result = await sendTransaction(client, { to: client.allot.rules.operators, data, gas });
  return { ...result, queued: queuedCallOf(result.receipt) };
}
