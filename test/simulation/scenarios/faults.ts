// The network, the clocks and the processes fail; every validator is honest.
import { chaos } from "../chaos.ts";
import { Cluster, type ClusterOptions } from "../cluster.ts";
import type { SimulatedNode } from "../node.ts";
import { faultyMax, type Given, optionsOf, type Scenario } from "./scenario.ts";

export async function load(cluster: Cluster, count: number, everyMs: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    cluster.submit(`transaction ${cluster.submitted.size}`);
    await cluster.run(everyMs);
  }
}

export async function calm(given: Given, own: Partial<ClusterOptions> = {}): Promise<Cluster> {
  const cluster = new Cluster(optionsOf(given, own));
  cluster.start();
  await cluster.run(200);
  return cluster;
}

export async function finished(cluster: Cluster, withinMs = 60_000): Promise<Cluster> {
  await cluster.runUntil("everything is committed by all", withinMs, () => cluster.isCaughtUp());
  cluster.finish();
  return cluster;
}

const heights = (cluster: Cluster): readonly number[] => cluster.nodes.map(({ state }) => state.committed.height);

function scenario(name: string, claim: string, run: (given: Given) => Promise<Cluster>): Scenario {
  return { name, claim, run };
}

/** Partitions for a while, under load; then the network is whole again. */
function partitions(name: string, groups: (cluster: Cluster, round: number) => readonly number[]): Scenario {
  return scenario(
    `partition-${name}`,
    "a split network stays consistent, and goes on when it is whole",
    async (given) => {
      const cluster = await calm(given);
      for (let round = 0; round < 6; round++) {
        cluster.partition = groups(cluster, round);
        await load(cluster, 10, 150);
        cluster.partition = cluster.nodes.map(() => 0);
        await load(cluster, 5, 100);
      }
      return finished(cluster);
    },
  );
}

