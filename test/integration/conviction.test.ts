// A real network in which one validator lies, over real connections and with its own key. Nobody looks: the honest
// validators find the contradictions, show them, and the rules convict. No client sends anything.
import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { crashVariable } from "../../node/storage/crashPoints.ts";
import type { Byzantine } from "../simulation/byzantine/byzantine.ts";
import { contradictor, contradictsAll } from "../simulation/byzantine/contradictor.ts";
import { equivocator, splits } from "../simulation/byzantine/equivocator.ts";
import type { SigningScheme } from "../simulation/simulatedScheme.ts";
import { eventually } from "./cluster.ts";
import { LyingNetwork } from "./lyingNetwork.ts";

const stake = 10_000n * 1_000_000n;

const adversaries: readonly (readonly [string, (scheme: SigningScheme) => Byzantine])[] = [
  ["that contradicts every vote it casts", contradictor(contradictsAll)],
  ["that shows others another block when it leads", equivocator(splits.each)],
];

for (const [what, adversaryOf] of adversaries) {
  describe(`a validator ${what}`, function () {
    this.timeout(120_000);
    let network: LyingNetwork;

    before(async () => {
      network = await LyingNetwork.start();
      await network.lie(adversaryOf);
    });
    after(() => network?.stop());

    it("is convicted by the others alone: the stake is taken and the key barred, on every honest validator", async () => {
      for (const validator of network.honest()) {
        const { bonded, unbonding } = await network.conviction(validator);
        expect([bonded, unbonding]).to.deep.equal([0n, 0n]);
      }
    });

    it("earns one reporter of the others its share, and nobody honest loses anything", async () => {
      const rewards: bigint[] = [];
      for (const validator of network.honest()) {
        const { address, reporter } = network.entryOf(validator);
        const { bonded, suspended } = await network.bondAt(validator, address);
        expect([bonded, suspended]).to.deep.equal([stake, false]);
        rewards.push(await network.rewardAt(validator, reporter));
      }
      expect(rewards.filter((reward) => reward !== 0n)).to.deep.equal([stake / 10n]);
    });

    it("costs the others no more once it is convicted, and the chain goes on", async () => {
      const [first] = network.honest() as [DevnetValidator];
      // What was on its way when the conviction came may still arrive.
      await network.blocks(first, 3);
      const before = await network.committers(first);
      await network.blocks(first, 6);
      expect(await network.committers(first)).to.deep.equal(before);
      for (const { logFile } of network.honest()) {
        expect(readFileSync(logFile, "utf8")).not.to.include("reporting has failed");
      }
    });
  });
}

describe("a validator that lies in a set of five", function () {
  this.timeout(120_000);
  let network: LyingNetwork;

  before(async () => {
    network = await LyingNetwork.start({ validators: 5, epochBlocks: 6 });
    await network.lie(contradictor(contradictsAll));
  });
  after(() => network?.stop());

  it("is out of the set from the next epoch on, of itself, and the others go on", async () => {
    const [first] = network.honest() as [DevnetValidator];
    expect(await network.members(first)).to.include(network.liar);
    await network.conviction(first);
    const left = await eventually("an epoch without the liar", async () => {
      const members = await network.members(first);
      return members.includes(network.liar) ? undefined : members;
    });
    const honest = network.honest().map((validator) => network.entryOf(validator).address);
    expect(left).to.deep.equal(honest.sort());
    await network.blocks(first, 3);
  });
});

for (const point of ["evidence.committed", "evidence.shown"]) {
  describe(`a validator that is killed at ${point}`, function () {
    this.timeout(120_000);
    let network: LyingNetwork;

    after(() => network?.stop());

    it("comes back, and the liar is convicted once, by one commitment of each validator that took part", async () => {
      network = await LyingNetwork.start();
      const reporter = network.firstInLine();
      await reporter.stop();
      process.env[crashVariable] = point;
      const ready = reporter.start();
      delete process.env[crashVariable];
      await ready;
      await network.lie(contradictor(contradictsAll));
      await eventually(`${reporter.name} gets to ${point}`, async () => (reporter.running() ? undefined : true));
      await reporter.start();
      for (const validator of network.honest()) await network.conviction(validator);
      const committers = await network.committers(reporter);
      expect(new Set(committers).size).to.equal(committers.length);
      expect(await network.rewarded(reporter)).to.have.length(1);
    });
  });
}
