// docs/rules.md: objections, the draw, sealed votes, and what becomes of the bond.
import { AbiCoder, keccak256 } from "ethers";
import {
  type AgentModel,
  type DisputeModel,
  deliveredInTime,
  EVALUATION,
  type Model,
  type TaskModel,
  type UnitModel,
} from "./model.ts";

const coder = AbiCoder.defaultAbiCoder();

/** Level of a member that could be drawn now; 0 for one that could not. */
function levelOf(m: Model, agent: AgentModel, organisation: number): number {
  const isFit = !agent.suspended && m.isActive(agent.owner.address) && agent.organisation === organisation;
  if (!isFit || agent.bonded < m.figures.minStake || agent.key === undefined) return 0;
  return m.holds(agent, EVALUATION, 1) ? (agent.capabilities.get(EVALUATION)?.level ?? 0) : 0;
}

export function joinPanel(m: Model, by: string): boolean {
  const key = m.keys.get(by);
  if (key === undefined || key.agent.key !== key) return false;
  const { agent } = key;
  if (levelOf(m, agent, agent.organisation) === 0) return false;
  const entry = { agent, organisation: agent.organisation, joinedAt: m.now };
  const place = m.members.findIndex(({ organisation }) => organisation === agent.organisation);
  if (place === -1) m.members.push(entry);
  else m.members[place] = entry;
  return true;
}

function remove(m: Model, place: number): void {
  const last = m.members.pop();
  if (last !== undefined && place < m.members.length) m.members[place] = last;
}

export function leavePanel(m: Model, by: string): boolean {
  const key = m.keys.get(by);
  if (key === undefined || key.agent.key !== key) return false;
  const place = m.members.findIndex(({ organisation }) => organisation === key.agent.organisation);
  if (place === -1 || m.members[place]?.agent !== key.agent) return false;
  remove(m, place);
  return true;
}

export function removeLapsed(m: Model, organisation: number): boolean {
  const place = m.members.findIndex((member) => member.organisation === organisation);
  const member = m.members[place];
  if (member === undefined || levelOf(m, member.agent, organisation) > 0) return false;
  remove(m, place);
  return true;
}

/** The fit members of none of the three organisations, those first whose hash with two of them is lowest. */
function draw(m: Model, task: TaskModel, unit: UnitModel): DisputeModel["seats"] {
  const requester = m.organisation(task.requester.address);
  const provider = unit.key.agent.organisation;
  const evaluator = m.organisation(task.evaluator);
  const { level, seats, weightMax } = m.figures.panel;
  return m.members
    .filter(({ organisation }) => ![requester, provider, evaluator].includes(organisation))
    .filter(({ joinedAt }) => joinedAt < task.openedAt)
    .map((member) => ({ ...member, held: levelOf(m, member.agent, member.organisation) }))
    .filter(({ held }) => held >= level)
    .map((member) => {
      const numbers = [requester, provider, member.organisation];
      return { ...member, rank: keccak256(coder.encode(["uint32", "uint32", "uint32"], numbers)) };
    })
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, seats)
    .map(({ agent, held }) => ({
      voter: agent.key?.person.address ?? "",
      agent,
      weight: Math.min(held, weightMax),
      sealed: undefined,
      opened: false,
    }));
}

/** Whom the outcome goes against that stands if nobody objects. */
export const loserOf = (task: TaskModel, unit: UnitModel): string =>
  unit.verdict === "rejected" ? unit.key.person.address : task.requester.address;

export function object(m: Model, by: string, task: TaskModel, unit: UnitModel): boolean {
  if (task.disputeWindow === 0 || unit.status !== "assigned" || unit.dispute !== undefined) return false;
  if (!deliveredInTime(unit) || by !== loserOf(task, unit)) return false;
  const judged = unit.verdict !== "none";
  const before = judged ? unit.decidedAt - 1 : unit.deadline + task.verdictWindow;
  const last = (judged ? unit.decidedAt : before) + task.disputeWindow;
  if (m.now <= before || m.now > last) return false;
  const seats = draw(m, task, unit);
  const { bond, quorum, voteWindow, voteRevealWindow } = m.figures.panel;
  if (seats.length < quorum || m.wallets.get(by) < bond) return false;
  const voteDeadline = m.now + voteWindow;
  unit.dispute = {
    objector: by,
    voteDeadline,
    revealDeadline: voteDeadline + voteRevealWindow,
    seats,
    concluded: false,
  };
  m.move(by, m.at.panel, bond);
  return true;
}

export function commitVote(m: Model, by: string, unit: UnitModel, uphold: boolean, salt: string): boolean {
  const { dispute } = unit;
  if (dispute === undefined || m.now > dispute.voteDeadline) return false;
  const seat = dispute.seats.find(({ voter }) => voter === by);
  if (seat === undefined || seat.sealed !== undefined) return false;
  seat.sealed = { uphold, salt };
  return true;
}

export function revealVote(m: Model, unit: UnitModel, voter: string, uphold: boolean, salt: string): boolean {
  const { dispute } = unit;
  if (dispute === undefined || m.now <= dispute.voteDeadline || m.now > dispute.revealDeadline) return false;
  const seat = dispute.seats.find((one) => one.voter === voter);
  if (seat?.sealed === undefined || seat.opened) return false;
  if (seat.sealed.uphold !== uphold || seat.sealed.salt !== salt) return false;
  seat.opened = true;
  return true;
}

export type RulingName = "pending" | "silent" | "dismissed" | "upheld";

export function rulingOf(m: Model, dispute: DisputeModel): RulingName {
  if (m.now <= dispute.revealDeadline) return "pending";
  const votes = dispute.seats.filter(({ opened }) => opened);
  if (votes.length < m.figures.panel.quorum) return "silent";
  const weight = (uphold: boolean): number =>
    votes.filter(({ sealed }) => sealed?.uphold === uphold).reduce((sum, seat) => sum + seat.weight, 0);
  return weight(true) > weight(false) ? "upheld" : "dismissed";
}

export function concludeDispute(m: Model, unit: UnitModel): boolean {
  const { dispute } = unit;
  if (dispute === undefined || dispute.concluded) return false;
  const ruling = rulingOf(m, dispute);
  if (ruling === "pending") return false;
  dispute.concluded = true;
  const { bond, fee } = m.figures.panel;
  const voters = dispute.seats.filter(({ opened }) => opened);
  for (const { voter } of voters) m.panelCredits.add(voter, fee);
  const returned = ruling === "dismissed" ? 0 : bond - fee * dispute.seats.length;
  m.panelCredits.add(dispute.objector, returned);
  m.burn(m.at.panel, bond - returned - fee * voters.length);
  return true;
}

export function withdrawFromPanel(m: Model, account: string): boolean {
  m.move(m.at.panel, account, m.panelCredits.take(account));
  return true;
}
