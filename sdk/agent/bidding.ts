// One task from its posting to the end of its tender, as its bidder sees it. Every step first looks at what is done
// already, so that the same code begins a task and goes on with it after a restart.
import { commitBid } from "../actions/bids/commitBid.ts";
import { getCommitment } from "../actions/bids/getCommitment.ts";
import { revealBid } from "../actions/bids/revealBid.ts";
import { getTask } from "../actions/tasks/getTask.ts";
import { settleTask } from "../actions/tasks/settleTask.ts";
import type { PostedTask } from "../actions/watch/postedTask.ts";
import { RevertedError } from "../errors/revertedError.ts";
import type { RuleErrorName } from "../errors/ruleSentences.ts";
import { SignLockError } from "../errors/signLockError.ts";
import { sleep } from "../transactions/sleep.ts";
import { type AgentContext, persist, untilAfter } from "./agentContext.ts";
import type { BidRecord } from "./signLock.ts";

const now = (): number => Math.floor(Date.now() / 1_000);

/** Resolves when the agent has nothing more to do in the task's tender; true when it has a bid in it. */
export async function bidFor(context: AgentContext, task: PostedTask): Promise<boolean> {
  const record = await commit(context, task);
  if (record === undefined || !(await untilAfter(context, task.commitDeadline))) return record !== undefined;
  await reveal(context, task, record);
  return true;
}

/** The bid that is on chain now; undefined when there is none and will be none. */
async function commit(context: AgentContext, task: PostedTask): Promise<BidRecord | undefined> {
  const { client, signLock, agentId, address, parameters } = context;
  const { tenderId } = task;
  const slot = { domain: context.domains.bid, agentId, tenderId, slot: 0n };
  const kept = await persist(context, { stage: "commit", until: task.revealDeadline }, () =>
    getCommitment(client, { tenderId, bidder: address }),
  );
  const locked = signLock.findBid(slot);
  if (kept !== undefined) return requireLocked(locked, task);
  if (now() > Number(task.commitDeadline)) return undefined;
  const amount = locked?.amount ?? (await parameters.decide(task));
  if (amount === undefined) return undefined;
  await persist(context, { stage: "commit", until: task.commitDeadline }, () =>
    unless("TenderAlreadyCommitted", commitBid(client, { tenderId, amount, agentId, signLock })),
  );
  context.tell({ kind: "committed", task, amount });
  return signLock.findBid(slot);
}

function requireLocked(locked: BidRecord | undefined, task: PostedTask): BidRecord {
  if (locked !== undefined) return locked;
  throw new SignLockError(
    "SIGN_LOCK_BEHIND",
    "The chain holds a bid of this agent that the sign lock does not know, so it cannot be revealed here. Start the agent with the directory it bid from.",
    { facts: { taskId: task.taskId, tenderId: task.tenderId } },
  );
}

async function reveal(context: AgentContext, task: PostedTask, { amount, salt }: BidRecord): Promise<void> {
  const { client } = context;
  const { tenderId } = task;
  if (now() > Number(task.revealDeadline)) return;
  const how = { stage: "reveal", until: task.revealDeadline, passing: ["TenderNotRevealing"] } as const;
  await persist(context, how, () => unless("TenderAlreadyRevealed", revealBid(client, { tenderId, amount, salt })));
  context.tell({ kind: "revealed", task, amount });
}

/** Settles a task that nobody else settles; resolves when it is settled. */
export async function seeSettled(context: AgentContext, task: PostedTask, isSettled: () => boolean): Promise<void> {
  const { client, parameters } = context;
  if (!(await untilAfter(context, task.revealDeadline))) return;
  const patienceMs = Date.now() + (parameters.settleAfterMs ?? 5_000);
  while (!isSettled() && Date.now() < patienceMs && !context.stopping.aborted) await sleep(100);
  if (isSettled() || context.stopping.aborted) return;
  const how = { stage: "settle", until: Number(task.revealDeadline) + 600, passing: ["TenderNotFinalizable"] } as const;
  await persist(context, how, async () => {
    if ((await getTask(client, { taskId: task.taskId })).status !== "open") return;
    await unless("TaskMarketInvalidStatus", settleTask(client, { taskId: task.taskId }));
  });
}

/** A refusal that means that it has been done already is no refusal. */
export async function unless(done: RuleErrorName, action: Promise<unknown>): Promise<void> {
  try {
    await action;
  } catch (error) {
    if (!(error instanceof RevertedError) || error.rule !== done) throw error;
  }
}
