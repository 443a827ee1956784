// The network between real validators fails, and is upgraded. One network lives through all of it.
import { expect } from "chai";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { networkCases } from "./networkCases.ts";
import { RecoveryRun } from "./recoveryRun.ts";

describe("four validators on a failing network", function () {
  this.timeout(400_000);
  let run: RecoveryRun;

  before(async () => {
    run = await RecoveryRun.start();
  });
  after(() => run?.stop());
  afterEach(() => run?.network.set(() => undefined));

  for (const one of networkCases) {
    it(`${one.name}: they go on`, () => one.run(run, run.validators[0] as DevnetValidator));
  }

  it("lost nothing that was final, and signed nothing contradictory, through all this", async () => {
    expect(await run.violations()).to.deep.equal([]);
  });
});
