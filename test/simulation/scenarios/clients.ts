// What clients see of objects that they share through the ledger, while the network and the validators fail.
import { chaos } from "../chaos.ts";
import { Clients } from "../clients.ts";
import { Cluster } from "../cluster.ts";
import { linearization, type SequentialObject } from "../linearizable.ts";
import { register, set } from "../objects.ts";
import type { Random } from "../random.ts";
import { type Given, optionsOf, type Scenario } from "./scenario.ts";

/** How long clients go on when all is well again. */
const calmMs = 4_000;
/** Few values, so that the same one is written by several, and an old one seen again would look new. */
const valuesMax = 5;

export function drawRegisterCall(random: Random): string {
  const value = () => random.below(valuesMax);
  if (random.chance(0.4)) return "register read";
  return random.chance(0.6) ? `register write ${value()}` : `register swap ${value()} ${value()}`;
}

function drawSetCall(random: Random): string {
  return random.chance(0.4) ? "set read" : `set add ${random.below(1_000)}`;
}

interface Workload {
  readonly object: SequentialObject<unknown, string>;
  readonly draw: (random: Random) => string;
}

function linearizable(name: string, { object, draw }: Workload): Scenario {
  return {
    name: `linearizable-${name}`,
    claim: `what clients see of a ${name} is linearizable, through crashes, loss and partitions`,
    async run(given: Given) {
      const network = { latencyMsMax: 60, loss: 0.05, duplication: 0.05 };
      const cluster = new Cluster(optionsOf(given, { network }));
      const clients = new Clients(cluster, { clients: 5, draw: () => draw(cluster.random) });
      await chaos(cluster, {
        transactions: 40,
        crash: 0.15,
        partition: 0.15,
        healMs: 60_000,
        beforeTheEnd: () => cluster.scheduler.after(calmMs, () => clients.stop()),
      });
      const answered = clients.history.filter(({ answer }) => answer !== undefined).length;
      cluster.expect(answered >= 30, `clients had ${answered} answers`);
      cluster.expect(linearization(object, clients.history) !== undefined, `a ${name}'s history is linearizable`);
      return cluster;
    },
  };
}

export const clientScenarios: readonly Scenario[] = [
  linearizable("register", { object: register as SequentialObject<unknown, string>, draw: drawRegisterCall }),
  linearizable("set", { object: set as SequentialObject<unknown, string>, draw: drawSetCall }),
];
