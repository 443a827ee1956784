// Who wins, by the definitions of ERC-8469 on the revealed bids; and to whom a unit is offered whose agent failed.
import { type Award, awardBy } from "../../contracts/market/awardRules.ts";
import { deliveredInTime, type Model, type TaskModel, type UnitModel } from "./model.ts";

/** The awards, by the definitions of ERC-8469 on the revealed bids. */
export function awardsOf(task: TaskModel, without: readonly string[] = []): readonly Award[] {
  const bids = task.bids
    .filter(({ revealed, key }) => revealed && !without.includes(key.person.address))
    .map(({ key, amount }) => ({ bidder: key.person.address, amount: BigInt(amount) }));
  return awardBy(task.mechanism, bids, BigInt(task.reserve), task.units);
}

/** Whoever can no longer deliver in time, concluded or not: facts, in whatever order anybody looks at them. */
export function failuresOf(m: Model, task: TaskModel): readonly string[] {
  const late = task.assigned.filter(
    (unit) => unit.status === "assigned" && m.now > unit.deadline && !deliveredInTime(unit),
  );
  return [...task.failed, ...late.map(({ key }) => key.person.address)];
}

/** The loser whose turn it is, with its price; undefined when nobody is left. */
export function candidateOf(m: Model, task: TaskModel, unit: UnitModel): Award | undefined {
  const turn = Math.floor((m.now - unit.decidedAt) / task.acceptanceWindow);
  if (turn >= m.figures.candidatesMax) return undefined;
  const winners = awardsOf(task).map(({ winner }) => winner);
  const out = [...unit.without];
  for (let i = 0; ; i++) {
    const next = awardsOf(task, out).find(({ winner }) => !winners.includes(winner));
    if (next === undefined || i === turn) return next;
    out.push(next.winner);
  }
}

/** To whom a unit is offered now, at which price; undefined when it is not, or when whose turn it is got another one. */
export function offerOf(m: Model, task: TaskModel, unit: UnitModel): Award | undefined {
  const candidate = unit.status === "offered" ? candidateOf(m, task, unit) : undefined;
  const has = ({ key }: UnitModel): boolean => key.person.address === candidate?.winner;
  if (candidate === undefined || task.failed.includes(candidate.winner) || task.assigned.some(has)) return undefined;
  return candidate;
}
