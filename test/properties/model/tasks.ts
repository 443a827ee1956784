// docs/rules.md: from posting to payment, per unit. Each function says whether the rules permit the call,
// and if they do, makes it happen in the model.
import { slash } from "./attesters.ts";
import { awardsOf, candidateOf, failuresOf, offerOf } from "./awards.ts";
import { rulingOf } from "./disputes.ts";
import {
  type BidModel,
  deliveredInTime,
  type JobModel,
  type KeyModel,
  type Model,
  type TaskModel,
  type UnitModel,
} from "./model.ts";
import { bind, isEligible, mayTakeOn } from "./stakes.ts";

export type TaskTermsModel = Pick<
  TaskModel,
  "requester" | "evaluator" | "mechanism" | "reserve" | "units" | "cap" | "lock" | "level" | "maxReassignments"
> &
  Pick<TaskModel, "deliveryWindow" | "verdictWindow" | "disputeWindow" | "acceptanceWindow"> & {
    readonly commitWindow: number;
    readonly revealWindow: number;
  };

export const isPriceBinding = (task: Pick<TaskModel, "mechanism">): boolean => task.mechanism !== "PostedPrice";

/** Last second at which a unit delivered by `deadline` can still be decided. */
export function obligationEnd(m: Model, task: TaskModel, deadline: number): number {
  const { voteWindow, voteRevealWindow } = m.figures.panel;
  const voting = task.disputeWindow > 0 ? voteWindow + voteRevealWindow : 0;
  return deadline + task.verdictWindow + task.disputeWindow + voting;
}

export function post(m: Model, terms: TaskTermsModel, tenderId: string): boolean {
  const organisation = m.organisation(terms.requester.address);
  const evaluating = m.organisation(terms.evaluator);
  if (!m.isActive(terms.requester.address)) return false;
  if (isPriceBinding(terms) && (evaluating === 0 || evaluating === organisation)) return false;
  if (terms.mechanism === "Vickrey" && terms.units !== 1) return false;
  if (terms.lock < m.figures.lockMin) return false;
  const { commitWindow, revealWindow, ...rest } = terms;
  m.tasks.push({
    ...rest,
    id: m.tasks.length + 1,
    tenderId,
    minStake: m.figures.minStake,
    openedAt: m.now,
    commitDeadline: m.now + commitWindow,
    revealDeadline: m.now + commitWindow + revealWindow,
    requesterOrganisation: organisation,
    evaluatorOrganisation: isPriceBinding(terms) ? evaluating : 0,
    status: "open",
    phase: "commit",
    bids: [],
    organisations: new Set(),
    assigned: [],
    failed: [],
    openUnits: 0,
    paid: 0,
    refunded: 0,
  });
  m.move(terms.requester.address, m.at.market, terms.reserve * terms.units + m.figures.postingFee);
  m.burn(m.at.market, m.figures.postingFee);
  return true;
}

export function cancel(m: Model, by: string, task: TaskModel): boolean {
  if (task.status !== "open" || by !== task.requester.address) return false;
  if (task.bids.length > 0 || task.phase !== "commit") return false;
  task.status = "cancelled";
  task.phase = "void";
  refund(m, task, task.reserve * task.units);
  return true;
}

export function commit(
  m: Model,
  task: TaskModel,
  key: KeyModel | undefined,
  bid: Omit<BidModel, "key" | "at">,
): boolean {
  if (key === undefined || task.phase !== "commit" || m.now > task.commitDeadline) return false;
  if (task.bids.length === task.cap || !isEligible(m, task, key)) return false;
  const { agent } = key;
  if (task.organisations.has(agent.organisation) || task.bids.some((other) => other.key === key)) return false;
  task.bids.push({ ...bid, key, at: m.now });
  task.organisations.add(agent.organisation);
  agent.locked += task.lock;
  agent.committed += 1;
  bind(agent, obligationEnd(m, task, task.revealDeadline + task.deliveryWindow));
  return true;
}

