import { expect } from "chai";
import { Random } from "../simulation/random.ts";
import { CoreWalk } from "./coreWalk.ts";
import { type Move, movesAlong } from "./counterexample.ts";
import { ModelLayout } from "./modelLayout.ts";
import { defaultModelOptions, type ModelOptions, type ModelRule } from "./modelOptions.ts";
import { ModelSearch } from "./modelSearch.ts";
import { isFollowable, randomWalk } from "./modelWalk.ts";
import { replayMoves } from "./replayMoves.ts";

const firstSeed = 1;

const layoutOf = (liarsAt: readonly number[], changes: Partial<ModelOptions>): ModelLayout =>
  new ModelLayout({ ...defaultModelOptions, leaders: { liarsAt }, symmetry: false, ...changes });

/** Every seed has its liars, no two side by side. */
function liarsOf(seed: number, { validators, liars }: Pick<ModelOptions, "validators" | "liars">): readonly number[] {
  return Array.from({ length: liars }, (_, i) => (seed + 2 * i) % validators);
}

/** Replays random traces, with the liars at each place in turn, and says where the cores went another way. */
function replayWalks(count: number, changes: Partial<ModelOptions>): { steps: number; differences: string[] } {
  const differences: string[] = [];
  let steps = 0;
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const random = new Random(seed);
    const liarsAt = liarsOf(seed, { ...defaultModelOptions, ...changes });
    const layout = layoutOf(liarsAt, changes);
    const moves = randomWalk(layout, liarsAt, random);
    steps += moves.length;
    const difference = replayMoves(layout, liarsAt, moves, random);
    if (difference !== undefined) differences.push(`seed ${seed}: ${difference}`);
  }
  return { steps, differences };
}

/** One of the nearest states for each set of certificates that can come about, with the way to it. */
function rarePaths(layout: ModelLayout): Move[][] {
  const search = new ModelSearch(layout.options, { statesMax: 500_000, keepsPaths: true, checksProgress: false });
  search.run();
  return search.firstOfEachKind().map((place) => movesAlong(layout, search.pathTo(place)));
}

describe("model and core", function () {
  this.timeout(60_000);

  it("the core follows every random trace of the model: votes and views are the same after each action", () => {
    const { steps, differences } = replayWalks(1_500, { views: 3, restarts: 1 });
    expect(differences).to.deep.equal([]);
    expect(steps).to.be.greaterThan(20_000);
  });

  it("... also with three blocks in a view and four views", () => {
    expect(replayWalks(300, { views: 4, variants: 3, restarts: 1 }).differences).to.deep.equal([]);
  });

  for (const place of [0, 1, 2]) {
    it(`... and a shortest trace to every combination of certificates, with the liar at place ${place}`, () => {
      const liarsAt = [place];
      const layout = layoutOf(liarsAt, { views: 2 });
      const paths = rarePaths(layout).filter((moves) => isFollowable(layout, liarsAt, moves));
      expect(paths.length).to.be.greaterThan(15);
      const random = new Random(firstSeed);
      const differences = paths.map((moves) => replayMoves(layout, liarsAt, moves, random));
      expect(differences.filter((difference) => difference !== undefined)).to.deep.equal([]);
    });
  }

  /** Runs real cores, with the liars at each place in turn, and says where one did what the model does not know. */
  function walkCores(count: number, changes: Partial<ModelOptions>): { finalized: number; unknown: string[] } {
    const unknown: string[] = [];
    let finalized = 0;
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const liarsAt = liarsOf(seed, { ...defaultModelOptions, ...changes });
      const walk = new CoreWalk(layoutOf(liarsAt, changes), liarsAt, new Random(seed));
      for (let step = 0; step < 300; step++) {
        const difference = walk.step();
        if (difference === undefined) continue;
        unknown.push(`seed ${seed}: ${difference}`);
        break;
      }
      if (walk.network.nodes.some(({ solo }) => solo.state.committed.height > 0)) finalized++;
    }
    return { finalized, unknown };
  }

  it("the model knows every step of the core: whatever is heard, lost or restarted, and whenever", () => {
    const { finalized, unknown } = walkCores(500, { views: 3, variants: 3, restarts: 1 });
    expect(unknown).to.deep.equal([]);
    expect(finalized, "runs in which a block became final").to.be.greaterThan(10);
  });

  for (const [validators, liars] of [
    [4, 2],
    [5, 1],
    [6, 1],
    [7, 2],
  ] as const) {
    it(`... and ${liars} liars of ${validators}, both ways`, () => {
      const { steps, differences } = replayWalks(150, { validators, liars, views: 3, restarts: 1 });
      expect(differences).to.deep.equal([]);
      expect(steps).to.be.greaterThan(1_500);
      expect(walkCores(100, { validators, liars, views: 3, variants: 3, restarts: 1 }).unknown).to.deep.equal([]);
    });
  }

  // To the core an old vote is a report of the view in which its signer is: a rule less than the model has otherwise.
  it("... also when a validator loses log and guard, if old votes count as reports", () => {
    const without = new Set<ModelRule>(["fresh-reports"]);
    expect(walkCores(300, { views: 4, losses: 1, without }).unknown).to.deep.equal([]);
  });

  describe("would differ", () => {
    for (const rule of ["any-kind", "no-nullify", "finalize-other", "finalize-current", "current-only"] as const) {
      it(`if only the model lacked a rule: ${rule}`, () => {
        const without = new Set<ModelRule>([rule]);
        const { differences } = replayWalks(200, { views: 2, without });
        expect(differences.length).to.be.greaterThan(0);
      });
    }

    it("if only the model had a rule: no Nullify after Notarize", () => {
      const without = new Set<ModelRule>(["nullify-after-notarize"]);
      expect(walkCores(50, { views: 2, without }).unknown.length).to.be.greaterThan(0);
    });
  });
});
