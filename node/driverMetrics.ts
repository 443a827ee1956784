import { Counter, Histogram, type Registry } from "prom-client";
import type { Input } from "./consensus/input.ts";

/** Why a view was given up: no proposal in time, no notarization in time, my own build failed, or the proposal was
 * refused. */
export type TimeoutReason = "leader" | "notarization" | "build" | "verify";

/** What the driver measures. Each `...Started` returns what to call at the end. */
export interface DriverMetrics {
  stepStarted(input: Input["kind"]): () => void;
  syncStarted(): () => void;
  executionStarted(): () => void;
  timedOut(reason: TimeoutReason): void;
  /** `timestampMs` is the block's own, `nowMs` the clock's. */
  committed(transactions: number, timestampMs: number, nowMs: number): void;
  evidence(kind: string): void;
  alarm(code: string): void;
}

const seconds = (milliseconds: number): number => milliseconds / 1_000;

export function driverMetrics(registry: Registry): DriverMetrics {
  const registers = [registry];
  const histogram = (name: string, help: string, buckets: readonly number[]) =>
    new Histogram({ name, help, buckets: [...buckets], registers });
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers });

  const steps = new Histogram({
    name: "allot_consensus_step_duration_seconds",
    help: "Time in the pure core for one input, by its kind",
    labelNames: ["input"],
    buckets: [0.00001, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05],
    registers,
  });
  const stepsOf = new Map<string, Histogram.Internal<"input">>();
  const timeouts = counter("allot_consensus_timeouts_total", "Views given up here, by reason", ["reason"]);
  const interval = histogram(
    "allot_consensus_block_interval_seconds",
    "Time between the timestamps of successive committed blocks",
    [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  );
  const blocks = counter("allot_consensus_committed_blocks_total", "Blocks committed since the start");
  const transactions = counter(
    "allot_consensus_committed_transactions_total",
    "Transactions in committed blocks since the start",
  );
  const age = histogram(
    "allot_consensus_commit_age_seconds",
    "Time from a block's own timestamp to its commit here",
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  );
  const evidence = counter(
    "allot_consensus_evidence_total",
    "Contradictory statements of validators found since the start, by kind",
    ["kind"],
  );
  const sync = histogram(
    "allot_storage_log_sync_duration_seconds",
    "Time to make the write-ahead log durable",
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25],
  );
  const execution = histogram(
    "allot_execution_duration_seconds",
    "Time from asking for a block's execution to its result",
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
  );
  const alarms = counter("allot_alarms_total", "What an operator should look at, by code", ["code"]);

  const timed = (to: { observe(value: number): void }) => () => {
    const start = performance.now();
    return () => to.observe(seconds(performance.now() - start));
  };
  let previousTimestampMs: number | undefined;
  return {
    stepStarted(input) {
      let child = stepsOf.get(input);
      if (child === undefined) {
        child = steps.labels(input);
        stepsOf.set(input, child);
      }
      return timed(child)();
    },
    syncStarted: timed(sync),
    executionStarted: timed(execution),
    timedOut: (reason) => timeouts.inc({ reason }),
    committed(count, timestampMs, nowMs) {
      blocks.inc();
      transactions.inc(count);
      age.observe(Math.max(0, seconds(nowMs - timestampMs)));
      if (previousTimestampMs !== undefined) interval.observe(seconds(timestampMs - previousTimestampMs));
      previousTimestampMs = timestampMs;
    },
    evidence: (kind) => evidence.inc({ kind }),
    alarm: (code) => alarms.inc({ code }),
  };
}

/** What made the view time out. */
export function timeoutReason(input: Input): TimeoutReason {
  if (input.kind === "timerFired") return input.timer === "leader" ? "leader" : "notarization";
  return input.kind === "buildFailed" ? "build" : "verify";
}
