import type { Clock } from "./clock.ts";
import type { TimerName } from "./consensus/input.ts";

/** The consensus core's timers: one of each name at a time. */
export class Timers {
  readonly #clock: Clock;
  readonly #onFired: (timer: TimerName, id: number) => void;
  readonly #cancels = new Map<TimerName, () => void>();

  constructor(clock: Clock, onFired: (timer: TimerName, id: number) => void) {
    this.#clock = clock;
    this.#onFired = onFired;
  }

  set(timer: TimerName, id: number, durationMs: number): void {
    this.cancel(timer);
    const cancel = this.#clock.after(durationMs, () => {
      this.#cancels.delete(timer);
      this.#onFired(timer, id);
    });
    this.#cancels.set(timer, cancel);
  }

  cancel(timer: TimerName): void {
    this.#cancels.get(timer)?.();
    this.#cancels.delete(timer);
  }

  cancelAll(): void {
    for (const timer of [...this.#cancels.keys()]) this.cancel(timer);
  }
}
