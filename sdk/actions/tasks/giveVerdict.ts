import { encodeFunctionData, type Hex, zeroHash } from "viem";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface VerdictParameters extends WriteParameters {
  readonly taskId: bigint;
  /** 0 unless given. */
  readonly unit?: number;
  /** Anything the evaluator wants on record, for example the hash of its report. */
  readonly reason?: Hex;
}

/**
 * Accepts a delivery, by the task's evaluator: the agent is paid, at once when the task has no dispute window.
 * @example
 * ```ts
 * await completeTask(evaluatorClient, { taskId });
 * ```
 */
export const completeTask = (client: AllotCore, parameters: VerdictParameters): Promise<WriteResult> =>
  giveVerdict(client, parameters, true);

/**
 * Rejects a delivery, by the task's evaluator: the requester is refunded. Where the award binds the price, not before
 * the delivery deadline has passed.
 * @example
 * ```ts
 * await rejectTask(evaluatorClient, { taskId, reason: keccak256(report) });
 * ```
 */
export const rejectTask = (client: AllotCore, parameters: VerdictParameters): Promise<WriteResult> =>
  giveVerdict(client, parameters, false);

function giveVerdict(client: AllotCore, parameters: VerdictParameters, accepted: boolean): Promise<WriteResult> {
  const { taskId, unit = 0, reason = zeroHash, gas = gasOf.giveVerdict } = parameters;
  const args = [taskId, BigInt(unit), accepted, reason] as const;
  const data = encodeFunctionData({ abi: taskMarketAbi, functionName: "giveVerdict", args });
  return sendTransaction(client, { to: client.allot.rules.taskMarket, data, gas });
}
