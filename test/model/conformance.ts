// Model and core held against each other, seed by seed.
import { Random } from "../simulation/random.ts";
import { CoreWalk } from "./coreWalk.ts";
import { ModelLayout } from "./modelLayout.ts";
import { defaultModelOptions, type ModelOptions } from "./modelOptions.ts";
import { randomWalk } from "./modelWalk.ts";
import { replayMoves } from "./replayMoves.ts";

/** Inputs in one run of the cores. */
const inputsMax = 300;

export interface Seeds {
  readonly first: number;
  readonly count: number;
}

export interface Comparison {
  /** Actions of the model, or inputs to the cores. */
  readonly steps: number;
  /** Runs in which a block became final at some core. */
  readonly finalized: number;
  /** Where the two went different ways, each with its seed. */
  readonly differences: readonly string[];
}

/** Every seed has its liars, no two side by side. */
function liarsOf(seed: number, { validators, liars }: ModelOptions): readonly number[] {
  return Array.from({ length: liars }, (_, i) => (seed + 2 * i) % validators);
}

function compare(
  { first, count }: Seeds,
  changes: Partial<ModelOptions>,
  run: (layout: ModelLayout, liarsAt: readonly number[], random: Random) => RunResult,
): Comparison {
  const options = { ...defaultModelOptions, ...changes, symmetry: false };
  const differences: string[] = [];
  let [steps, finalized] = [0, 0];
  for (let seed = first; seed < first + count; seed++) {
    const liarsAt = liarsOf(seed, options);
    const result = run(new ModelLayout({ ...options, leaders: { liarsAt } }), liarsAt, new Random(seed));
    steps += result.steps;
    if (result.isFinalized) finalized++;
    if (result.difference !== undefined) differences.push(`seed ${seed}: ${result.difference}`);
  }
  return { steps, finalized, differences };
}

interface RunResult {
  readonly steps: number;
  readonly isFinalized: boolean;
  readonly difference: string | undefined;
}

/** Real cores follow random traces of the model. */
export function replayWalks(seeds: Seeds, changes: Partial<ModelOptions>): Comparison {
  return compare(seeds, changes, (layout, liarsAt, random) => {
    const moves = randomWalk(layout, liarsAt, random);
    const isFinalized = moves.some(({ action }) => action.kind === "acceptFinalization");
    return { steps: moves.length, isFinalized, difference: replayMoves(layout, liarsAt, moves, random) };
  });
}

/** The model follows random runs of real cores. */
export function walkCores(seeds: Seeds, changes: Partial<ModelOptions>): Comparison {
  return compare(seeds, changes, (layout, liarsAt, random) => {
    const walk = new CoreWalk(layout, liarsAt, random);
    let steps = 0;
    let difference: string | undefined;
    while (steps < inputsMax && difference === undefined) {
      difference = walk.step();
      steps++;
    }
    const isFinalized = walk.network.nodes.some(({ solo }) => solo.state.committed.height > 0);
    return { steps, isFinalized, difference };
  });
}
