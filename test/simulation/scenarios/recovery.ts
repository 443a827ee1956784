// Disks and processes fail under the node's own driver, log, guard and recovery.
import { quorumOf } from "../../../node/types/quorum.ts";
import { chaos } from "../chaos.ts";
import { Cluster } from "../cluster.ts";
import type { DriverNode } from "../driverNode.ts";
import { calm, finished, load } from "./faults.ts";
import { type Given, optionsOf, type Scenario } from "./scenario.ts";

const driver = true;
const disks = (cluster: Cluster): readonly DriverNode[] => cluster.nodes as readonly DriverNode[];
const victimOf = (cluster: Cluster, { seed, validators }: Given): DriverNode =>
  disks(cluster)[seed % validators] as DriverNode;

/** Where the node refuses to start, its sentence says what to remove; the operator does so. */
async function mended(cluster: Cluster, victim: DriverNode): Promise<void> {
  await cluster.run(50);
  if (victim.isRunning) return;
  victim.crash();
  victim.wipe();
  cluster.restart(victim);
}

/** A log or a guard was lost, or does not fit the other. */
const lossAlarms = ["SIGNING_DOUBTFUL"];

function scenario(name: string, claim: string, run: (given: Given) => Promise<Cluster>): Scenario {
  return { name, claim, run };
}

