import { encodeEventTopics, parseEventLogs } from "viem";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { type AssignedUnit, assignedUnitOf } from "../tasks/assignedUnit.ts";
import { followLogs, type Unwatch, type WatchParameters } from "./followLogs.ts";

export interface WatchAssignmentsParameters extends WatchParameters {
  /** Awaited before the next one is handed over. */
  readonly onAssignment: (assigned: AssignedUnit & { readonly blockNumber: bigint }) => void | Promise<void>;
}

/**
 * Calls back for each unit that an agent gets, by award or reassignment, once and in order.
 * @example
 * ```ts
 * const unwatch = watchAssignments(client, { onAssignment: ({ taskId, agentId, price }) => show(taskId, agentId, price) });
 * ```
 */
export function watchAssignments(client: AllotCore, parameters: WatchAssignmentsParameters): Unwatch {
  const topics = encodeEventTopics({ abi: taskMarketAbi, eventName: "UnitAssigned" });
  return followLogs(client, {
    ...parameters,
    address: client.allot.rules.taskMarket,
    topics: [topics[0]],
    async onLog(log) {
      const events = parseEventLogs({ abi: taskMarketAbi, logs: [log], eventName: "UnitAssigned" });
      for (const { args, blockNumber } of events) {
        await parameters.onAssignment({ ...assignedUnitOf(args), blockNumber });
      }
    },
  });
}
