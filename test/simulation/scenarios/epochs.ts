// Sets that change: validators join, leave, and are replaced, while the network and the processes fail.

import { contradictor, contradictsAll } from "../byzantine/contradictor.ts";
import { leftBehind } from "../byzantine/leftBehind.ts";
import { chaos } from "../chaos.ts";
import { Cluster, type ClusterOptions } from "../cluster.ts";
import type { SimulatedNode } from "../node.ts";
import { finished, load } from "./faults.ts";
import { type Given, optionsOf, type Scenario } from "./scenario.ts";

/** Machines that are not in the first set. */
const newcomers = 3;
const epochBlocks = 5;

function changing(given: Given, own: Partial<ClusterOptions> = {}): Cluster {
  return new Cluster(optionsOf(given, { observers: newcomers, parameters: { epochBlocks }, ...own }));
}

const epochOf = ({ state }: SimulatedNode): number => state.config.epoch;
const isMember = (cluster: Cluster, machine: number): boolean =>
  cluster.nodes[machine]?.state.config.self !== undefined;

/** Orders transactions until every machine stands behind two more epochs: a change that was submitted is in force. */
async function twoEpochs(cluster: Cluster): Promise<void> {
  const until = 2 + Math.max(...cluster.nodes.map(epochOf));
  for (let i = 0; i < 200 && cluster.honest.some((node) => node.isRunning && epochOf(node) < until); i++) {
    await load(cluster, 1, 60);
  }
  cluster.expect(
    cluster.honest.every((node) => !node.isRunning || epochOf(node) >= until),
    `everybody reaches epoch ${until}`,
  );
}

async function started(cluster: Cluster): Promise<void> {
  cluster.start();
  await cluster.run(200);
}

export const epochs: readonly Scenario[] = [
  {
    name: "validators-join-and-leave",
    claim: "a set takes validators in and lets others go, and orders on; who is in none follows",
    async run(given) {
      const { validators: first } = given;
      const cluster = changing(given);
      await started(cluster);
      for (let i = 0; i < newcomers; i++) cluster.submit(`join ${first + i}`);
      await twoEpochs(cluster);
      for (let i = 0; i < newcomers; i++) cluster.expect(isMember(cluster, first + i), `machine ${first + i} votes`);
      for (let i = 0; i < newcomers; i++) cluster.submit(`leave ${i}`);
      await twoEpochs(cluster);
      for (let i = 0; i < newcomers; i++) cluster.expect(!isMember(cluster, i), `machine ${i} votes no more`);
      await load(cluster, 20, 50);
      return finished(cluster);
    },
  },
  {
    name: "half-the-set-replaced",
    claim: "half of a set makes room for others at once: the chain goes on as long as a quorum of both lives",
    async run(given) {
      const cluster = changing({ ...given, validators: 6 });
      await started(cluster);
      for (let i = 0; i < newcomers; i++) {
        cluster.submit(`join ${6 + i}`);
        cluster.submit(`leave ${i}`);
      }
      await twoEpochs(cluster);
      // One of the six that are left may crash.
      cluster.nodes[given.seed % 2 === 0 ? 3 : 6]?.crash();
      await twoEpochs(cluster);
      for (const node of cluster.nodes) if (!node.isRunning) cluster.restart(node);
      return finished(cluster);
    },
  },
  {
    name: "set-changes-during-faults",
    claim: "crashes, loss and partitions while the set changes leave nothing inconsistent or stuck",
    async run(given) {
      const network = { latencyMsMax: 60, loss: 0.1, duplication: 0.05 };
      const cluster = changing(given, { network });
      const { validators: first } = given;
      let submitted = 0;
      const submit = cluster.submit.bind(cluster);
      cluster.submit = (transaction) => {
        submit(transaction);
        submitted++;
        const machine = Math.floor(submitted / 12) % newcomers;
        if (submitted % 12 === 3) submit(`join ${first + machine}`);
        if (submitted % 12 === 9) submit(`leave ${machine}`);
        if (submitted % 24 === 21) submit(`join ${machine}`);
      };
      await chaos(cluster, { transactions: 60, crash: 0.15, partition: 0.1, healMs: 120_000 });
      return cluster;
    },
  },
  {
    name: "wakes-up-many-epochs-later",
    claim: "who was away for many epochs follows one after the other, and votes again",
    async run(given) {
      const cluster = changing(given);
      await started(cluster);
      const sleeper = cluster.nodes[given.seed % given.validators] as SimulatedNode;
      sleeper.crash();
      for (let i = 0; i < 4; i++) await twoEpochs(cluster);
      cluster.restart(sleeper);
      await cluster.runUntil("the sleeper is back", 60_000, () => cluster.isCaughtUp());
      await twoEpochs(cluster);
      cluster.expect(isMember(cluster, sleeper.index), "it votes again");
      return finished(cluster);
    },
  },
  {
    name: "removed-leader-proposes",
    claim: "who has left the set, and goes on proposing and voting in it and in the next, moves nobody",
    async run(given) {
      const liar = given.seed % given.validators;
      const cluster = changing(given, { byzantine: new Map([[liar, leftBehind]]) });
      await started(cluster);
      cluster.submit(`join ${given.validators}`);
      cluster.submit(`leave ${liar}`);
      await twoEpochs(cluster);
      await twoEpochs(cluster);
      cluster.expect(!isMember(cluster, liar), "it has left");
      return finished(cluster);
    },
  },
  {
    name: "retired-contradictor",
    claim: "who contradicted itself in an epoch and then left is convicted for that epoch all the same",
    async run(given) {
      const liar = given.seed % given.validators;
      const cluster = changing(given, { byzantine: new Map([[liar, contradictor(contradictsAll)]]) });
      await started(cluster);
      cluster.submit(`join ${given.validators}`);
      cluster.submit(`leave ${liar}`);
      await twoEpochs(cluster);
      await twoEpochs(cluster);
      const { evidence, convictedBy } = cluster.checkers;
      cluster.expect(evidence.length > 0, "there is evidence");
      for (const [node, convicted] of convictedBy) {
        cluster.expect([...convicted].join() === String(liar), `node ${node} convicts ${liar}, not ${[...convicted]}`);
      }
      return finished(cluster);
    },
  },
];
