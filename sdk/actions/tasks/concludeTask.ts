import { encodeFunctionData, parseEventLogs } from "viem";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { taskGas } from "../../transactions/taskGas.ts";
import type { UnitStatus } from "./taskStatus.ts";

export interface ConcludeTaskParameters extends WriteParameters {
  readonly taskId: bigint;
  /** 0 unless given. */
  readonly unit?: number;
}

export interface ConcludeTaskResult extends WriteResult {
  /** What became of the unit. */
  readonly outcome: Extract<UnitStatus, "paid" | "refunded" | "offered">;
  /** True when the agent delivered nothing in time and was slashed for it. */
  readonly noShow: boolean;
}

/**
 * Ends what recorded facts and the clock decide: nothing delivered in time (the agent is slashed, the unit offered to
 * the ranked losers or refunded), evaluator silent (paid), dispute window over, nobody left to take over (refunded).
 * Anyone may call it.
 * @example
 * ```ts
 * const { outcome, noShow } = await concludeTask(client, { taskId });
 * ```
 */
export async function concludeTask(client: AllotCore, parameters: ConcludeTaskParameters): Promise<ConcludeTaskResult> {
  const { taskId, unit = 0 } = parameters;
  const gas = parameters.gas ?? (await taskGas(client, taskId)).reassign;
  const data = encodeFunctionData({ abi: taskMarketAbi, functionName: "conclude", args: [taskId, BigInt(unit)] });
  const result = await sendTransaction(client, { to: client.allot.rules.taskMarket, data, gas });
  const events = parseEventLogs({ abi: taskMarketAbi, logs: result.receipt.logs });
  const made = (name: string) => events.some((event) => event.eventName === name);
  const ended = made("UnitPaid") ? "paid" : "refunded";
  return { ...result, outcome: made("UnitOffered") ? "offered" : ended, noShow: made("NoShowRecorded") };
}
