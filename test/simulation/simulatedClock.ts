import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../node/clock.ts";
import type { Scheduler } from "./scheduler.ts";

/** Resolves when every promise that could go on has done so: an immediate comes after all microtasks. */
export const untilSettled = (): Promise<void> => setImmediate();

/** Virtual time for one life of a node: what was planned by a life that has ended never happens. */
export function simulatedClock(scheduler: Scheduler, epochMs: () => number, run: (action: () => void) => void): Clock {
  return {
    wallMs: () => Math.floor(epochMs() + scheduler.nowMs),
    monotonicMs: () => scheduler.nowMs,
    after(durationMs, callback) {
      let cancelled = false;
      scheduler.after(durationMs, () => {
        if (!cancelled) run(callback);
      });
      return () => {
        cancelled = true;
      };
    },
  };
}
