// Every adversary that signs a contradiction is punished in the ledger, by evidence that honest validators found and
// showed by themselves: the node's own driver, stores and reporter, through crashes, loss and power cuts.
import type { Byzantine } from "../byzantine/byzantine.ts";
import { censor } from "../byzantine/censor.ts";
import {
  contradictor,
  contradictsAll,
  doubleFinalizes,
  doubleNotarizes,
  nullifiesAndFinalizes,
} from "../byzantine/contradictor.ts";
import { equivocator, splits } from "../byzantine/equivocator.ts";
import { chaos } from "../chaos.ts";
import { Cluster } from "../cluster.ts";
import type { SimulatedRules } from "../simulatedRules.ts";
import type { SigningScheme } from "../simulatedScheme.ts";
import { faultyMax, type Given, optionsOf, type Scenario } from "./scenario.ts";

/** How long, once the network is whole, until the last in line has had its turn on a chain that is idle. */
const convictionMs = 240_000;
/** Evidence in blocks, for each pair of an offender and a reporter: a commitment, the showing, and either once more for
 * a mempool that was lost. */
const transactionsMax = 4;

function conviction(name: string, claim: string, make: (scheme: SigningScheme) => Byzantine): Scenario {
  return {
    name: `convicted-${name}`,
    claim,
    async run(given: Given) {
      const { seed, validators } = given;
      const count = Math.max(1, faultyMax(validators));
      const liars = new Set(Array.from({ length: count }, (_, i) => (seed + 2 * i) % validators));
      const byzantine = new Map([...liars].map((liar) => [liar, make]));
      const network = { latencyMsMax: 60, loss: seed % 2 === 0 ? 0 : 0.1, duplication: 0.05 };
      const cluster = new Cluster(optionsOf(given, { network, byzantine, driver: true }));
      await chaos(cluster, { transactions: 40, crash: seed % 3 === 0 ? 0.2 : 0, healMs: 60_000 });
      const rules = (): readonly SimulatedRules[] =>
        cluster.honest.flatMap(({ ledger }) => (ledger.rules === undefined ? [] : [ledger.rules]));
      await cluster.runUntil("every liar is punished", convictionMs, () =>
        rules().every(({ barred }) => [...liars].every((liar) => barred.has(liar))),
      );
      for (const { punished, transactions } of rules()) {
        for (const { offender, reporter, isRewarded } of punished.values()) {
          cluster.expect(liars.has(offender), `nobody but the liars is punished, not ${offender}`);
          cluster.expect(isRewarded, `validator ${reporter} committed to what it showed`);
        }
        const most = transactionsMax * count * validators;
        cluster.expect(transactions <= most, `evidence takes ${most} transactions at most, not ${transactions}`);
      }
      cluster.finish();
      return cluster;
    },
  };
}

export const convictions: readonly Scenario[] = [
  ...Object.entries(splits).map(([split, by]) =>
    conviction(`equivocating-leader-${split}`, "a leader that shows different blocks is punished", equivocator(by)),
  ),
  conviction("double-notarizer", "who notarizes two blocks in a view is punished", contradictor(doubleNotarizes)),
  conviction("double-finalizer", "who finalizes two blocks in a view is punished", contradictor(doubleFinalizes)),
  conviction(
    "nullify-and-finalize",
    "who nullifies and finalizes in a view is punished",
    contradictor(nullifiesAndFinalizes),
  ),
  conviction("contradicts-everything", "who contradicts every vote is punished", contradictor(contradictsAll)),
  conviction(
    "censor",
    "who leaves evidence against itself out of its blocks is punished all the same",
    censor(contradictor(contradictsAll)),
  ),
];
