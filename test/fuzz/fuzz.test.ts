// A minute of fuzzing over all that reads input from outside, with a fresh seed, after everything that was ever found.
// Longer runs by `npm run fuzz`.
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Random } from "../execution/random.ts";
import { allTargets, fuzz, type Input, valueIn } from "./fuzz.ts";
import type { Target } from "./target.ts";

interface CorpusEntry {
  readonly target: string;
  /** What the input did before it was mended. */
  readonly found: string;
  readonly input: Input;
}

const corpus = JSON.parse(readFileSync(new URL("corpus.json", import.meta.url), "utf8")) as readonly CorpusEntry[];
const { seed } = Random.fromEnvironment();
const secondsOfAll = 60;

describe(`input from outside (seed ${seed})`, function () {
  this.timeout(10 * 60_000);
  let targets: readonly Target[] = [];
  before(async () => {
    targets = await allTargets();
  });
  after(() => Promise.all(targets.map((target) => target.close?.())));

  it("that once did harm is refused", async () => {
    for (const { target, found, input } of corpus) {
      const reader = targets.find(({ name }) => name === target);
      expect(reader, `the target ${target} of the corpus`).to.not.equal(undefined);
      // Throws for whatever is neither accepted nor refused as it should be.
      expect(await reader?.run(valueIn(input)), found).to.equal(false);
    }
  });

  it("is accepted or refused, and does nothing else, whatever it is", async () => {
    for (const target of targets) {
      const budget = { seed, seconds: secondsOfAll / targets.length, executionsMax: Number.MAX_SAFE_INTEGER };
      const { executions, accepted, finds } = await fuzz(target, budget);
      expect(finds, `${target.name}: replay with npm run fuzz -- --seed ${seed}`).to.deep.equal([]);
      expect(accepted, `${target.name} accepted something of ${executions} inputs`).to.be.greaterThan(0);
      expect(accepted, `${target.name} refused something of ${executions} inputs`).to.be.lessThan(executions);
    }
  });
});
