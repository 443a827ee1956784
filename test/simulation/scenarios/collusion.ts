// Keys that run on two machines ("Twins", Bano et al. 2020), below and above a third of the validators.
import { defaultConsensusLimits } from "../../../node/consensus/config.ts";
import type { ValidatorIndex } from "../../../node/types/brands.ts";
import { quorumOf } from "../../../node/types/quorum.ts";
import type { Cluster, ClusterOptions } from "../cluster.ts";
import { calm, finished, load } from "./faults.ts";
import { faultyMax, type Given, type Scenario } from "./scenario.ts";

/** Groups of the nodes: bit i of `split` says on which side node i stands. */
const sides = (cluster: Cluster, split: number): readonly number[] =>
  cluster.nodes.map((_, i) => (split >> (i % 30)) & 1);

async function twinned(given: Given, splits: readonly number[]): Promise<Cluster> {
  const twins = Array.from({ length: faultyMax(given.validators) }, (_, i) => (given.seed + i) % given.validators);
  const cluster = await calm(given, { twins });
  for (const split of splits) {
    cluster.partition = sides(cluster, split);
    await load(cluster, 4, 150);
  }
  cluster.partition = cluster.nodes.map(() => 0);
  await load(cluster, 5, 100);
  return finished(cluster);
}

/** The fork that more than a third can make: each machine of their keys works honestly with one half. */
async function forkedBy(liars: number, given: Given, own: Partial<ClusterOptions> = {}): Promise<Cluster> {
  const { validators } = given;
  const twins = Array.from({ length: liars }, (_, i) => i);
  const alarms = ["FORK"];
  const forkAllowed = liars > faultyMax(validators);
  // Two chains of different epochs are told apart, but the votes that convict lie in an epoch that has passed.
  const parameters = forkAllowed ? { epochBlocks: 0 } : {};
  const cluster = await calm(given, { twins, forkAllowed, alarms, parameters, ...own });
  cluster.partition = cluster.nodes.map(({ index, machine }) =>
    machine >= validators ? 1 : index < liars ? 0 : index % 2,
  );
  await load(cluster, 20, 200);
  cluster.partition = cluster.nodes.map(() => 0);
  cluster.submit("after the split");
  return cluster;
}

/** As few as two quorums can have in common. */
const colluders = (validators: number): number => 2 * quorumOf(validators) - validators;

/** Both chains go on for a while, then everybody can hear everybody. */
async function forked(given: Given, own: Partial<ClusterOptions> = {}): Promise<Cluster> {
  const { validators } = given;
  const liars = colluders(validators);
  const cluster = await forkedBy(liars, given, own);
  await cluster.run(20_000);
  const { convictedBy, forks, stops } = cluster.checkers;
  cluster.expect(forks.length > 0, "the colluders did fork the chain");
  for (let honest = liars; honest < validators; honest++) {
    const codes = new Set(stops.filter(({ node }) => node === honest).map(({ code }) => code));
    cluster.expect([...codes].join() === "FORK", `validator ${honest} stops with FORK, not with [${[...codes]}]`);
    const convicted = convictedBy.get(honest as ValidatorIndex)?.size ?? 0;
    cluster.expect(convicted === liars, `validator ${honest} convicts all ${liars} colluders, not ${convicted}`);
  }
  cluster.finish();
  return cluster;
}

export const collusion: readonly Scenario[] = [
  {
    name: "twins-sampled",
    claim: "keys of f validators on two machines each, split in any way, neither fork nor stop the chain",
    run: (given) => {
      const draw = (round: number) => Math.imul(given.seed * 31 + round, 2_654_435_761) >>> 1;
      return twinned(
        given,
        Array.from({ length: 8 }, (_, round) => draw(round)),
      );
    },
  },
  {
    name: "twins-enumerated",
    claim: "every pair of splits in turn, for the smallest network",
    // Five nodes: 16 splits up to naming the sides, so 256 pairs; the seed says which.
    run: (given) => twinned({ ...given, validators: 4 }, [given.seed % 16, Math.floor(given.seed / 16) % 16]),
  },
  {
    name: "colluders-within-a-third",
    claim: "f colluders cannot fork the chain",
    async run(given) {
      const cluster = await forkedBy(faultyMax(given.validators), given);
      return finished(cluster);
    },
  },
  {
    name: "colluders-above-a-third",
    claim: "a fork by more than a third stops every honest node, and each convicts all colluders and nobody else",
    run: (given) => forked(given),
  },
  {
    name: "long-fork",
    claim: "so does a fork by many more blocks than a node holds above its tip",
    run: (given) => {
      const limits = { ...defaultConsensusLimits, uncommittedBlocksMax: 8, blocksPerMessageMax: 4 };
      return forked(given, { limits });
    },
  },
];
