import { encodeFunctionData } from "viem";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface CancelTaskParameters extends WriteParameters {
  readonly taskId: bigint;
}

/**
 * Ends a task that nobody has bid on; by its requester. The escrow can be withdrawn, the posting fee is gone.
 * @example
 * ```ts
 * await cancelTask(client, { taskId });
 * ```
 */
export function cancelTask(client: AllotCore, { taskId, gas }: CancelTaskParameters): Promise<WriteResult> {
  const data = encodeFunctionData({ abi: taskMarketAbi, functionName: "cancel", args: [taskId] });
  return sendTransaction(client, { to: client.allot.rules.taskMarket, data, gas });
}
