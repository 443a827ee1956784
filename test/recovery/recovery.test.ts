// The part of `npm run recovery` that fits every run of the tests. One network lives through all of it.
import { expect } from "chai";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { recoveryCases } from "./recoveryCases.ts";
import { RecoveryRun } from "./recoveryRun.ts";

const chosen = [
  "killed at wal.torn",
  "killed at wal.synced",
  "killed at guard.torn",
  "killed at guard.synced",
  "killed at vote.signed",
  "killed at block.durable",
  "a deleted data folder",
  "all four killed at once",
];

describe("recovery of real processes", function () {
  this.timeout(400_000);
  let run: RecoveryRun;

  before(async () => {
    run = await RecoveryRun.start();
  });
  after(() => run?.stop());

  for (const [i, name] of chosen.entries()) {
    it(`${name}: it comes back and catches up`, async () => {
      const found = recoveryCases.find((one) => one.name === name);
      expect(found, name).to.not.equal(undefined);
      await found?.run(run, run.validators[i % run.validators.length] as DevnetValidator);
    });
  }

  it("lost nothing that was final, and signed nothing contradictory, through all this", async () => {
    const { traffic, recoveries } = run;
    expect(await run.violations()).to.deep.equal([]);
    expect(recoveries).to.have.length(chosen.length);
    expect(traffic.objects.answered, "calls to shared objects").to.be.greaterThan(30);
    const slowest = recoveries.toSorted((a, b) => b.caughtUpMs - a.caughtUpMs)[0];
    const seconds = ((slowest?.caughtUpMs ?? 0) / 1_000).toFixed(1);
    console.log(`      ${traffic.blocks.size} blocks; slowest recovery ${seconds} s, after ${slowest?.what}`);
  });
});