export function reveal(m: Model, task: TaskModel, bidder: string, amount: number, salt: string): boolean {
  if (task.phase !== "commit" || m.now <= task.commitDeadline || m.now > task.revealDeadline) return false;
  const bid = task.bids.find(({ key }) => key.person.address === bidder);
  if (bid === undefined || bid.revealed || bid.amount !== amount || bid.salt !== salt || amount === 0) return false;
  bid.revealed = true;
  bid.key.agent.locked -= task.lock;
  return true;
}

/** Ends the commitments: burns the locks of what was not revealed, frees all who did not win. */
export function finalize(m: Model, task: TaskModel): boolean {
  if (task.phase !== "commit" || m.now <= task.revealDeadline) return false;
  const winners = new Set(awardsOf(task).map(({ winner }) => winner));
  task.phase = winners.size === 0 ? "void" : "awarded";
  for (const { key, revealed } of task.bids) {
    if (!winners.has(key.person.address)) key.agent.committed -= 1;
    if (revealed) continue;
    key.agent.locked -= task.lock;
    const burned = Math.min(task.lock, key.agent.bonded);
    key.agent.bonded -= burned;
    m.burn(m.at.ledger, burned);
  }
  return true;
}

export function settle(m: Model, task: TaskModel): boolean {
  if (task.status !== "open" || (task.phase === "commit" && !finalize(m, task))) return false;
  const awards = awardsOf(task);
  task.status = awards.length === 0 ? "closed" : "settled";
  task.openUnits = awards.length;
  for (const { winner, price } of awards) {
    const key = m.keys.get(winner) as KeyModel;
    key.agent.committed -= 1;
    task.assigned.push(assign(m, task, key, Number(price), 0));
  }
  refund(m, task, (task.units - awards.length) * task.reserve);
  return true;
}

function assign(m: Model, task: TaskModel, key: KeyModel, price: number, round: number): UnitModel {
  const deadline = m.now + task.deliveryWindow;
  const job: JobModel = {
    id: m.jobs.length + 1,
    client: m.at.market,
    provider: key.person.address,
    evaluator: m.at.market,
    expiredAt: obligationEnd(m, task, deadline) + m.figures.expiryMargin,
    budget: price,
    status: "funded",
    submittedAt: 0,
  };
  m.jobs.push(job);
  m.move(m.at.market, m.at.escrow, price);
  key.agent.running += 1;
  bind(key.agent, obligationEnd(m, task, deadline));
  return {
    key,
    price,
    status: "assigned",
    verdict: "none",
    round,
    job,
    deadline,
    decidedAt: 0,
    without: [],
    dispute: undefined,
  };
}

export function giveVerdict(m: Model, by: string, task: TaskModel, unit: UnitModel, accepted: boolean): boolean {
  if (task.status !== "settled" || by !== task.evaluator || unit.status !== "assigned") return false;
  if (unit.verdict !== "none" || !deliveredInTime(unit) || m.now > unit.deadline + task.verdictWindow) return false;
  if (!accepted && isPriceBinding(task) && m.now <= unit.deadline) return false;
  unit.verdict = accepted ? "accepted" : "rejected";
  unit.decidedAt = m.now;
  if (task.disputeWindow === 0) endUnit(m, task, unit, accepted);
  return true;
}

/** Last second at which facts about an assigned unit can still come in. */
export function lastOf(task: TaskModel, unit: UnitModel): number {
  if (!deliveredInTime(unit)) return unit.deadline;
  if (unit.dispute !== undefined) return Math.max(unit.deadline, unit.dispute.revealDeadline);
  const judged = unit.verdict === "none" ? unit.deadline + task.verdictWindow : unit.decidedAt;
  return judged + task.disputeWindow;
}

