// Tasks as the tests of the market use them: posted, bid on, settled, delivered.
import { id } from "ethers";
import { type Agent, commitBid, makeAgents, type Requirement, revealBid, toFinalize, toReveal } from "./actors.ts";
import { type Connection, CREDIT, deployRules, type Rules, type Signer } from "./fixture.ts";

export const RESERVE = 100n * CREDIT;
export const FEE = CREDIT / 100n;
export const DELIVERABLE = id("the answer");

/** TaskStatus of ITaskMarket. */
export const TASK = { open: 1n, settled: 2n, closed: 3n, cancelled: 4n };
/** UnitStatus of ITaskMarket. */
export const UNIT = { none: 0n, assigned: 1n, offered: 2n, paid: 3n, refunded: 4n };

/** The rules with four agents, and the contracts that tests of the market look at. */
export async function marketWorld(connection: Connection) {
  const rules = await deployRules(connection);
  const agents = (await makeAgents(rules, 4)) as [Agent, Agent, Agent, Agent];
  const [first, second] = agents;
  const { TaskMarket: market, Credits: credits, JobEscrow: escrow } = rules.contracts;
  const { AgentLedger: ledger, SealedBidTender: tender } = rules.contracts;
  const byEvaluator = market.connect(rules.evaluator);
  return { rules, agents, first, second, market, credits, escrow, ledger, tender, byEvaluator };
}

export interface TaskOptions {
  readonly requester: Signer;
  readonly requirements: readonly Requirement[];
  readonly mechanism: string;
  readonly evaluator: string;
  readonly reserve: bigint;
  readonly units: bigint;
  readonly maxBidders: bigint;
  readonly lock: bigint;
  readonly commitWindow: bigint;
  readonly revealWindow: bigint;
  readonly deliveryWindow: bigint;
  readonly verdictWindow: bigint;
  readonly disputeWindow: bigint;
  readonly acceptanceWindow: bigint;
  readonly maxReassignments: bigint;
}

export interface PostedTask {
  readonly taskId: bigint;
  readonly tenderId: string;
}

/** The terms of a task: first price, one unit, no dispute window, no reassignment, unless said otherwise. */
export function taskTerms(rules: Rules, options: Partial<TaskOptions> = {}) {
  const { requester: _, requirements = [], ...rest } = options;
  return {
    mechanism: rules.at.FirstPrice as string,
    evaluator: rules.evaluator.address,
    reserve: RESERVE,
    units: 1n,
    maxBidders: 16n,
    lock: 10n * CREDIT,
    commitWindow: 100n,
    revealWindow: 100n,
    deliveryWindow: 1_000n,
    verdictWindow: 500n,
    disputeWindow: 0n,
    acceptanceWindow: 200n,
    maxReassignments: 0n,
    specification: id("digest the file"),
    uri: "ipfs://specification",
    ...rest,
    requirements: requirements.map((requirement) => ({ ...requirement })),
  };
}

/** Posts a task, with an allowance that just suffices. */
export async function postTask(rules: Rules, options: Partial<TaskOptions> = {}): Promise<PostedTask> {
  const requester = options.requester ?? rules.requester;
  const terms = taskTerms(rules, options);
  await rules.contracts.Credits.connect(requester).approve(rules.at.TaskMarket, terms.reserve * terms.units + FEE);
  await (await rules.contracts.TaskMarket.connect(requester).post(terms)).wait();
  const taskId = await rules.contracts.TaskMarket.taskCount();
  return { taskId, tenderId: (await rules.contracts.TaskMarket.taskOf(taskId)).tenderId };
}

/** Commits and reveals these bids, and moves time past the reveal window. */
export async function bid(rules: Rules, tenderId: string, bids: readonly (readonly [Agent, bigint])[]): Promise<void> {
  for (const [agent, amount] of bids) await commitBid(rules, tenderId, agent, amount);
  await toReveal(rules, tenderId);
  for (const [agent, amount] of bids) await revealBid(rules, tenderId, agent, amount);
  await toFinalize(rules, tenderId);
}

/** Posts a task, has these agents bid, and settles it. */
export async function settledTask(
  rules: Rules,
  bids: readonly (readonly [Agent, bigint])[],
  options: Partial<TaskOptions> = {},
): Promise<PostedTask> {
  const task = await postTask(rules, options);
  await bid(rules, task.tenderId, bids);
  await (await rules.contracts.TaskMarket.settle(task.taskId)).wait();
  return task;
}

/** The agent submits its work to the escrow. */
export async function deliver(rules: Rules, taskId: bigint, unit: number, agent: Agent): Promise<void> {
  const { jobId } = await rules.contracts.TaskMarket.assignmentOf(taskId, unit);
  const escrow = rules.contracts.JobEscrow.connect(agent.key as never);
  await (await escrow.submit(jobId, DELIVERABLE, "0x")).wait();
}

/** Moves time to the first second after a unit's delivery deadline. */
export async function pastDelivery(rules: Rules, taskId: bigint, unit = 0): Promise<void> {
  const { deliveryDeadline } = await rules.contracts.TaskMarket.assignmentOf(taskId, unit);
  await rules.connection.networkHelpers.time.increaseTo(deliveryDeadline + 1n);
}
