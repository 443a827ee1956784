// Gathers transactions into batches. An idle network gets a transaction at once; under load they wait a few
// milliseconds for each other, because a message costs each validator some 150 µs whatever is in it.
import { type Clock, systemClock } from "../clock.ts";
import { gossipBatchBytesMax, gossipBatchTransactionsMax, gossipIntervalMs } from "../config/limits.ts";

type BatcherClock = Pick<Clock, "monotonicMs" | "after">;

export class Batcher {
  readonly #flushBatch: (transactions: readonly Uint8Array[]) => void;
  readonly #clock: BatcherClock;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #lastFlush = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(flushBatch: (transactions: readonly Uint8Array[]) => void, clock: BatcherClock = systemClock) {
    this.#flushBatch = flushBatch;
    this.#clock = clock;
  }

  add(transaction: Uint8Array): void {
    if (this.#waitingBytes + transaction.length > gossipBatchBytesMax) this.flush();
    this.#waiting.push(transaction);
    this.#waitingBytes += transaction.length;
    if (this.#waiting.length >= gossipBatchTransactionsMax) this.flush();
    else if (this.#cancel === undefined) {
      const sinceLast = this.#clock.monotonicMs() - this.#lastFlush;
      // Not within this call even when idle: a client's batch of calls is admitted in one turn and leaves together.
      this.#cancel = this.#clock.after(Math.max(0, gossipIntervalMs - sinceLast), () => this.flush());
    }
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#lastFlush = this.#clock.monotonicMs();
    this.#flushBatch(batch);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting = [];
  }
}
