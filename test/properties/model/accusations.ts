// docs/rules.md: false capability. Who may accuse whom of what, and what each ruling takes from whom.
import { type Account, bondedAccount, freeStakeOf, slash } from "./attesters.ts";
import { type AgentModel, DIGEST, type Model, type TaskModel } from "./model.ts";
import { inReachOf } from "./stakes.ts";
import { obligationEnd } from "./tasks.ts";

export interface AttestationModel {
  readonly uid: string;
  readonly agentId: number;
  readonly capability: string;
  readonly level: number;
  readonly at: number;
  readonly until: number;
  /** 0 while it is not revoked. */
  revokedAt: number;
}

export const RULINGS = ["none", "agent", "attester", "unproven", "false"] as const;
export type RulingModel = (typeof RULINGS)[number];
export const STATUSES = ["none", "gathering", "deciding", "decided", "lapsed"] as const;

export interface AccusationModel {
  readonly id: number;
  readonly attestation: AttestationModel;
  readonly taskId: number;
  readonly accusers: string[];
  readonly locked: number;
  status: (typeof STATUSES)[number];
  ruling: RulingModel;
  deadline: number;
}

export const isOpen = ({ status }: AccusationModel): boolean => status === "gathering" || status === "deciding";
const removedAt = (agent: AgentModel, capability: string): number => agent.removedAt.get(capability) ?? -1;

/** Whether the agent could bid for the task with what was attested. */
function stood(agent: AgentModel, attestation: AttestationModel, task: TaskModel): boolean {
  const { at, until, revokedAt, capability, level } = attestation;
  if (task.level === 0 || capability !== DIGEST || level < task.level) return false;
  if (at > task.commitDeadline || until <= task.openedAt) return false;
  if (revokedAt !== 0 && revokedAt <= task.openedAt) return false;
  if (agent.transferredAt <= task.openedAt && at < agent.transferredAt) return false;
  return at >= removedAt(agent, capability) || removedAt(agent, capability) > task.openedAt;
}

export function accuse(
  m: Model,
  by: string,
  attestation: AttestationModel | undefined,
  task: TaskModel,
  bidder: string,
): boolean {
  const agent = m.agents[attestation?.agentId ?? -1];
  if (attestation === undefined || agent === undefined || m.judged.has(attestation.uid)) return false;
  const isGround = (one: AccusationModel): boolean =>
    isOpen(one) && one.attestation.uid === attestation.uid && one.taskId === task.id;
  if (m.accusations.some(isGround)) return false;
  const until = obligationEnd(m, task, task.revealDeadline + task.deliveryWindow) + m.figures.evidenceAge;
  if (m.now <= task.commitDeadline || m.now > until || !stood(agent, attestation, task)) return false;
  if (!task.bids.some(({ key }) => key.agent === agent && key.person.address === bidder)) return false;
  const stake = Math.max(inReachOf(agent), Math.min(task.minStake, m.figures.minStake));
  const accusation: AccusationModel = {
    id: m.accusations.length + 1,
    attestation,
    taskId: task.id,
    accusers: [],
    locked: Math.ceil((stake * m.figures.accusation.shareBps) / 10_000),
    status: "gathering",
    ruling: "none",
    deadline: Math.min(m.now + m.figures.accusation.seconding, until),
  };
  if (!join(m, by, accusation)) return false;
  m.accusations.push(accusation);
  return true;
}

export function second(m: Model, by: string, accusation: AccusationModel): boolean {
  if (accusation.status !== "gathering" || m.now > accusation.deadline) return false;
  return !m.judged.has(accusation.attestation.uid) && join(m, by, accusation);
}

