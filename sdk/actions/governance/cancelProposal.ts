import { encodeFunctionData } from "viem";
import { operatorsAbi } from "../../abis/operators.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface CancelProposalParameters extends WriteParameters {
  readonly proposalId: bigint;
}

/**
 * Ends a proposal for good; by the operator that proposed it. A quorum cancels another's by proposing `cancel` of the
 * Operators contract, which waits for no delay.
 *
 * Throws `RevertedError` (`OperatorsNotProposer`, `OperatorsNotOpen`).
 * @example
 * ```ts
 * await cancelProposal(client, { proposalId: 4n });
 * ```
 */
export async function cancelProposal(client: AllotCore, parameters: CancelProposalParameters): Promise<WriteResult> {
  const { proposalId, gas } = parameters;
  const data = encodeFunctionData({ abi: operatorsAbi, functionName: "cancel", args: [proposalId] });
  return await sendTransaction(client, { to: client.allot.rules.operators, data, gas });
}
