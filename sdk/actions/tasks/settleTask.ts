import { encodeFunctionData, parseEventLogs } from "viem";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { taskGas } from "../../transactions/taskGas.ts";
import { type AssignedUnit, assignedUnitOf } from "./assignedUnit.ts";

export interface SettleTaskParameters extends WriteParameters {
  readonly taskId: bigint;
}

export interface SettleTaskResult extends WriteResult {
  /** The awards; empty when nobody bid. */
  readonly assigned: readonly AssignedUnit[];
}

/**
 * Turns a tender's awards into funded jobs. Anyone may call it, once the reveal deadline has passed.
 * @example
 * ```ts
 * const { assigned } = await settleTask(client, { taskId });
 * ```
 */
export async function settleTask(client: AllotCore, parameters: SettleTaskParameters): Promise<SettleTaskResult> {
  const { taskId } = parameters;
  const gas = parameters.gas ?? (await taskGas(client, taskId)).settle;
  const data = encodeFunctionData({ abi: taskMarketAbi, functionName: "settle", args: [taskId] });
  const result = await sendTransaction(client, { to: client.allot.rules.taskMarket, data, gas });
  const events = parseEventLogs({ abi: taskMarketAbi, logs: result.receipt.logs, eventName: "UnitAssigned" });
  return { ...result, assigned: events.map((event) => assignedUnitOf(event.args)) };
}
