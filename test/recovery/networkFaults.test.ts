// The network between real validators fails: proxies delay, throttle and cut real connections. One network lives
// through all of it.
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { Random } from "../simulation/random.ts";
import { FaultyNetwork } from "./faultyNetwork.ts";
import { heightOf, RecoveryRun, until } from "./recoveryRun.ts";

const seed = 3;

describe("four validators on a failing network", function () {
  this.timeout(400_000);
  let network: FaultyNetwork;
  let run: RecoveryRun;

  before(async () => {
    network = await FaultyNetwork.start();
    run = await RecoveryRun.start(network.cluster);
  });
  after(async () => {
    await run?.traffic.stop();
    await network?.stop();
  });
  afterEach(() => network?.set(() => undefined));

  const heights = (): Promise<number[]> => Promise.all(run.validators.map(heightOf));

  /** Everybody commits more than what was there. */
  async function resumes(): Promise<void> {
    const target = run.traffic.height + 1;
    await run.progress();
    await until("everybody goes on", async () => (await heights()).every((height) => height >= target));
  }

  it("go on when everything takes 40 ms longer each way", async () => {
    network.set(() => ({ delayMs: 40 }));
    await resumes();
  });

  it("go on when one of them has 50 kB a second", async () => {
    network.set((from, to) => (from === 1 || to === 1 ? { bytesPerSecond: 50_000 } : undefined));
    await resumes();
  });

  it("go on while connections break again and again, with whatever was under way", async () => {
    const random = new Random(seed);
    for (let breaks = 0; breaks < 20; breaks++) {
      network.disconnect(random.below(4));
      await delay(random.between(20, 200));
    }
    await resumes();
  });

  it("go on without one that is cut off, and have it back, caught up", async () => {
    network.partition([0, 0, 0, 1]);
    const alone = run.validators[3] as DevnetValidator;
    const others = run.validators.slice(0, 3);
    await until("the others are far ahead", async () => {
      const reached = await Promise.all(others.map(heightOf));
      return Math.min(...reached) > (await heightOf(alone)) + 5;
    });
    network.partition([0, 0, 0, 0]);
    await resumes();
  });

  it("make nothing final when they are cut in halves, and go on when they are whole", async () => {
    network.partition([0, 0, 1, 1]);
    let [before, stableSince] = [await heights(), performance.now()];
    // What had a quorum when the links were cut may still be executed.
    await until("both halves stand", async () => {
      const now = await heights();
      if (now.join() !== before.join()) stableSince = performance.now();
      before = now;
      return performance.now() - stableSince > 3_000;
    });
    await delay(3_000);
    expect(await heights()).to.deep.equal(before);
    network.partition([0, 0, 0, 0]);
    await resumes();
  });

  it("lost nothing that was final, and signed nothing contradictory, through all this", async () => {
    expect(await run.violations()).to.deep.equal([]);
  });
});