function join(m: Model, by: string, accusation: AccusationModel): boolean {
  const account = m.attesters.get(by);
  const agent = m.agents[accusation.attestation.agentId] as AgentModel;
  const task = m.tasks[accusation.taskId - 1] as TaskModel;
  if (account === undefined || account.bonded < m.figures.attesterMinStake) return false;
  if (!m.listed.has(by) || !m.isActive(by)) return false;
  const organisation = m.organisation(by);
  const involved = [m.organisation(m.attester), agent.organisation];
  involved.push(task.requesterOrganisation, task.evaluatorOrganisation, ...task.organisations);
  involved.push(...accusation.accusers.map((accuser) => m.organisation(accuser)));
  if (involved.includes(organisation) || freeStakeOf(account) < accusation.locked) return false;
  account.locked += accusation.locked;
  accusation.accusers.push(by);
  if (accusation.accusers.length < m.figures.accusation.accusers) return true;
  accusation.status = "deciding";
  accusation.deadline = m.now + m.figures.accusation.appeal;
  agent.openFaults += 1;
  bondedAccount(m, m.attester).openFaults += 1;
  return true;
}

/** Rulings that the operators can make now. */
export function rulingsOn(m: Model, accusation: AccusationModel): readonly RulingModel[] {
  const { attestation } = accusation;
  if (accusation.status !== "deciding" || m.now > accusation.deadline || m.judged.has(attestation.uid)) return [];
  const agent = m.agents[attestation.agentId] as AgentModel;
  const punishable = removedAt(agent, attestation.capability) <= attestation.at;
  return punishable ? ["agent", "attester", "unproven", "false"] : ["attester", "unproven", "false"];
}

export function decide(m: Model, accusation: AccusationModel, ruling: RulingModel): boolean {
  if (!rulingsOn(m, accusation).includes(ruling)) return false;
  const { attestation, accusers, locked } = accusation;
  const agent = m.agents[attestation.agentId] as AgentModel;
  release(m, accusation, "decided");
  accusation.ruling = ruling;
  if (ruling === "unproven") return true;
  m.judged.add(attestation.uid);
  if (ruling === "false") {
    const taken = accusers.map((accuser) => slash(bondedAccount(m, accuser), locked));
    m.burn(
      m.at.attesters,
      taken.reduce((sum, one) => sum + one, 0),
    );
    return true;
  }
  if (removedAt(agent, attestation.capability) <= attestation.at) {
    agent.capabilities.delete(attestation.capability);
    agent.removedAt.set(attestation.capability, m.now);
  }
  if (ruling === "agent") reward(m, accusers, slash(agent, locked), "agents");
  else reward(m, accusers, slash(bondedAccount(m, m.attester), locked), "attesters");
  return true;
}

/** Accusers share what a reporter gets; the rest is burned. */
function reward(m: Model, accusers: readonly string[], taken: number, register: "agents" | "attesters"): void {
  let held = Math.floor((taken * m.figures.rewardShareBps) / 10_000);
  m.burn(register === "agents" ? m.at.ledger : m.at.attesters, taken - held);
  const book = register === "agents" ? m.rewards : m.attesterRewards;
  accusers.forEach((accuser, i) => {
    const part = Math.floor(held / (accusers.length - i));
    if (part === 0) return;
    held -= part;
    const { amount } = book.get(accuser) ?? { amount: 0 };
    book.set(accuser, { amount: amount + part, readyAt: m.now + m.figures.unbondingDelay });
  });
}

export function close(m: Model, accusation: AccusationModel): boolean {
  if (!isOpen(accusation) || m.now <= accusation.deadline) return false;
  release(m, accusation, "lapsed");
  return true;
}

function release(m: Model, accusation: AccusationModel, status: "decided" | "lapsed"): void {
  const { attestation, accusers, locked } = accusation;
  if (accusation.status === "deciding") {
    (m.agents[attestation.agentId] as AgentModel).openFaults -= 1;
    bondedAccount(m, m.attester).openFaults -= 1;
  }
  accusation.status = status;
  for (const accuser of accusers) (m.attesters.get(accuser) as Account).locked -= locked;
}
