import { rulesParameters } from "../../node/genesis/rulesParameters.ts";
import { Digest } from "../../node/types/brands.ts";
import type { Market } from "./marketFile.ts";

/** Beyond what the windows of the longest task add up to. */
const marketMarginMs = 180_000;

const { panel } = rulesParameters(Digest(`0x${"00".repeat(32)}`), "development").market;
const votingSeconds = Number(panel.voteWindow + panel.voteRevealWindow);

/** Longest time that the market may take before something must be wrong. */
export function marketLimitMs({ windows, tasks, tasksAtOnce }: Market): number {
  const { commitSeconds, revealSeconds, deliverySeconds, verdictSeconds, acceptanceSeconds, disputeSeconds } = windows;
  const assignment = deliverySeconds + verdictSeconds + 4 * acceptanceSeconds;
  const life = commitSeconds + revealSeconds + 3 * assignment + disputeSeconds + votingSeconds;
  return life * 1_000 * Math.ceil(tasks.length / Math.max(1, tasksAtOnce - 2)) + marketMarginMs;
}
