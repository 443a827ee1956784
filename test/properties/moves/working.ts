// What happens to settled units: deliveries in time and late, verdicts, objections, votes, conclusions, reassignments,
// and attempts on the escrow by whoever is not entitled.
import { AbiCoder, keccak256 } from "ethers";
import { wordOf } from "../crowdChain.ts";
import { candidateOf } from "../model/awards.ts";
import { commitVote, concludeDispute, loserOf, object, revealVote } from "../model/disputes.ts";
import { claimRefund, complete, fund, reject, setBudget, submit } from "../model/jobs.ts";
import { deliveredInTime, type JobModel, type TaskModel, type UnitModel } from "../model/model.ts";
import { acceptReassignment, conclude, giveVerdict, lastOf } from "../model/tasks.ts";
import type { Picker } from "../picker.ts";
import type { World } from "../world.ts";
import { anybody } from "./bidding.ts";

const coder = AbiCoder.defaultAbiCoder();
const CHAIN_ID = 31_337;

export interface Place {
  readonly task: TaskModel;
  readonly index: number;
  readonly unit: UnitModel;
}

export function placesOf(w: World): readonly Place[] {
  return w.model.tasks.flatMap((task) => task.assigned.map((unit, index) => ({ task, index, unit })));
}

/** A unit for which something holds; sometimes any. */
function place(w: World, pick: Picker, fits: (at: Place) => boolean): Place | undefined {
  const all = placesOf(w);
  return pick.of(pick.chance(0.97) ? all.filter(fits) : all.slice(-20));
}

/** An account that can act; a key that is too new lets the turn pass. */
const actor = (w: World, wanted: string, pick: Picker, probability: number): string | undefined => {
  const by = pick.chance(probability) ? wanted : anybody(w, pick);
  return w.actors.has(by) ? by : undefined;
};

/** Every third job, and every job of some tasks, is never delivered: its agent is gone, or waits for the deadline to pass. */
const isAbandoned = ({ unit, task }: Place): boolean => (unit.job.id + task.id) % 3 === 0 || task.id % 4 === 0;

export function makeSubmit(w: World, pick: Picker): void {
  const isFunded = (at: Place): boolean => at.unit.status === "assigned" && at.unit.job.status === "funded";
  const isWorking = (at: Place): boolean => !isAbandoned(at) || w.model.now > at.unit.deadline;
  const at = place(w, pick, (one) => isFunded(one) && isWorking(one));
  if (at === undefined) return;
  const by = actor(w, at.unit.key.person.address, pick, 0.95);
  if (by === undefined) return;
  const args = [at.unit.job.id, wordOf(`delivery ${pick.next()}`), "0x"];
  w.act("submit", by, "JobEscrow", "submit", args, submit(w.model, at.unit.job, by));
}

export function makeVerdict(w: World, pick: Picker): void {
  const isDue = ({ unit, task }: Place): boolean =>
    unit.status === "assigned" &&
    unit.verdict === "none" &&
    deliveredInTime(unit) &&
    w.model.now <= unit.deadline + task.verdictWindow;
  const at = place(w, pick, isDue);
  if (at === undefined) return;
  const by = actor(w, at.task.evaluator, pick, 0.93);
  if (by === undefined) return;
  const accepted = pick.chance(0.5);
  const args = [at.task.id, at.index, accepted, wordOf("reason")];
  const expected = giveVerdict(w.model, by, at.task, at.unit, accepted);
  w.act(accepted ? "accept" : "reject", by, "TaskMarket", "giveVerdict", args, expected);
}

export function makeConclude(w: World, pick: Picker): void {
  const m = w.model;
  const isDue = ({ task, unit }: Place): boolean =>
    (unit.status === "assigned" && m.now > lastOf(task, unit)) ||
    (unit.status === "offered" && candidateOf(m, task, unit) === undefined);
  const at = place(w, pick, isDue);
  if (at === undefined) return;
  const expected = conclude(m, at.task, at.unit);
  w.act("conclude", anybody(w, pick), "TaskMarket", "conclude", [at.task.id, at.index], expected);
}

export function makeAccept(w: World, pick: Picker): void {
  const isWaiting = ({ task, unit }: Place): boolean =>
    unit.status === "offered" && candidateOf(w.model, task, unit) !== undefined;
  const at = place(w, pick, isWaiting);
  if (at === undefined) return;
  const candidate = at.unit.status === "offered" ? candidateOf(w.model, at.task, at.unit) : undefined;
  const bidder = pick.of(at.task.bids)?.key.person.address ?? w.stranger.address;
  const by = actor(w, pick.chance(0.85) ? (candidate?.winner ?? bidder) : bidder, pick, 0.97);
  if (by === undefined) return;
  const expected = acceptReassignment(w.model, by, at.task, at.index);
  w.act("take over", by, "TaskMarket", "acceptReassignment", [at.task.id, at.index], expected);
}

