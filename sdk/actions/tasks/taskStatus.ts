// The numbers that the contracts store (ITaskMarket), as words. New states are appended there.
import { InvariantError } from "../../../node/types/errors.ts";

export const taskStatuses = ["none", "open", "settled", "closed", "cancelled"] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** `assigned`: an agent is at work. `offered`: it failed, and ranked losers are asked in turn. */
export const unitStatuses = ["none", "assigned", "offered", "paid", "refunded"] as const;
export type UnitStatus = (typeof unitStatuses)[number];

export const verdicts = ["none", "accepted", "rejected"] as const;
export type Verdict = (typeof verdicts)[number];

export const tenderPhases = ["none", "commit", "reveal", "awarded", "void"] as const;
/** `commit` and `reveal` also name a tender whose deadlines have passed and that nobody has settled yet. */
export type TenderPhase = (typeof tenderPhases)[number];

export const jobStatuses = ["open", "funded", "submitted", "completed", "rejected", "expired"] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** The word for a number; contracts of a later version may know more than this SDK. */
export function wordFor<T extends string>(words: readonly T[], value: number): T {
  const word = words[value];
  if (word !== undefined) return word;
  throw new InvariantError("UNKNOWN_STATUS", { value }, `a contract has a status ${value} that this SDK does not know`);
}
