import { expect } from "chai";
import { Random } from "../simulation/random.ts";
import { replayWalks, walkCores } from "./conformance.ts";
import { type Move, movesAlong } from "./counterexample.ts";
import { ModelLayout } from "./modelLayout.ts";
import { defaultModelOptions, type ModelRule } from "./modelOptions.ts";
import { ModelSearch } from "./modelSearch.ts";
import { isFollowable } from "./modelWalk.ts";
import { replayMoves } from "./replayMoves.ts";

const seeds = (count: number) => ({ first: 1, count });

/** One of the nearest states for each set of certificates that can come about, with the way to it. */
function rarePaths(layout: ModelLayout): Move[][] {
  const search = new ModelSearch(layout.options, { statesMax: 500_000, keepsPaths: true, checksProgress: false });
  search.run();
  return search.firstOfEachKind().map((place) => movesAlong(layout, search.pathTo(place)));
}

describe("model and core", function () {
  this.timeout(60_000);

  it("the core follows every random trace of the model: votes and views are the same after each action", () => {
    const { steps, differences } = replayWalks(seeds(1_500), { views: 3, restarts: 1 });
    expect(differences).to.deep.equal([]);
    expect(steps).to.be.greaterThan(20_000);
  });

  it("... also with three blocks in a view and four views", () => {
    expect(replayWalks(seeds(300), { views: 4, variants: 3, restarts: 1 }).differences).to.deep.equal([]);
  });

  for (const place of [0, 1, 2]) {
    it(`... and a shortest trace to every combination of certificates, with the liar at place ${place}`, () => {
      const liarsAt = [place];
      const layout = new ModelLayout({ ...defaultModelOptions, views: 2, leaders: { liarsAt }, symmetry: false });
      const paths = rarePaths(layout).filter((moves) => isFollowable(layout, liarsAt, moves));
      expect(paths.length).to.be.greaterThan(15);
      const random = new Random(1);
      const differences = paths.map((moves) => replayMoves(layout, liarsAt, moves, random));
      expect(differences.filter((difference) => difference !== undefined)).to.deep.equal([]);
    });
  }

  it("the model knows every step of the core: whatever is heard, lost or restarted, and whenever", () => {
    const { finalized, differences } = walkCores(seeds(500), { views: 3, variants: 3, restarts: 1 });
    expect(differences).to.deep.equal([]);
    expect(finalized, "runs in which a block became final").to.be.greaterThan(10);
  });

  for (const [validators, liars] of [
    [4, 2],
    [5, 1],
    [6, 1],
    [7, 2],
  ] as const) {
    it(`... and ${liars} liars of ${validators}, both ways`, () => {
      const size = { validators, liars, views: 3, restarts: 1 };
      const { steps, differences } = replayWalks(seeds(150), size);
      expect(differences).to.deep.equal([]);
      expect(steps).to.be.greaterThan(1_500);
      expect(walkCores(seeds(100), { ...size, variants: 3 }).differences).to.deep.equal([]);
    });
  }

  it("... also when a validator loses log and guard", () => {
    expect(walkCores(seeds(300), { views: 4, losses: 1 }).differences).to.deep.equal([]);
  });

  describe("would differ", () => {
    for (const rule of ["any-kind", "no-nullify", "finalize-other", "finalize-current", "current-only"] as const) {
      it(`if only the model lacked a rule: ${rule}`, () => {
        const { differences } = replayWalks(seeds(200), { views: 2, without: new Set([rule]) });
        expect(differences.length).to.be.greaterThan(0);
      });
    }

    it("if only the model had a rule: no Nullify after Notarize", () => {
      const without = new Set<ModelRule>(["nullify-after-notarize"]);
      expect(walkCores(seeds(50), { views: 2, without }).differences.length).to.be.greaterThan(0);
    });
  });
});
