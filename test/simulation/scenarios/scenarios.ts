import { adversaries } from "./adversaries.ts";
import { clientScenarios } from "./clients.ts";
import { collusion } from "./collusion.ts";
import { convictions } from "./convictions.ts";
import { epochs } from "./epochs.ts";
import { faults } from "./faults.ts";
import { recovery } from "./recovery.ts";
import type { Scenario } from "./scenario.ts";

/** Every scenario, by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [...faults, ...adversaries, ...convictions, ...collusion, ...recovery, ...epochs, ...clientScenarios].map((one) => [
    one.name,
    one,
  ]),
);
