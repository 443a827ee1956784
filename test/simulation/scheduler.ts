interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Virtual time: events run in the order of their time, equal times in the order in which they were scheduled. */
export class Scheduler {
  nowMs = 0;
  #order = 0;
  /** Awaited after every event: lets promises of real asynchronous code run to their end before time goes on. */
  settle: (() => Promise<void>) | undefined;
  // A binary heap: the earliest event stands first.
  readonly #heap: Event[] = [];

  after(delayMs: number, run: () => void): void {
    const event = { atMs: this.nowMs + Math.max(0, delayMs), order: this.#order++, run };
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!isBefore(event, heap[up] as Event)) break;
      heap[at] = heap[up] as Event;
      at = up;
    }
    heap[at] = event;
  }

  /** Runs everything up to `untilMs`, or until `isDone`; then it is that time. True when it is done. */
  async runUntil(untilMs: number, isDone: () => boolean = () => false): Promise<boolean> {
    while (!isDone()) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) {
        this.nowMs = untilMs;
        return isDone();
      }
      this.#pop();
      this.nowMs = next.atMs;
      next.run();
      if (this.settle !== undefined) await this.settle();
    }
    return true;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && isBefore(heap[down + 1] as Event, heap[down] as Event)) down++;
      if (!isBefore(heap[down] as Event, last)) break;
      heap[at] = heap[down] as Event;
      at = down;
    }
    heap[at] = last;
  }
}

const isBefore = (a: Event, b: Event): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
