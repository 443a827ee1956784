// Structure-aware fuzzing: inputs made from right ones are given to whatever reads them. What is neither accepted nor
// refused as it should be is a find; so is what keeps everything else waiting, and what leaves memory behind. The same
// seed makes the same inputs.
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Random } from "../execution/random.ts";
import { byteTargets } from "./byteTargets.ts";
import { connectionTargets } from "./connectionTargets.ts";
import { jsonTargets } from "./jsonTargets.ts";
import { rpcTarget } from "./rpcTarget.ts";
import { Stretches } from "./stretches.ts";
import type { Target } from "./target.ts";

export interface Find {
  readonly target: string;
  readonly input: Input;
  readonly reason: string;
}

/** An input as the corpus keeps it. */
export type Input = { readonly hex: string } | { readonly json: unknown };

export interface FuzzReport {
  readonly target: string;
  readonly seed: number;
  readonly executions: number;
  readonly accepted: number;
  readonly seconds: number;
  /** Longest stretch in which nothing else got its turn, in milliseconds of processor time: of several inputs, or of
   * one together with a pause of the garbage collector. What one input takes by itself is less, or it is a find. */
  readonly longestMs: number;
  /** Bytes that stayed in use from the first inputs to the last. */
  readonly keptBytes: number;
  readonly finds: readonly Find[];
}

export interface FuzzBudget {
  readonly seed: number;
  readonly seconds: number;
  readonly executionsMax: number;
}

/** Finds after which a target is left: more of them are mostly one defect. */
const findsMax = 10;
const executionsPerTurn = 64;
/** No input may keep everything else waiting for longer. */
const stretchMsMax = 50;
/** Looks at an input that seems slow: what a pause of the garbage collector added is not there each time. */
const looksMax = 4;
/** Until then tables grow to their working size. */
const warmUpExecutions = 20_000;
/** However many inputs there were. */
const keptBytesMax = 64 * 1024 * 1024;

export async function allTargets(): Promise<readonly Target[]> {
  return [...byteTargets(), ...(await jsonTargets()), await rpcTarget(), ...(await connectionTargets())];
}

export const inputOf = (value: unknown): Input =>
  value instanceof Uint8Array ? { hex: Buffer.from(value).toString("hex") } : { json: value };

export const valueIn = (input: Input): unknown => ("hex" in input ? Buffer.from(input.hex, "hex") : input.json);

/** Bytes in use when everything that can be freed has been. */
async function bytesInUse(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < 2; round++) {
    collect();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export async function fuzz(target: Target, budget: FuzzBudget): Promise<FuzzReport> {
  const random = new Random(budget.seed);
  const started = performance.now();
  const finds: Find[] = [];
  let [executions, accepted, longestMs] = [0, 0, 0];
  let inUseAtFirst: number | undefined;
  const stretches = new Stretches();
  const found = (input: unknown, reason: string): void => {
    finds.push({ target: target.name, input: inputOf(input), reason });
  };
  const ends = (): boolean =>
    executions >= budget.executionsMax ||
    finds.length >= findsMax ||
    performance.now() - started > 1_000 * budget.seconds;
  stretches.start();
  while (!ends()) {
    const inputs: unknown[] = [];
    for (let i = 0; i < executionsPerTurn && executions < budget.executionsMax; i++) {
      const input = target.make(random);
      inputs.push(input);
      executions++;
      try {
        const outcome = target.run(input);
        if (typeof outcome === "boolean" ? outcome : await outcome) accepted++;
      } catch (error) {
        found(input, reasonOf(error));
      }
    }
    await setImmediate();
    const stretchMs = stretches.longestMs();
    longestMs = Math.max(longestMs, stretchMs);
    if (stretchMs > stretchMsMax) {
      for (const input of inputs) {
        const alone = await stretchOf(target, input, stretches);
        if (alone > stretchMsMax) found(input, `it keeps everything else waiting for ${alone.toFixed(0)} ms`);
      }
    }
    if (inUseAtFirst === undefined && executions >= warmUpExecutions) inUseAtFirst = await bytesInUse();
  }
  stretches.stop();
  const keptBytes = inUseAtFirst === undefined ? 0 : (await bytesInUse()) - inUseAtFirst;
  if (keptBytes > keptBytesMax) found(null, `${executions} inputs left ${keptBytes} bytes behind`);
  const seconds = (performance.now() - started) / 1_000;
  return { target: target.name, seed: budget.seed, executions, accepted, seconds, longestMs, keptBytes, finds };
}

/** The longest stretch of one input by itself: the least of several looks. */
export async function stretchOf(target: Target, input: unknown, stretches: Stretches): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < looksMax && least > stretchMsMax; look++) {
    await setImmediate();
    stretches.longestMs();
    try {
      await target.run(input);
    } catch {
      // What it throws has been looked at when it was first run.
    }
    await setImmediate();
    least = Math.min(least, stretches.longestMs());
  }
  return least;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split("\n").slice(0, 4).join("\n") : String(error);
}