export function makeObjection(w: World, pick: Picker): void {
  const { now } = w.model;
  const isOpen = ({ task, unit }: Place): boolean =>
    task.disputeWindow > 0 &&
    unit.status === "assigned" &&
    unit.dispute === undefined &&
    deliveredInTime(unit) &&
    now <= lastOf(task, unit) &&
    (unit.verdict !== "none" || now > unit.deadline + task.verdictWindow);
  const at = place(w, pick, isOpen);
  if (at === undefined) return;
  const by = actor(w, loserOf(at.task, at.unit), pick, 0.92);
  if (by === undefined) return;
  // A bid key set later has no credits, and no allowance: it cannot bond.
  if (!w.hasAllowance(by)) return;
  const expected = object(w.model, by, at.task, at.unit);
  w.act("object", by, "DisputePanel", "objectToVerdict", [at.task.id, at.index, wordOf("why")], expected);
}

/** Votes are salted by who casts them, so that any vote can be found again. */
const saltOf = (voter: string, uphold: boolean): string => wordOf(`${voter} ${uphold}`);

export function makeVote(w: World, pick: Picker): void {
  const { now } = w.model;
  const isVoting = ({ unit: { dispute } }: Place): boolean =>
    dispute !== undefined && now <= dispute.voteDeadline && dispute.seats.some(({ sealed }) => sealed === undefined);
  const at = place(w, pick, isVoting);
  if (at === undefined) return;
  const waiting = at.unit.dispute?.seats.filter(({ sealed }) => sealed === undefined) ?? [];
  const voter = pick.of(waiting)?.voter ?? w.stranger.address;
  const by = actor(w, voter, pick, 0.92);
  if (by === undefined) return;
  const uphold = pick.chance(0.5);
  const salt = saltOf(by, uphold);
  const types = ["uint256", "address", "uint256", "uint256", "address", "bool", "bytes32"];
  const values = [CHAIN_ID, w.model.at.panel, at.task.id, at.index, by, uphold, salt];
  const sealed = keccak256(coder.encode(types, values));
  const expected = commitVote(w.model, by, at.unit, uphold, salt);
  w.act("vote", by, "DisputePanel", "commitVote", [at.task.id, at.index, sealed], expected);
}

export function makeVoteReveal(w: World, pick: Picker): void {
  const { now } = w.model;
  const isOpening = ({ unit: { dispute } }: Place): boolean =>
    dispute !== undefined && now > dispute.voteDeadline && now <= dispute.revealDeadline;
  const at = place(w, pick, isOpening);
  const seat = pick.of(at?.unit.dispute?.seats.filter(({ sealed, opened }) => sealed !== undefined && !opened) ?? []);
  if (at === undefined || seat?.sealed === undefined) return;
  const uphold = pick.chance(0.95) ? seat.sealed.uphold : !seat.sealed.uphold;
  const { salt } = seat.sealed;
  const expected = revealVote(w.model, at.unit, seat.voter, uphold, salt);
  const args = [at.task.id, at.index, seat.voter, uphold, salt];
  w.act("open vote", anybody(w, pick), "DisputePanel", "revealVote", args, expected);
}

export function makeDisputeEnd(w: World, pick: Picker): void {
  const isDue = ({ unit: { dispute } }: Place): boolean =>
    dispute !== undefined && !dispute.concluded && w.model.now > dispute.revealDeadline;
  const at = place(w, pick, isDue);
  if (at === undefined) return;
  const expected = concludeDispute(w.model, at.unit);
  w.act("end dispute", anybody(w, pick), "DisputePanel", "concludeDispute", [at.task.id, at.index], expected);
}

/** Somebody tries its luck on a job of the market's: only who is named may. */
export function makeTheft(w: World, pick: Picker): void {
  const job = pick.of(w.model.jobs.slice(-30)) as JobModel | undefined;
  if (job === undefined) return;
  const by = anybody(w, pick);
  const m = w.model;
  const tries: readonly (() => void)[] = [
    () => w.act("steal", by, "JobEscrow", "complete", [job.id, wordOf(""), "0x"], complete(m, job, by)),
    () => w.act("steal", by, "JobEscrow", "reject", [job.id, wordOf(""), "0x"], reject(m, job, by)),
    () => w.act("steal", by, "JobEscrow", "setBudget", [job.id, 1, "0x"], setBudget(job, by, 1)),
    () => w.act("steal", by, "JobEscrow", "fund", [job.id, job.budget, "0x"], fund(m, job, by, job.budget)),
    () => w.act("steal", by, "JobEscrow", "submit", [job.id, wordOf(""), "0x"], submit(m, job, by)),
  ];
  pick.of(tries)?.();
}

/** From its expiry on, anyone may have a job refunded: for the market's, that only moves money to the market. */
export function makeClaim(w: World, pick: Picker): void {
  const isLive = ({ status }: JobModel): boolean => status === "funded" || status === "submitted";
  const expired = w.model.jobs.filter((job) => isLive(job) && w.model.now >= job.expiredAt);
  const job = pick.of(pick.chance(0.9) ? expired : w.model.jobs.slice(-20));
  if (job === undefined) return;
  w.act("claim refund", anybody(w, pick), "JobEscrow", "claimRefund", [job.id], claimRefund(w.model, job));
}
