import { encodeFunctionData } from "viem";
import { operatorsAbi } from "../../abis/operators.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface WithdrawApprovalParameters extends WriteParameters {
  readonly proposalId: bigint;
}

/**
 * Takes back one's approval of a proposal, queued or not: without its quorum a call is not executed.
 *
 * Throws `RevertedError` (`OperatorsNotApproved`, `OperatorsNotOpen`).
 * @example
 * ```ts
 * await withdrawApproval(client, { proposalId: 4n });
 * ```
 */
export async function withdrawApproval(
  client: AllotCore,
  parameters: WithdrawApprovalParameters,
): Promise<WriteResult> {
  const { proposalId, gas } = parameters;
  const data = encodeFunctionData({ abi: operatorsAbi, functionName: "withdrawApproval", args: [proposalId] });
  return await sendTransaction(client, { to: client.allot.rules.operators, data, gas });
}
