// docs/rules.md: bid equivocation, once per agent and tender, and who is rewarded for showing it.
import { slash } from "./attesters.ts";
import type { AgentModel, FaultModel, Model, TaskModel } from "./model.ts";
import { inReachOf } from "./stakes.ts";

/** A statement as evidence shows it: what it says, and who made it. */
export interface Statement {
  readonly commitment: string;
  /** Who signed, or committed on chain; undefined for what recovers to nobody. */
  readonly author: string | undefined;
}

/** Whether two statements prove that the agent contradicted itself about the task. */
export function isProof(
  m: Model,
  agent: AgentModel,
  task: TaskModel,
  [a, b]: readonly [Statement, Statement],
  serving: (author: string) => boolean,
): boolean {
  if (m.now > task.revealDeadline + m.figures.evidenceAge) return false;
  const isAuthor = ({ author }: Statement): boolean =>
    author !== undefined && m.keys.get(author)?.agent === agent && serving(author);
  // What a tender stores is the first 248 bits.
  return isAuthor(a) && isAuthor(b) && a.commitment.slice(0, -2) !== b.commitment.slice(0, -2);
}

const nameOf = (agent: AgentModel, task: TaskModel): string => `${agent.id} ${task.id}`;

export const faultOf = (m: Model, agent: AgentModel, task: TaskModel): FaultModel | undefined =>
  m.faults.get(nameOf(agent, task));

/** Evidence shown without a claim: punishes, once. */
export function report(m: Model, agent: AgentModel, task: TaskModel): boolean {
  if (faultOf(m, agent, task) !== undefined) return false;
  const { equivocationFixed, equivocationShareBps, rewardShareBps, rewardClaim } = m.figures;
  const share = Math.ceil((inReachOf(agent) * equivocationShareBps) / 10_000);
  const taken = slash(agent, Math.max(equivocationFixed, share));
  const held = Math.floor((taken * rewardShareBps) / 10_000);
  agent.suspended = true;
  m.burn(m.at.ledger, taken - held);
  m.faults.set(nameOf(agent, task), { agent, taken, held, claimUntil: m.now + rewardClaim, punishedInBlock: m.block });
  return true;
}

export function commitEvidence(m: Model, by: string, commitment: string): boolean {
  if (m.evidence.has(`${by} ${commitment}`)) return false;
  m.evidence.set(`${by} ${commitment}`, m.block);
  return true;
}

/** Evidence shown by who committed to it in an earlier block: punishes if nobody has, and earns the reporter's share. */
export function reportCommitted(m: Model, by: string, agent: AgentModel, task: TaskModel, commitment: string): boolean {
  const organisation = m.organisation(by);
  if (organisation === 0 || organisation === agent.organisation) return false;
  const committedIn = m.evidence.get(`${by} ${commitment}`);
  if (committedIn === undefined || committedIn >= m.block) return false;
  const before = faultOf(m, agent, task);
  if (before !== undefined) {
    const isClaimable = committedIn < before.punishedInBlock && before.held > 0 && m.now <= before.claimUntil;
    if (!isClaimable) return false;
  } else report(m, agent, task);
  const fault = faultOf(m, agent, task) as FaultModel;
  if (fault.held === 0) return true;
  const reward = m.rewards.get(by) ?? { amount: 0, readyAt: 0 };
  m.rewards.set(by, { amount: reward.amount + fault.held, readyAt: m.now + m.figures.unbondingDelay });
  fault.held = 0;
  return true;
}

export function withdrawReward(m: Model, reporter: string): boolean {
  const reward = m.rewards.get(reporter);
  if (reward === undefined || reward.amount === 0 || m.now < reward.readyAt) return false;
  m.move(m.at.ledger, reporter, reward.amount);
  reward.amount = 0;
  return true;
}

export function burnUnclaimedReward(m: Model, fault: FaultModel): boolean {
  if (fault.held === 0 || m.now <= fault.claimUntil) return false;
  m.burn(m.at.ledger, fault.held);
  fault.held = 0;
  return true;
}
