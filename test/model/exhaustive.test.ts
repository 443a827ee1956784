import { expect } from "chai";
import { CanonicalForm } from "./canonicalForm.ts";
import { ModelLayout } from "./modelLayout.ts";
import { defaultModelOptions, type ModelOptions } from "./modelOptions.ts";
import { ModelSearch, type SearchResult } from "./modelSearch.ts";

const statesMax = 1_500_000;

function search(changes: Partial<ModelOptions>, checksProgress = false): SearchResult {
  return new ModelSearch(
    { ...defaultModelOptions, ...changes },
    { statesMax, keepsPaths: false, checksProgress },
  ).run();
}

/** Nothing but the number of states would tell that a change has made the model say less than before. */
function expectSafe({ exhausted, violation, states }: SearchResult, expected: number): void {
  expect({ exhausted, violation, states }).to.deep.equal({ exhausted: true, violation: undefined, states: expected });
}

describe("model: every state of the protocol", function () {
  this.timeout(60_000);

  it("one liar of four, two views, restarts at any moment: one chain, and no evidence against the honest", () => {
    expectSafe(search({ views: 2, restarts: 1 }), 295_540);
  });

  it("... and with as many blocks in a view as validators could vote for", () => {
    expectSafe(search({ views: 2, variants: 3 }), 34_373);
  });

  it("... and three views, with one block in each", () => {
    expectSafe(search({ views: 3, variants: 1 }), 1_168_395);
  });

  it("... and a validator that loses log and guard", () => {
    expectSafe(search({ views: 2, losses: 1 }), 188_936);
  });

  for (const [validators, liars, states] of [
    [1, 0, 7],
    [5, 1, 427],
    [6, 1, 887],
    [7, 2, 2_058],
  ] as const) {
    it(`${liars} liars of ${validators}, one view: safe, too`, () => {
      expectSafe(search({ validators, liars, views: 1 }), states);
    });
  }

  it("from every state in which a view is left, an honest block can become final without the liar", () => {
    const { violation, progressing } = search({ views: 3, variants: 1 }, true);
    expect(violation).to.equal(undefined);
    expect(progressing).to.equal(1_996);
  });

  it("two liars of four fork the chain; each fork convicts both of them, and nobody else", () => {
    const { violation, forks, exhausted } = search({ views: 2, liars: 2, lies: "on-demand" });
    expect({ violation, exhausted }).to.deep.equal({ violation: undefined, exhausted: true });
    expect(forks).to.be.greaterThan(1_000);
  });

  it("three liars of seven: each fork convicts all three", () => {
    const { violation, forks, exhausted } = search({ validators: 7, views: 1, liars: 3, lies: "on-demand" });
    expect({ violation, exhausted }).to.deep.equal({ violation: undefined, exhausted: true });
    expect(forks).to.be.greaterThan(0);
  });
});

describe("model: what the search relies on", function () {
  this.timeout(60_000);

  /** Packed states of a search, each as a text. */
  const statesOf = ({ table }: SearchResult): Set<string> => {
    const states = new Set<string>();
    for (let at = 0; at < table.places.length; at += table.words) {
      const state = table.places.subarray(at, at + table.words);
      if (state.some((word) => word !== 0)) states.add(state.join());
    }
    return states;
  };

  /** The same with each state replaced by the one that stands for it. */
  const representativesOf = (changes: Partial<ModelOptions>, reduction: Partial<ModelOptions> = {}): Set<string> => {
    const options = { ...defaultModelOptions, ...changes };
    const full = new ModelSearch(options, { statesMax, keepsPaths: false, checksProgress: false });
    const { table } = full.run();
    const { layout } = full;
    const canonical = new CanonicalForm(
      new ModelLayout({ ...options, ...reduction, symmetry: true, leaders: "liars" }),
    );
    const state = layout.newState();
    const packed = new Uint32Array(layout.words);
    const found = new Set<string>();
    for (let at = 0; at < table.places.length; at += table.words) {
      if (table.places.subarray(at, at + table.words).every((word) => word === 0)) continue;
      layout.unpack(table.places, at, state);
      layout.pack(canonical.of(state), packed);
      found.add(packed.join());
    }
    return found;
  };

  for (const changes of [
    { views: 2 },
    { views: 1, variants: 3, restarts: 1 },
    { views: 1, liars: 2, lies: "on-demand" },
    { validators: 5, views: 1 },
  ] as const) {
    it(`symmetry leaves out nothing and adds nothing: ${JSON.stringify(changes)}`, () => {
      const reduced = statesOf(search(changes));
      const all = representativesOf({ ...changes, symmetry: false });
      expect(reduced.size).to.be.greaterThan(50);
      expect(all.size).to.equal(reduced.size);
      expect([...all].filter((state) => !reduced.has(state))).to.deep.equal([]);
    });
  }

  // As many blocks as validators could vote for: settled states have forgotten blocks, and so have room for others.
  for (const changes of [
    { views: 1, variants: 3, restarts: 1 },
    { views: 2, variants: 3 },
    { views: 2, variants: 3, restarts: 1 },
    { views: 1, liars: 2, lies: "on-demand", restarts: 1 },
  ] as const) {
    it(`settling leaves out nothing and adds nothing: ${JSON.stringify(changes)}`, () => {
      const reduced = statesOf(search({ ...changes, settling: true }));
      const all = representativesOf(changes, { settling: true });
      expect(reduced.size).to.be.greaterThan(50);
      expect(all.size).to.equal(reduced.size);
      expect([...all].filter((state) => !reduced.has(state))).to.deep.equal([]);
    });
  }

  it("settling leaves out nothing where liars fork the chain, though it may keep two names for one state", () => {
    const changes = { views: 2, liars: 2, lies: "on-demand" } as const;
    const reduced = statesOf(search({ ...changes, settling: true }));
    const all = representativesOf(changes, { settling: true });
    expect(all.size).to.be.greaterThan(0.95 * reduced.size);
    expect([...all].filter((state) => !reduced.has(state))).to.deep.equal([]);
  });

  it("whatever honest leaders bring about is among what liars in every view bring about", () => {
    const any = statesOf(search({ views: 2 }));
    for (const place of [0, 1, 2, 3]) {
      const rotation = representativesOf({ views: 2, leaders: { liarsAt: [place] }, symmetry: false });
      expect(rotation.size).to.be.greaterThan(200);
      expect([...rotation].filter((state) => !any.has(state))).to.deep.equal([]);
    }
  });
});