export const faults: readonly Scenario[] = [
  scenario("all-online", "everything submitted is ordered, in few views", async (given) => {
    const cluster = await calm(given);
    await load(cluster, 300, 30);
    await finished(cluster);
    const streak = Math.max(...cluster.nodes.map(({ state }) => state.nullifiedStreak));
    cluster.expect(streak === 0, "no view is given up while all is well");
    return cluster;
  }),
  scenario("f-crashed-then-f-plus-1", "f crashed: it goes on; f + 1: it stops, then resumes", async (given) => {
    const cluster = await calm(given);
    const f = faultyMax(given.validators);
    const victims = cluster.nodes.slice(0, f + 1);
    for (const node of victims.slice(0, f)) node.crash();
    await load(cluster, 10, 100);
    await cluster.runUntil("the others commit everything", 60_000, () => cluster.isCaughtUp());
    victims.at(-1)?.crash();
    await cluster.run(1_000);
    const before = heights(cluster).slice(f + 1);
    cluster.submit("during the outage");
    await cluster.run(30_000);
    cluster.expect(
      heights(cluster)
        .slice(f + 1)
        .every((height, i) => height === before[i]),
      "nothing is committed without a quorum",
    );
    for (const node of victims) cluster.restart(node);
    return finished(cluster);
  }),
  scenario("chaos", "crashes, loss, duplication and partitions leave nothing inconsistent or stuck", async (given) => {
    const network = { latencyMsMax: 60, loss: 0.1, duplication: 0.05 };
    const cluster = new Cluster(optionsOf(given, { network }));
    await chaos(cluster, { transactions: 60, crash: 0.2, partition: 0.1, healMs: 60_000 });
    return cluster;
  }),
  partitions("half", ({ nodes }) => nodes.map(({ index }) => index % 2)),
  partitions("single", ({ nodes }, round) => nodes.map(({ index }) => (index === round % nodes.length ? 1 : 0))),
  partitions("random", ({ nodes, random }) => nodes.map(() => random.below(3))),
  scenario(
    "partition-ring",
    "validators that hear only their neighbours go on when the network is whole",
    async (given) => {
      const cluster = await calm(given);
      const n = given.validators;
      cluster.linkFaults = (from, to) => ([1, n - 1].includes((to - from + n) % n) ? undefined : { loss: 1 });
      await load(cluster, 20, 150);
      cluster.linkFaults = () => undefined;
      return finished(cluster);
    },
  ),
  scenario("asymmetric-links", "links that work one way only stop nothing for longer than they last", async (given) => {
    const cluster = await calm(given);
    for (let round = 0; round < 4; round++) {
      const deaf = cluster.random.below(given.validators);
      cluster.linkFaults = (_from, to) => (to === deaf ? { loss: 1 } : undefined);
      await load(cluster, 10, 100);
    }
    cluster.linkFaults = () => undefined;
    return finished(cluster);
  }),
  scenario(
    "lossy-slow-reordered",
    "three in ten messages lost, jitter above the timeouts: consistent, and it goes on",
    async (given) => {
      const network = { latencyMsMin: 1, latencyMsMax: 500, loss: 0.3, duplication: 0.2 };
      const cluster = await calm(given, { network });
      await load(cluster, 20, 200);
      cluster.network = { ...network, latencyMsMax: 40, loss: 0 };
      return finished(cluster);
    },
  ),
  scenario(
    "narrow-links",
    "blocks that take a tenth of the timeout to send are ordered all the same",
    async (given) => {
      const cluster = await calm(given, { network: { bytesPerMs: 40 } });
      await load(cluster, 60, 100);
      return finished(cluster);
    },
  ),
  scenario("one-slow-validator", "one slow validator costs the others no more than its own views", async (given) => {
    const slow = given.seed % given.validators;
    const pace = async (latencyMs: number): Promise<number> => {
      const run = await calm(given);
      run.linkFaults = (from, to) =>
        from === slow || to === slow ? { latencyMsMin: latencyMs, latencyMsMax: latencyMs + 20 } : undefined;
      await load(run, 60, 100);
      const { height } = (run.nodes[(slow + 1) % given.validators] as SimulatedNode).state.committed;
      await finished(run);
      return height;
    };
    const [even, uneven] = [await pace(1), await pace(900)];
    const cluster = await calm(given);
    cluster.expect(uneven > even / 6, `${uneven} blocks are not far fewer than ${even}`);
    return finished(cluster);
  }),
  scenario(
    "split-by-certificate-kind",
    "views that some left by a notarization, others by a nullification, heal",
    async (given) => {
      const cluster = await calm(given);
      for (let round = 0; round < 10; round++) {
        const cut = cluster.random.below(given.validators);
        // Proposals and votes come late to some: they nullify while the others notarize.
        cluster.linkFaults = (from, to) =>
          (from + to + cut) % 2 === 0 ? { latencyMsMin: 380, latencyMsMax: 640 } : undefined;
        await load(cluster, 3, 300);
      }
      cluster.linkFaults = () => undefined;
      return finished(cluster);
    },
  ),
  scenario("clock-skew", "clocks that differ by less than the drift allowed stop nothing", async (given) => {
    const clockSkewMs = Array.from({ length: given.validators }, (_, i) => ((i * 7 + given.seed) % 5) * 100 - 200);
    const cluster = await calm(given, { clockSkewMs });
    await load(cluster, 60, 100);
    return finished(cluster);
  }),
  scenario(
    "one-clock-far-ahead",
    "one clock an hour ahead neither moves the chain's time nor stops it",
    async (given) => {
      const clockSkewMs = Array.from({ length: given.validators }, (_, i) =>
        i === given.seed % given.validators ? 3_600_000 : 0,
      );
      const cluster = await calm(given, { clockSkewMs });
      await load(cluster, 60, 100);
      await finished(cluster);
      for (const { state } of cluster.honest) {
        const aheadMs = state.committed.timestampMs - (2_000_000 + cluster.scheduler.nowMs);
        cluster.expect(aheadMs <= 1_000, "the chain's time is not ahead of most clocks");
      }
      return cluster;
    },
  ),
  scenario("stopped-processes", "processes stopped for minutes go on where they were", async (given) => {
    const cluster = await calm(given);
    for (let round = 0; round < 3; round++) {
      const stopped = cluster.nodes.filter(
        ({ index }) => (index + round) % given.validators <= faultyMax(given.validators),
      );
      for (const node of stopped) node.suspend();
      await load(cluster, 10, 1_000);
      for (const node of stopped) node.resume();
      await load(cluster, 5, 100);
    }
    return finished(cluster);
  }),
  scenario(
    "long-outage",
    "after an outage of a quarter of an hour, a block within one retry and a view",
    async (given) => {
      const cluster = await calm(given);
      await load(cluster, 3, 100);
      cluster.partition = cluster.nodes.map(({ index }) => index % 2);
      cluster.submit("during");
      await cluster.run(15 * 60_000);
      const before = heights(cluster);
      cluster.partition = cluster.nodes.map(() => 0);
      await cluster.runUntil("a block is committed by all", 1_000, () =>
        cluster.nodes.every(({ state }, i) => state.committed.height > (before[i] as number)),
      );
      return finished(cluster);
    },
  ),
  scenario("full-mempool", "a flood of transactions leaves the time between blocks as it is", async (given) => {
    const cluster = await calm(given, { blockTransactionsMax: 20 });
    for (let i = 0; i < 400; i++) cluster.submit(`flood ${i}`);
    const before = Math.max(...heights(cluster));
    await cluster.run(1_000);
    const made = Math.max(...heights(cluster)) - before;
    cluster.expect(made >= 4, `${made} blocks in a second of flood`);
    return finished(cluster);
  }),
];
