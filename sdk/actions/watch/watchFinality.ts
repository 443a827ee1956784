import { type Hex, numberToHex } from "viem";
import type { AllotCore } from "../../clients/context.ts";
import { sleep } from "../../transactions/sleep.ts";
import { handOver, type Unwatch, type WatchParameters } from "./followLogs.ts";

/** A block that will never change. */
export interface FinalBlock {
  readonly height: bigint;
  readonly hash: Hex;
  readonly stateRoot: Hex;
  /** Seconds since 1970. */
  readonly timestamp: bigint;
  readonly transactions: number;
}

export interface WatchFinalityParameters extends WatchParameters {
  /** Awaited before the next one is handed over. */
  readonly onFinal: (block: FinalBlock) => void | Promise<void>;
}

/**
 * Calls back for each block when it is final, in order and without gaps.
 * @example
 * ```ts
 * const unwatch = watchFinality(client, { onFinal: ({ height, hash }) => console.log(height, hash) });
 * ```
 */
export function watchFinality(client: AllotCore, parameters: WatchFinalityParameters): Unwatch {
  const { onFinal, onPoll, onError = () => undefined, pollIntervalMs = client.pollingInterval } = parameters;
  let ended = false;
  let next = parameters.fromBlock;

  const blockAt = async (which: Hex | "finalized"): Promise<FinalBlock | undefined> => {
    const block = await client.request({ method: "eth_getBlockByNumber", params: [which, false] });
    if (block?.number == null || block.hash == null) return undefined;
    const { hash, stateRoot, number, timestamp, transactions } = block;
    const height = BigInt(number);
    return { height, hash, stateRoot, timestamp: BigInt(timestamp), transactions: transactions.length };
  };

  const step = async (): Promise<void> => {
    const last = await blockAt("finalized");
    onPoll?.();
    if (last === undefined) return;
    next ??= last.height + 1n;
    while (!ended && next <= last.height) {
      const block = next === last.height ? last : await blockAt(numberToHex(next));
      // A node that is behind the one asked first: later.
      if (block === undefined || ended) return;
      await handOver(block.height, () => onFinal(block));
      next++;
    }
  };

  const run = async (): Promise<void> => {
    while (!ended) {
      await step().catch(onError);
      await sleep(pollIntervalMs);
    }
  };
  void run();
  return () => {
    ended = true;
  };
}
