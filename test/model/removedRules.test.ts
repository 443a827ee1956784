import { expect } from "chai";
import { describeMove, movesAlong } from "./counterexample.ts";
import { defaultModelOptions, type ModelOptions, modelRules } from "./modelOptions.ts";
import { ModelSearch } from "./modelSearch.ts";
import { removedRules } from "./removedRules.ts";

const statesMax = 400_000;

function searched(options: ModelOptions, checksProgress: boolean) {
  const search = new ModelSearch(options, { statesMax, keepsPaths: true, checksProgress });
  return { result: search.run(), layout: search.layout };
}

describe("model: rules left out", function () {
  this.timeout(60_000);

  it("every rule that can be left out is", () => {
    const tried = new Set(removedRules.filter(({ breaks }) => breaks !== undefined).flatMap(({ rules }) => rules));
    expect(Object.keys(modelRules).filter((rule) => !tried.has(rule as never))).to.deep.equal(["no-finalize"]);
  });

  for (const { rules, size, breaks, checksProgress = false } of removedRules) {
    const names = rules.map((rule) => modelRules[rule]).join("; ");
    it(`without "${names}" ${breaks ?? "nothing breaks"} (${JSON.stringify(size)})`, () => {
      const options = { ...defaultModelOptions, ...size };
      const { result, layout } = searched({ ...options, without: new Set(rules) }, checksProgress);
      expect(result.violation).to.equal(breaks);
      if (breaks === undefined) expect(result.exhausted).to.equal(true);
      else expect(movesAlong(layout, result.path).length).to.equal(result.path.length - 1);
    });

    if (breaks === undefined) continue;
    it("... and with it nothing does", () => {
      const { result } = searched({ ...defaultModelOptions, ...size }, checksProgress);
      expect(result.violation).to.equal(undefined);
      // The one size that is too large for this test is looked at up to its bound.
      if (size.views !== 3) expect(result.exhausted).to.equal(true);
    });
  }

  it("a counterexample is told step by step: without Nullify's ban on Finalize a liar's votes convict an honest validator", () => {
    const { result, layout } = searched({ ...defaultModelOptions, views: 1, without: new Set(["no-nullify"]) }, false);
    expect(movesAlong(layout, result.path).map((move) => describeMove(layout, move))).to.deep.equal([
      "A gives up view 1: Nullify(1)",
      "B: Notarize(1a), a new block on genesis",
      "C: Notarize(1a)",
      "A accepts the notarization of 1a: Finalize(1a), is in view 2",
    ]);
  });
});
