import { encodeFunctionData, parseEventLogs } from "viem";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { taskGas } from "../../transactions/taskGas.ts";
import { type AssignedUnit, assignedUnitOf } from "./assignedUnit.ts";

export interface AcceptReassignmentParameters extends WriteParameters {
  readonly taskId: bigint;
  /** 0 unless given. */
  readonly unit?: number;
}

export interface AcceptReassignmentResult extends WriteResult {
  readonly assigned: AssignedUnit;
}

/**
 * Takes over a unit whose agent failed; by the bid key whose turn it is (`getCandidate`). Not to call is to decline.
 * @example
 * ```ts
 * const { assigned } = await acceptReassignment(client, { taskId });
 * ```
 */
export async function acceptReassignment(
  client: AllotCore,
  parameters: AcceptReassignmentParameters,
): Promise<AcceptReassignmentResult> {
  const { taskId, unit = 0 } = parameters;
  const gas = parameters.gas ?? (await taskGas(client, taskId)).reassign;
  const args = [taskId, BigInt(unit)] as const;
  const data = encodeFunctionData({ abi: taskMarketAbi, functionName: "acceptReassignment", args });
  const result = await sendTransaction(client, { to: client.allot.rules.taskMarket, data, gas });
  const events = parseEventLogs({ abi: taskMarketAbi, logs: result.receipt.logs, eventName: "UnitAssigned" });
  return { ...result, assigned: assignedUnitOf(requireEvent(events, "UnitAssigned").args) };
}
