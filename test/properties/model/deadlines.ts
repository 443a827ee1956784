// The seconds that anything in the market turns on, soonest first.
import { isOpen } from "./accusations.ts";
import type { Model } from "./model.ts";
import { lastOf } from "./tasks.ts";

export function deadlines(m: Model): readonly number[] {
  const found: number[] = [];
  for (const task of m.tasks) {
    if (task.status === "open") found.push(task.commitDeadline, task.revealDeadline);
    if (task.status !== "settled") continue;
    for (const unit of task.assigned) {
      if (unit.status === "assigned") {
        found.push(unit.deadline, unit.deadline + task.verdictWindow, lastOf(task, unit));
        if (unit.dispute !== undefined) found.push(unit.dispute.voteDeadline, unit.dispute.revealDeadline);
      }
      if (unit.status === "offered") {
        const turns = Math.floor((m.now - unit.decidedAt) / task.acceptanceWindow) + 1;
        found.push(unit.decidedAt + turns * task.acceptanceWindow - 1);
      }
    }
  }
  for (const accusation of m.accusations) if (isOpen(accusation)) found.push(accusation.deadline);
  return found.filter((second) => second >= m.now).sort((a, b) => a - b);
}
