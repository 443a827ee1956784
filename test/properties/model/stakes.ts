// docs/rules.md: keys, stake, capacity, and what slashing takes.
import type { Person } from "../people.ts";
import { type AgentModel, CAPACITY_MAX, type KeyModel, type Model, type TaskModel } from "./model.ts";

export const freeOf = (agent: AgentModel): number => Math.max(agent.bonded - agent.locked, 0);
export const inReachOf = (agent: AgentModel): number => agent.bonded + agent.leaving.amount;
export const capacityOf = (m: Model, agent: AgentModel): number =>
  Math.min(agent.declared, Math.floor(agent.bonded / m.figures.stakePerUnit));
export const isEngaged = (agent: AgentModel): boolean =>
  agent.committed + agent.running > 0 || agent.suspended || agent.openFaults > 0;

export function newAgent(id: number, owner: Person, organisation: number): AgentModel {
  return {
    id,
    owner,
    organisation,
    suspended: false,
    bonded: 0,
    locked: 0,
    committed: 0,
    running: 0,
    declared: CAPACITY_MAX,
    generation: 0,
    obligationUntil: 0,
    leaving: { amount: 0, readyAt: 0, requestedAt: 0 },
    capabilities: new Map(),
    removedAt: new Map(),
    transferredAt: 0,
    openFaults: 0,
    key: undefined,
    hadKey: false,
    nonce: 0,
  };
}

/** Whether a tender that opened then takes the key: active at that second, or the agent's first, set later. */
export function serves(key: KeyModel, openedAt: number): boolean {
  if (key.from > openedAt) return key.first;
  return key.to === 0 || key.to > openedAt;
}

/** What everything new asks of an agent, but for the least stake that a task asks of its bidders. */
export function mayTakeOn(m: Model, agent: AgentModel, lock: number): boolean {
  if (agent.suspended || !m.isActive(agent.owner.address)) return false;
  return freeOf(agent) >= lock && agent.committed + agent.running < capacityOf(m, agent);
}

/** Whether a key may bid in a task, or take over a unit of it. */
export function isEligible(m: Model, task: TaskModel, key: KeyModel): boolean {
  const { agent } = key;
  if (key.revoked || !serves(key, task.openedAt) || key.generation !== agent.generation) return false;
  if (agent.bonded < task.minStake || !mayTakeOn(m, agent, task.lock)) return false;
  if (task.level > 0 && !m.holds(agent, "digest", task.level)) return false;
  return agent.organisation !== task.requesterOrganisation && agent.organisation !== task.evaluatorOrganisation;
}

export function bind(agent: AgentModel, until: number): void {
  agent.obligationUntil = Math.max(agent.obligationUntil, until);
}

export function stake(m: Model, from: string, agent: AgentModel, amount: number): boolean {
  if (amount === 0) return false;
  agent.bonded += amount;
  m.move(from, m.at.ledger, amount);
  return true;
}

export function requestUnbonding(m: Model, by: string, agent: AgentModel, amount: number): boolean {
  if (by !== agent.owner.address || amount === 0 || amount > freeOf(agent)) return false;
  const rest = agent.bonded - amount;
  const exits = rest === 0 && agent.committed + agent.running === 0;
  if (rest < m.figures.minStake && !exits) return false;
  agent.bonded = rest;
  agent.leaving.amount += amount;
  agent.leaving.requestedAt = m.now;
  agent.leaving.readyAt = Math.max(m.now, agent.obligationUntil) + m.figures.unbondingDelay;
  return true;
}

export function withdrawUnbonded(m: Model, agent: AgentModel): boolean {
  if (agent.leaving.amount === 0 || m.now < agent.leaving.readyAt || agent.openFaults > 0) return false;
  m.move(m.at.ledger, agent.owner.address, agent.leaving.amount);
  agent.leaving.amount = 0;
  return true;
}

export function setCapacity(by: string, agent: AgentModel, capacity: number): boolean {
  if (by !== agent.owner.address) return false;
  agent.declared = capacity;
  return true;
}

function end(m: Model, key: KeyModel): void {
  if (key.to === 0) key.to = m.now + 1;
}

/** A proven key becomes the agent's; it never was anybody's before. */
export function setKey(m: Model, by: string, agent: AgentModel, person: Person, proven: boolean): boolean {
  if (by !== agent.owner.address || m.keys.has(person.address) || !proven) return false;
  if (agent.key !== undefined) end(m, agent.key);
  const from = agent.hadKey ? m.now + 1 : m.now;
  const { generation } = agent;
  const key: KeyModel = { person, agent, from, to: 0, generation, first: !agent.hadKey, revoked: false };
  agent.key = key;
  agent.hadKey = true;
  agent.nonce += 1;
  m.keys.set(person.address, key);
  return true;
}

export function revokeKey(m: Model, by: string, key: KeyModel): boolean {
  if ((by !== key.person.address && by !== key.agent.owner.address) || key.revoked) return false;
  end(m, key);
  key.revoked = true;
  if (key.agent.key === key) key.agent.key = undefined;
  return true;
}

/** An agent changes hands: stake and faults stay with it, keys and capabilities do not. */
export function transferAgent(m: Model, by: string, agent: AgentModel, to: Person): boolean {
  if (by !== agent.owner.address || isEngaged(agent) || !m.isActive(to.address)) return false;
  agent.owner = to;
  agent.organisation = m.organisation(to.address);
  agent.generation += 1;
  agent.transferredAt = m.now;
  if (agent.key !== undefined) {
    end(m, agent.key);
    agent.key.revoked = true;
  }
  agent.key = undefined;
  return true;
}
