import { parseEventLogs, type TransactionReceipt } from "viem";
import { operatorsAbi } from "../../abis/operators.ts";

/** When a queued call can be executed; seconds since 1970. */
export interface QueuedCall {
  /** First second. */
  readonly readyAt: bigint;
  /** Last second. */
  readonly expiresAt: bigint;
}

/** What a transaction queued; undefined when the proposal still lacks its quorum. */
export function queuedCallOf(receipt: TransactionReceipt): QueuedCall | undefined {
  const [event] = parseEventLogs({ abi: operatorsAbi, logs: receipt.logs, eventName: "CallQueued" });
  if (event === undefined) return undefined;
  return { readyAt: event.args.readyAt, expiresAt: event.args.expiresAt };
}
