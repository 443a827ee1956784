import { readContract } from "viem/actions";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/**
 * How many tasks have been posted; their ids count from 1.
 * @example
 * ```ts
 * const count = await getTaskCount(client);
 * ```
 */
export function getTaskCount(client: AllotCore): Promise<bigint> {
  const market = { address: client.allot.rules.taskMarket, abi: taskMarketAbi } as const;
  return callRules(readContract(client, { ...market, functionName: "taskCount" }));
}
