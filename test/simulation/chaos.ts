import type { Cluster } from "./cluster.ts";

export interface ChaosOptions {
  readonly transactions: number;
  /** Chance, after each transaction, that a validator crashes. */
  readonly crash?: number;
  readonly partition?: number;
  /** How long everything may take to be committed once all is well again. */
  readonly healMs?: number;
  /** When everybody has been started and the network is whole. */
  readonly beforeTheEnd?: () => void;
}

/**
 * Runs a cluster through crashes and partitions under load; then everybody is started, the network is made whole, and
 * everything submitted must be committed by all in time.
 */
export async function chaos(cluster: Cluster, options: ChaosOptions): Promise<void> {
  const { random, nodes } = cluster;
  cluster.start();
  for (let i = 0; i < options.transactions; i++) {
    cluster.submit(`transaction ${i}`);
    await cluster.run(random.between(0, 300));
    for (const node of nodes) if (!node.isRunning && random.chance(0.2)) cluster.restart(node);
    const node = random.pick(cluster.honest);
    if (node.isRunning && random.chance(options.crash ?? 0)) {
      node.crash();
      if (random.chance(0.5)) cluster.restart(node);
    }
    if (random.chance(options.partition ?? 0)) cluster.partition = nodes.map(() => random.below(2));
    else if (random.chance(0.3)) heal(cluster);
  }
  heal(cluster);
  for (const node of nodes) if (!node.isRunning) cluster.restart(node);
  cluster.network = { ...cluster.network, loss: 0 };
  options.beforeTheEnd?.();
  await cluster.runUntil("everything is committed by all", options.healMs ?? 30_000, () => cluster.isCaughtUp());
  await cluster.run(5_000);
  cluster.finish();
}

function heal(cluster: Cluster): void {
  cluster.partition = cluster.nodes.map(() => 0);
}