export function conclude(m: Model, task: TaskModel, unit: UnitModel): boolean {
  if (task.status !== "settled") return false;
  if (unit.status === "offered") {
    if (candidateOf(m, task, unit) !== undefined) return false;
    unit.status = "refunded";
    refund(m, task, task.reserve);
    close(task);
    return true;
  }
  if (unit.status !== "assigned" || m.now <= lastOf(task, unit)) return false;
  if (!deliveredInTime(unit)) noShow(m, task, unit);
  else endUnit(m, task, unit, isAccepted(m, unit));
  return true;
}

/** Silence of the evaluator is acceptance; a panel's majority turns either; its silence turns silence alone. */
function isAccepted(m: Model, unit: UnitModel): boolean {
  const ruling = unit.dispute === undefined ? "none" : rulingOf(m, unit.dispute);
  const accepted = unit.verdict !== "rejected";
  if (ruling === "upheld") return !accepted;
  return ruling === "silent" && unit.verdict === "none" ? false : accepted;
}

function endUnit(m: Model, task: TaskModel, unit: UnitModel, accepted: boolean): void {
  unit.key.agent.running -= 1;
  const wasHeld = unit.job.status === "submitted";
  if (!accepted) {
    retrieve(m, unit.job);
    unit.status = "refunded";
    refund(m, task, task.reserve);
  } else {
    unit.status = "paid";
    if (wasHeld) m.escrowCredits.add(unit.job.provider, unit.price);
    else {
      drawForMarket(m);
      m.marketCredits.add(unit.job.provider, unit.price);
    }
    if (wasHeld) unit.job.status = "completed";
    task.paid += unit.price;
    refund(m, task, task.reserve - unit.price);
  }
  close(task);
}

function noShow(m: Model, task: TaskModel, unit: UnitModel): void {
  const without = failuresOf(m, task);
  task.failed.push(unit.key.person.address);
  retrieve(m, unit.job);
  const share = Math.ceil((task.reserve * m.figures.noShowBps) / 10_000);
  m.burn(m.at.ledger, slash(unit.key.agent, Math.max(share, task.reserve - unit.price)));
  unit.key.agent.running -= 1;
  if (unit.round < task.maxReassignments) {
    unit.status = "offered";
    unit.decidedAt = m.now;
    unit.without = without;
    return;
  }
  unit.status = "refunded";
  refund(m, task, task.reserve);
  close(task);
}

export function acceptReassignment(m: Model, by: string, task: TaskModel, index: number): boolean {
  const unit = task.assigned[index];
  const candidate = unit === undefined ? undefined : offerOf(m, task, unit);
  if (unit === undefined || candidate?.winner !== by) return false;
  const key = m.keys.get(by) as KeyModel;
  if (!isEligible(m, task, key) || !mayTakeOn(m, key.agent, 0)) return false;
  task.assigned[index] = assign(m, task, key, Number(candidate.price), unit.round + 1);
  return true;
}

/** A job's money back to the market, whatever a stranger made of the job before. */
function retrieve(m: Model, job: JobModel): void {
  if (job.status === "funded" || job.status === "submitted") {
    job.status = "rejected";
    m.escrowCredits.add(m.at.market, job.budget);
  }
  drawForMarket(m);
}

export function drawForMarket(m: Model): void {
  m.move(m.at.escrow, m.at.market, m.escrowCredits.take(m.at.market));
}

function refund(m: Model, task: TaskModel, amount: number): void {
  task.refunded += amount;
  m.marketCredits.add(task.requester.address, amount);
}

function close(task: TaskModel): void {
  task.openUnits -= 1;
  if (task.openUnits === 0) task.status = "closed";
}

/** Everything an account has earned in the market and the escrow. */
export function withdrawFromMarket(m: Model, account: string): boolean {
  m.move(m.at.market, account, m.marketCredits.take(account));
  if (account !== m.at.market) m.move(m.at.escrow, account, m.escrowCredits.take(account));
  return true;
}
