// Every scenario over regression seeds, one fixed seed, and fresh ones as long as the budget lasts. A failure prints
// the seed and the command that replays it.
import { expect } from "chai";
import { Random } from "./random.ts";
import { regressionSeeds } from "./regressionSeeds.ts";
import type { Given, Scenario } from "./scenarios/scenario.ts";
import { scenarios } from "./scenarios/scenarios.ts";
import { secp256k1SigningScheme } from "./secp256k1SigningScheme.ts";

/** For fresh seeds, all scenarios together. */
const budgetMs = 60_000;
const sizes = [4, 5, 7, 10] as const;

async function replayable(scenario: Scenario, given: Given): Promise<void> {
  try {
    await scenario.run(given);
  } catch (error) {
    const { seed, validators, driver } = given;
    const options = `--seed ${seed} --seeds 1 --scenario ${scenario.name} --validators ${validators}`;
    const replay = `npm run simulate -- ${options}${driver ? " --driver" : ""}`;
    if (error instanceof Error) error.message += `\nreplay: ${replay}`;
    throw error;
  }
}

describe("simulation: regression seeds", function () {
  this.timeout(120_000);

  for (const { scenario, found, ...given } of regressionSeeds) {
    it(`${scenario}, seed ${given.seed}: ${found}`, async () => {
      const one = scenarios.get(scenario);
      expect(one, `scenario ${scenario}`).to.not.equal(undefined);
      await replayable(one as Scenario, given);
    });
  }
});

describe("simulation: scenarios", function () {
  this.timeout(300_000);
  const fresh = new Random(Date.now());

  for (const scenario of scenarios.values()) {
    it(`${scenario.name}: ${scenario.claim}`, async () => {
      const endMs = performance.now() + budgetMs / scenarios.size;
      await replayable(scenario, { seed: 3, validators: 4 });
      while (performance.now() < endMs) {
        await replayable(scenario, { seed: fresh.below(2 ** 31), validators: fresh.pick(sizes) });
      }
    });
  }

  it("31 validators stay consistent through crashes, loss and partitions", async () => {
    await replayable(scenarios.get("all-online") as Scenario, { seed: 31, validators: 31 });
  });

  for (const name of ["chaos", "contradicts-everything", "forged-signatures", "power-cuts"]) {
    it(`${name}, with real signatures`, async () => {
      const scheme = secp256k1SigningScheme;
      await replayable(scenarios.get(name) as Scenario, { seed: 3, validators: 4, scheme });
    });
  }

  it("the same seed gives the same steps, byte for byte, also in the node's own driver with failing power", async () => {
    const runs = [1, 2].map(() =>
      (scenarios.get("power-cuts") as Scenario).run({ seed: 11, validators: 4, hashed: true }),
    );
    const [first, second] = await Promise.all(runs);
    expect(first?.trace.steps).to.be.greaterThan(1_000);
    expect(first?.trace.digest()).to.equal(second?.trace.digest());
  });
});
