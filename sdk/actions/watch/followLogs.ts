// Follows events of the rules by asking for them again and again, which works over HTTP, outlives restarts of a node
// and moves to another node with viem's fallback transport.
import { type Address, type Hex, type Log, numberToHex } from "viem";
import type { AllotCore } from "../../clients/context.ts";
import { ClientError } from "../../errors/clientError.ts";
import { sleep } from "../../transactions/sleep.ts";

export interface WatchParameters {
  /** First block to look at; the one after the present unless given. To resume, the block after the last one seen. */
  readonly fromBlock?: bigint;
  /**
   * Called when a node did not answer, or answered with an error; and, with a `ClientError` (`CALLBACK_FAILED`) around what
   * was thrown, when the watch's own callback failed. The watch goes on: after a failed callback with the same event.
   */
  readonly onError?: (error: unknown) => void;
  /** Called each time a node has answered, whether or not something happened. */
  readonly onPoll?: () => void;
  /** The client's unless given. */
  readonly pollIntervalMs?: number;
}

/** Ends a watch. Calling it twice does nothing. */
export type Unwatch = () => void;

type FoundLog = Log<bigint, number, false>;

interface FollowedLogs extends WatchParameters {
  readonly address: Address | readonly Address[];
  readonly topics: readonly [Hex | readonly Hex[]];
}

/** One or the other of the two callbacks. */
export type FollowLogsParameters = FollowedLogs &
  (
    | {
        /** Called for each stretch of blocks, also for one without events; awaited before the next. A stretch that failed
         * midway comes again as a whole. */
        readonly onLogs: (logs: readonly FoundLog[], toBlock: bigint, fromBlock: bigint) => void | Promise<void>;
      }
    | {
        /** Called for each event, awaited before the next. One that failed comes again, and none before it. */
        readonly onLog: (log: FoundLog) => void | Promise<void>;
      }
  );

/** Blocks asked for at once when catching up. */
const stretchBlocksMax = 1_000n;

/** Awaits a watch's own callback, so that its failures are told from those of nodes. */
export async function handOver(blockNumber: bigint, callback: () => void | Promise<void>): Promise<void> {
  try {
    await callback();
  } catch (cause) {
    throw new ClientError(
      "CALLBACK_FAILED",
      "The callback of a watch failed. The watch goes on, and hands the same event over again.",
      { facts: { blockNumber }, cause },
    );
  }
}

/**
 * Hands over each event once and in order.
 *
 * A node behind the others may answer a query for blocks it does not have yet with too little. So a stretch counts only
 * up to what the answering node has afterwards, too.
 */
export function followLogs(client: AllotCore, parameters: FollowLogsParameters): Unwatch {
  const { address, topics, onError = () => undefined, onPoll, pollIntervalMs = client.pollingInterval } = parameters;
  let ended = false;
  let next = parameters.fromBlock;
  /** Events of the blocks from `next` on that have been handed over: a stretch that failed midway is asked for again. */
  let handed = 0;

  const give = async (logs: readonly FoundLog[], to: bigint, from: bigint): Promise<void> => {
    if ("onLogs" in parameters) return parameters.onLogs(logs, to, from);
    for (const log of logs.slice(handed)) {
      if (ended) return;
      await handOver(log.blockNumber, () => parameters.onLog(log));
      handed++;
    }
    handed = Math.max(0, handed - logs.length);
  };

  const height = async (): Promise<bigint> => BigInt(await client.request({ method: "eth_blockNumber" }));

  /** True when there may be more right away. */
  const step = async (): Promise<boolean> => {
    const before = await height();
    onPoll?.();
    next ??= before + 1n;
    if (before < next) return false;
    const asked = before < next + stretchBlocksMax - 1n ? before : next + stretchBlocksMax - 1n;
    const filter = {
      address: address as Address,
      topics: topics as never,
      fromBlock: numberToHex(next),
      toBlock: numberToHex(asked),
    };
    const found = await client.request({ method: "eth_getLogs", params: [filter] });
    const after = await height();
    const to = after < asked ? after : asked;
    if (to < next) return false;
    const logs = found.map((log) => ({
      ...log,
      blockNumber: BigInt(log.blockNumber ?? 0),
      logIndex: Number(log.logIndex),
      transactionIndex: Number(log.transactionIndex),
    })) as unknown as FoundLog[];
    if (ended) return false;
    await give(
      logs.filter((log) => log.blockNumber <= to),
      to,
      next,
    );
    next = to + 1n;
    return to < before;
  };

  const run = async (): Promise<void> => {
    while (!ended) {
      const more = await step().catch((error: unknown) => {
        onError(error);
        return false;
      });
      if (!more) await sleep(pollIntervalMs);
    }
  };
  void run();
  return () => {
    ended = true;
  };
}
