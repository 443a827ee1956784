// Whole clusters of real cores. A failure names its seed; the same seed gives the same run.
import { expect } from "chai";
import { contradictor, contradictsAll } from "./byzantine/contradictor.ts";
import { equivocator, splits } from "./byzantine/equivocator.ts";
import { withholder } from "./byzantine/withholder.ts";
import { chaos } from "./chaos.ts";
import { Cluster, type ClusterOptions } from "./cluster.ts";

const rough = { latencyMsMax: 60, loss: 0.1, duplication: 0.05 };

async function overSeeds(from: number, count: number, run: (seed: number) => Promise<void>): Promise<void> {
  for (let seed = from; seed < from + count; seed++) await run(seed);
}

async function load(cluster: Cluster, count: number, everyMs: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    cluster.submit(`transaction ${i}`);
    await cluster.run(everyMs);
  }
}

async function calm(options: Partial<ClusterOptions> = {}): Promise<Cluster> {
  const cluster = new Cluster({ seed: 1, validators: 4, ...options });
  cluster.start();
  await cluster.run(200);
  return cluster;
}

describe("simulation: a cluster", function () {
  this.timeout(60_000);

  it("orders everything while all is well, and the same seed gives the same trace twice", async () => {
    const traces = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const cluster = await calm({ seed, wire: true, hashed: true });
        await load(cluster, 40, 50);
        await cluster.runUntil("everything is committed", 2_000, () => cluster.isCaughtUp());
        cluster.finish();
        return cluster.trace.digest();
      }),
    );
    expect(traces[0]).to.equal(traces[1]);
    expect(traces[0]).to.not.equal(traces[2]);
  });

  it("the same seed gives the same trace through crashes, loss and an equivocating leader", async () => {
    const traces = await Promise.all(
      [0, 1].map(async () => {
        const cluster = new Cluster({
          seed: 77,
          hashed: true,
          validators: 4,
          network: rough,
          byzantine: new Map([[2, equivocator(splits.half)]]),
        });
        await chaos(cluster, { transactions: 30, crash: 0.2 });
        return cluster.trace.digest();
      }),
    );
    expect(traces[0]).to.equal(traces[1]);
  });

  for (const validators of [1, 2, 3, 4, 5, 6, 7, 10]) {
    it(`${validators} validators stay consistent through loss, duplication, crashes and partitions`, async () => {
      await overSeeds(100, validators > 6 ? 4 : 10, async (seed) => {
        const cluster = new Cluster({ seed, validators, network: rough });
        await chaos(cluster, { transactions: 40, crash: 0.3, partition: validators > 1 ? 0.1 : 0 });
      });
    });
  }

  for (const [name, split] of Object.entries(splits)) {
    it(`an equivocating leader (${name}) neither splits nor stops the chain, and is convicted`, async () => {
      let convicted = 0;
      await overSeeds(200, 8, async (seed) => {
        const index = seed % 4;
        const cluster = new Cluster({
          seed,
          validators: 4,
          network: rough,
          byzantine: new Map([[index, equivocator(split)]]),
        });
        await chaos(cluster, { transactions: 40, crash: 0.1 });
        const kinds = cluster.checkers.evidence.map(({ kind, offender }) => `${kind} by ${offender}`);
        if (kinds.includes(`conflictingNotarize by ${index}`)) convicted++;
      });
      expect(convicted).to.equal(8);
    });
  }

  it("a validator that contradicts every vote it casts is convicted of all four faults, and harms nobody", async () => {
    const kinds = new Set<string>();
    await overSeeds(300, 6, async (seed) => {
      const byzantine = new Map([[seed % 4, contradictor(contradictsAll)]]);
      const cluster = new Cluster({ seed, validators: 4, network: rough, byzantine });
      await chaos(cluster, { transactions: 40, crash: 0.1 });
      for (const { kind } of cluster.checkers.evidence) kinds.add(kind);
    });
    expect([...kinds].sort()).to.deep.equal([
      "conflictingFinalize",
      "conflictingNotarize",
      "finalizeOther",
      "nullifyFinalize",
    ]);
  });

  it("a leader that withholds its block from some does not stop the others", async () => {
    await overSeeds(400, 6, async (seed) => {
      const byzantine = new Map([[seed % 4, withholder]]);
      const cluster = new Cluster({ seed, validators: 4, network: rough, byzantine });
      await chaos(cluster, { transactions: 40, crash: 0.1 });
    });
  });

  it("f crashed of n: the others go on; f + 1: nothing is committed, then everything once they are back", async () => {
    for (const [validators, f] of [
      [4, 1],
      [7, 2],
    ] as const) {
      const cluster = await calm({ validators, seed: validators });
      const victims = cluster.nodes.slice(0, f + 1);
      for (const node of victims.slice(0, f)) node.crash();
      await load(cluster, 10, 100);
      await cluster.runUntil("the others commit everything", 20_000, () => cluster.isCaughtUp());
      victims.at(-1)?.crash();
      await cluster.run(1_000);
      const heights = cluster.honest.map(({ state }) => state.committed.height);
      cluster.submit("during the outage");
      await cluster.run(60_000);
      expect(cluster.honest.map(({ state }) => state.committed.height)).to.deep.equal(heights);
      for (const node of victims) cluster.restart(node);
      await cluster.runUntil("all are at one height again", 10_000, () => cluster.isCaughtUp());
      cluster.finish();
    }
  });

  it("after a long outage, progress resumes within tR plus the views of faulty leaders", async () => {
    const cluster = await calm();
    cluster.submit("before");
    await cluster.run(500);
    cluster.partition = [0, 0, 1, 1];
    cluster.submit("during");
    await cluster.run(15 * 60 * 1_000);
    const before = cluster.nodes.map(({ state }) => state.committed.height);
    cluster.partition = [0, 0, 0, 0];
    // tR is 300 ms; no leader is faulty, so one view (a few hops of at most 20 ms) is to be added.
    await cluster.runUntil("a block is committed by all", 700, () =>
      cluster.nodes.every(({ state }, i) => state.committed.height > (before[i] as number)),
    );
    await cluster.runUntil("everything is committed", 1_500, () => cluster.isCaughtUp());
    cluster.finish();
  });

  it("a node that comes back hundreds of blocks behind reaches the head in seconds", async () => {
    const cluster = await calm({ parameters: { blockIntervalMs: 5 } });
    const late = cluster.nodes[3] as (typeof cluster.nodes)[number];
    late.crash();
    await load(cluster, 800, 30);
    const head = (cluster.nodes[0] as typeof late).state.committed.height;
    expect(head).to.be.greaterThan(500);
    cluster.restart(late);
    await cluster.runUntil("the late node stands at the head", 8_000, () => late.state.committed.height >= head);
    cluster.finish();
  });

  it("all killed in the middle of a view come back and go on", async () => {
    await overSeeds(500, 15, async (seed) => {
      const cluster = await calm({ seed });
      for (let round = 0; round < 5; round++) {
        cluster.submit(`transaction ${round}`);
        await cluster.run(cluster.random.between(0, 150));
        for (const node of cluster.nodes) node.crash();
        await cluster.run(cluster.random.between(0, 50));
        for (const node of cluster.nodes) cluster.restart(node);
      }
      await cluster.runUntil("everything is committed", 10_000, () => cluster.isCaughtUp());
      cluster.finish();
    });
  });

  it("an idle chain makes one block for each heartbeat and no view without a block", async () => {
    const cluster = await calm();
    cluster.submit("the only one");
    await cluster.run(3_000);
    const before = cluster.nodes.map(({ state }) => [state.current, state.committed.height] as const);
    await cluster.run(30_000);
    cluster.nodes.forEach(({ state }, i) => {
      const [view, height] = before[i] as readonly [number, number];
      expect(state.current - view).to.equal(state.committed.height - height);
      expect(state.committed.height - height).to.be.within(8, 11);
    });
  });

  it("one transaction is final, and its result stated, two blocks later", async () => {
    const cluster = await calm();
    cluster.submit("the only one");
    await cluster.run(2_000);
    for (const { state } of cluster.nodes) expect(state.committed.height).to.equal(2);
  });

  it("a validator whose log is lost signs nothing until the others have passed it, and then takes part again", async () => {
    await overSeeds(600, 8, async (seed) => {
      const cluster = await calm({ seed, alarms: ["SIGNING_DOUBTFUL"] });
      await load(cluster, 10, 50);
      const victim = cluster.nodes[seed % 4] as (typeof cluster.nodes)[number];
      victim.crash();
      victim.loseLog();
      cluster.restart(victim);
      for (let i = 0; i < 20; i++) {
        cluster.submit(`after ${i}`);
        await cluster.run(100);
      }
      await cluster.runUntil("everything is committed", 20_000, () => cluster.isCaughtUp());
      await cluster.run(500);
      // Now the victim's vote is needed.
      (cluster.nodes[(seed + 1) % 4] as typeof victim).crash();
      cluster.submit("with three of four");
      await cluster.runUntil("everything is committed", 20_000, () => cluster.isCaughtUp());
      cluster.finish();
    });
  });
});