export const recovery: readonly Scenario[] = [
  scenario(
    "power-cuts",
    "power cuts at any moment lose nothing final and make nobody contradict itself",
    async (given) => {
      const network = { latencyMsMax: 40, loss: 0.02, duplication: 0.02 };
      const cluster = new Cluster(optionsOf(given, { driver, network }));
      await chaos(cluster, { transactions: 30, crash: 0.6, healMs: 60_000 });
      return cluster;
    },
  ),
  scenario("slow-disk", "a disk whose syncs take a quarter of a second slows its own node only", async (given) => {
    const cluster = await calm(given, { driver });
    victimOf(cluster, given).files.syncMsMax = 250;
    await load(cluster, 20, 150);
    return finished(cluster);
  }),
  scenario("all-killed", "all killed in the middle of a view, and again, come back and go on", async (given) => {
    const cluster = await calm(given, { driver });
    for (let round = 0; round < 6; round++) {
      cluster.submit(`before ${round}`);
      // Long enough, now and then, for the view to have been nullified.
      await cluster.run(cluster.random.between(0, round % 2 === 0 ? 150 : 900));
      for (const node of cluster.nodes) node.crash();
      await cluster.run(cluster.random.between(0, 50));
      for (const node of cluster.nodes) cluster.restart(node);
    }
    return finished(cluster);
  }),
  scenario("log-deleted", "a deleted log: the guard signs nothing until the others have passed it", async (given) => {
    const cluster = await calm(given, { driver, alarms: lossAlarms });
    await load(cluster, 10, 50);
    const victim = victimOf(cluster, given);
    victim.crash();
    victim.loseLog();
    cluster.restart(victim);
    await mended(cluster, victim);
    await load(cluster, 20, 100);
    await cluster.runUntil("everything is committed", 60_000, () => cluster.isCaughtUp());
    disks(cluster)[(given.seed + 1) % given.validators]?.crash();
    cluster.submit("now the victim's vote counts");
    return finished(cluster);
  }),
  scenario(
    "guard-deleted",
    "a deleted guard: nothing is signed until the others have passed the log",
    async (given) => {
      const cluster = await calm(given, { driver, alarms: lossAlarms });
      await load(cluster, 10, 50);
      const victim = victimOf(cluster, given);
      victim.crash();
      victim.loseGuard();
      cluster.restart(victim);
      await load(cluster, 20, 100);
      return finished(cluster);
    },
  ),
  scenario("stale-backup", "a log or a guard restored from a backup signs nothing twice", async (given) => {
    const cluster = await calm(given, { driver, alarms: lossAlarms });
    await load(cluster, 5, 50);
    const victim = victimOf(cluster, given);
    const backup = victim.files.backup();
    await load(cluster, 15, 60);
    victim.crash();
    victim.files.restore(backup, given.seed % 2 === 0 ? "/wal" : "/guard");
    cluster.restart(victim);
    await mended(cluster, victim);
    await load(cluster, 15, 100);
    return finished(cluster);
  }),
  scenario("wiped-minority", "wiped nodes catch up from the others and take part again", async (given) => {
    const cluster = await calm(given, { driver, alarms: lossAlarms });
    await load(cluster, 20, 60);
    const victim = victimOf(cluster, given);
    victim.crash();
    victim.wipe();
    cluster.restart(victim);
    await load(cluster, 20, 100);
    return finished(cluster);
  }),
  scenario(
    "wiped-quorum",
    "a quorum that lost its data has it back from the others, and signs nothing twice",
    async (given) => {
      const cluster = await calm(given, { driver, alarms: lossAlarms });
      await load(cluster, 20, 60);
      const victims = disks(cluster).slice(0, quorumOf(given.validators));
      const height = Math.max(...cluster.nodes.map(({ state }) => state.committed.height));
      for (const victim of victims) {
        victim.crash();
        victim.wipe();
      }
      for (const victim of victims) cluster.restart(victim);
      await cluster.runUntil("everybody has what was final", 60_000, () =>
        cluster.nodes.every(({ state }) => state.committed.height >= height - 1),
      );
      await load(cluster, 20, 100);
      cluster.finish();
      return cluster;
    },
  ),
  scenario(
    "all-wiped",
    "all lost their data, none its guard: nobody signs what contradicts its past",
    async (given) => {
      const cluster = await calm(given, { driver, alarms: lossAlarms });
      await load(cluster, 20, 60);
      for (const victim of disks(cluster)) {
        victim.crash();
        victim.wipe();
      }
      for (const victim of disks(cluster)) cluster.restart(victim);
      await load(cluster, 20, 100);
      await cluster.run(20_000);
      cluster.finish();
      return cluster;
    },
  ),
  scenario(
    "rotten-log",
    "a rotten log stops its node with a sentence, or is cut where nothing depends on it",
    async (given) => {
      const alarms = [...lossAlarms, "WAL_DAMAGED", "WAL_SEGMENT_MISSING"];
      const cluster = await calm(given, { driver, alarms });
      await load(cluster, 10, 60);
      const victim = victimOf(cluster, given);
      victim.crash();
      victim.files.rot("/wal", cluster.random.next());
      cluster.restart(victim);
      await mended(cluster, victim);
      await load(cluster, 20, 100);
      return finished(cluster);
    },
  ),
  scenario("full-disk", "a full disk stops its node with a sentence; with room again it goes on", async (given) => {
    const alarms = ["WAL_WRITE_FAILED", "GUARD_WRITE_FAILED"];
    const cluster = await calm(given, { driver, alarms });
    await load(cluster, 10, 60);
    const victim = victimOf(cluster, given);
    victim.files.isFull = true;
    await load(cluster, 10, 100);
    cluster.expect(!victim.isRunning, "it does not go on with a full disk");
    victim.files.isFull = false;
    victim.crash();
    cluster.restart(victim);
    await load(cluster, 10, 100);
    return finished(cluster);
  }),
  scenario("failing-sync", "a sync that fails stops the node; nothing leaves it after that", async (given) => {
    const alarms = ["WAL_WRITE_FAILED", "GUARD_WRITE_FAILED"];
    const cluster = await calm(given, { driver, alarms });
    const victim = victimOf(cluster, given);
    victim.files.syncFailure = 0.05;
    await load(cluster, 20, 100);
    victim.files.syncFailure = 0;
    victim.crash();
    cluster.restart(victim);
    return finished(cluster);
  }),
  scenario("one-engine-errs", "a node whose execution errs stops alone and loudly", async (given) => {
    const cluster = new Cluster(
      optionsOf(given, {
        driver,
        erring: given.seed % given.validators,
        alarms: ["EXECUTION_DIVERGED", "EXECUTION_MISMATCHES"],
      }),
    );
    const victim = victimOf(cluster, given);
    victim.wrongAtHeight = 5;
    cluster.start();
    await load(cluster, 30, 100);
    await cluster.runUntil("the others commit everything", 60_000, () => cluster.isCaughtUp());
    cluster.expect(!victim.isRunning, "the node that errs has stopped");
    cluster.expect(
      cluster.checkers.stops.every(({ node }) => node === victim.index),
      "no other has",
    );
    cluster.finish();
    return cluster;
  }),
];
