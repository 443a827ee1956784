import { encodeEventTopics, type Hex, type Log, numberToHex } from "viem";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { inStretches } from "../../transactions/inStretches.ts";
import { type PostedTask, postedTasksOf } from "../watch/postedTask.ts";

export interface GetPostingParameters {
  readonly taskId: bigint;
  /** First block to look at; 0 unless given. */
  readonly fromBlock?: bigint;
}

/**
 * A task as it was posted: its uri and deadlines stand in the event alone. Undefined when there is none.
 * @example
 * ```ts
 * const { uri } = (await getPosting(client, { taskId: 12n })) ?? {};
 * ```
 */
export async function getPosting(
  client: AllotCore,
  { taskId, fromBlock = 0n }: GetPostingParameters,
): Promise<PostedTask | undefined> {
  const topics = encodeEventTopics({ abi: taskMarketAbi, eventName: "TaskPosted", args: { taskId } });
  const filter = { address: client.allot.rules.taskMarket, topics: topics as Hex[] };
  const logs = await inStretches(client, fromBlock, async (stretch) => {
    const found = await client.request({
      method: "eth_getLogs",
      params: [{ ...filter, fromBlock: numberToHex(stretch.fromBlock), toBlock: numberToHex(stretch.toBlock) }],
    });
    return found as unknown as Log[];
  });
  const [posted] = postedTasksOf(client, logs);
  return posted === undefined ? undefined : { ...posted, blockNumber: BigInt(posted.blockNumber) };
}
