import { encodeEventTopics } from "viem";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { followLogs, type Unwatch, type WatchParameters } from "./followLogs.ts";
import { type PostedTask, postedTasksOf } from "./postedTask.ts";

export interface WatchTasksParameters extends WatchParameters {
  /** Awaited before the next task is handed over. */
  readonly onTask: (task: PostedTask) => void | Promise<void>;
}

/**
 * Calls back for each task that is posted, once and in order.
 * @example
 * ```ts
 * const unwatch = watchTasks(client, { onTask: (task) => console.log(task.taskId, task.uri) });
 * ```
 */
export function watchTasks(client: AllotCore, parameters: WatchTasksParameters): Unwatch {
  const topics = encodeEventTopics({ abi: taskMarketAbi, eventName: "TaskPosted" });
  return followLogs(client, {
    ...parameters,
    address: client.allot.rules.taskMarket,
    topics: [topics[0]],
    async onLog(log) {
      for (const task of postedTasksOf(client, [log])) await parameters.onTask(task);
    },
  });
}
