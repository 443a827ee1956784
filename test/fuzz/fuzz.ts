// Structure-aware fuzzing: inputs made from right ones are given to whatever reads them. What is neither accepted nor
// refused as it should be is a find, and so is what keeps everything else waiting. The same seed makes the same inputs.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { Random } from "../execution/random.ts";
import { byteTargets } from "./byteTargets.ts";
import { jsonTargets } from "./jsonTargets.ts";
import { rpcTarget } from "./rpcTarget.ts";
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
  /** Longest delay of the process' event loop, in milliseconds; a busy machine adds its own. */
  readonly blockedMs: number;
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

export async function allTargets(): Promise<readonly Target[]> {
  return [...byteTargets(), ...(await jsonTargets()), await rpcTarget()];
}

export const inputOf = (value: unknown): Input =>
  value instanceof Uint8Array ? { hex: Buffer.from(value).toString("hex") } : { json: value };

export const valueIn = (input: Input): unknown => ("hex" in input ? Buffer.from(input.hex, "hex") : input.json);

export async function fuzz(target: Target, budget: FuzzBudget): Promise<FuzzReport> {
  const random = new Random(budget.seed);
  const started = performance.now();
  const finds: Find[] = [];
  let [executions, accepted] = [0, 0];
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const ends = (): boolean =>
    executions >= budget.executionsMax ||
    finds.length >= findsMax ||
    performance.now() - started > 1_000 * budget.seconds;
  while (!ends()) {
    for (let i = 0; i < executionsPerTurn && executions < budget.executionsMax; i++) {
      const input = target.make(random);
      executions++;
      try {
        const outcome = target.run(input);
        if (typeof outcome === "boolean" ? outcome : await outcome) accepted++;
      } catch (error) {
        finds.push({ target: target.name, input: inputOf(input), reason: reasonOf(error) });
      }
    }
    await setImmediate();
  }
  loop.disable();
  const blockedMs = loop.max / 1e6;
  const seconds = (performance.now() - started) / 1_000;
  return { target: target.name, seed: budget.seed, executions, accepted, seconds, blockedMs, finds };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split("\n").slice(0, 4).join("\n") : String(error);
}
