import { encodeFunctionData } from "viem";
import { operatorsAbi } from "../../abis/operators.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { type QueuedCall, queuedCallOf } from "./queuedCall.ts";

export interface ApproveProposalParameters extends WriteParameters {
  readonly proposalId: bigint;
}

export interface ApproveProposalResult extends WriteResult {
  /** Set by the approval that made the quorum. */
  readonly queued: QueuedCall | undefined;
}

/**
 * Approves a proposal; by an operator. The approval that makes the quorum queues the call.
 *
 * Throws `RevertedError` (`OperatorsUnauthorized`, `OperatorsAlreadyApproved`, `OperatorsNotOpen`).
 * @example
 * ```ts
 * const { queued } = await approveProposal(client, { proposalId: 4n });
 * ```
 */
export async function approveProposal(
  client: AllotCore,
  parameters: ApproveProposalParameters,
): Promise<ApproveProposalResult> {
  const { proposalId, gas } = parameters;
  const data = encodeFunctionData({ abi: operatorsAbi, functionName: "approve", args: [proposalId] });
  const result = await sendTransaction(client, { to: client.allot.rules.operators, data, gas });
  return { ...result, queued: queuedCallOf(result.receipt) };
}
