import { adversaries } from "./adversaries.ts";
import { collusion } from "./collusion.ts";
import { faults } from "./faults.ts";
import { recovery } from "./recovery.ts";
import type { Scenario } from "./scenario.ts";

/** Every scenario, by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [...faults, ...adversaries, ...collusion, ...recovery].map((one) => [one.name, one]),
);
