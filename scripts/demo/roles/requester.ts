// A requester: posts its tasks, a few at a time, settles each when its reveal window is over, and sees to it that each
// ends, whatever its agent does, and is recorded as reputation.
import { relative } from "node:path";
import { type Mechanism, RevertedError } from "../../../sdk/index.ts";
import { dirnameOf } from "../files.ts";
import type { MarketTask } from "../marketFile.ts";
import { patiently } from "../patience.ts";
import { pause, pauseUntilAfter } from "../pause.ts";
import type { RoleContext } from "../roleContext.ts";
import { specificationUri } from "../specification.ts";

const mechanismOf: Readonly<Record<MarketTask["mechanism"], Mechanism>> = {
  "first-price": "firstPrice",
  vickrey: "vickrey",
  "uniform-price": "uniformPrice",
  "posted-price": "postedPrice",
};

const pollMs = 400;
const attemptsMax = 20;

export async function runRequester(context: RoleContext): Promise<void> {
  const { market, config, tell } = context;
  tell({ kind: "ready" });
  const mine = market.tasks.filter((task) => task.requester === config.name);
  const atOnce = Math.max(1, Math.floor(market.tasksAtOnce / market.requesters.length));
  const queue = [...mine];
  const disputable: Promise<void>[] = [];
  const worker = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      const taskId = await postAndSettle(context, task);
      const end = seeThrough(context, task, taskId);
      // Objections and votes take their time, in which others can begin.
      if (task.disputable) disputable.push(end);
      else await end;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await Promise.all(disputable);
  await context.client.withdrawPayment({});
  tell({ kind: "done" });
}

async function postAndSettle(context: RoleContext, task: MarketTask): Promise<bigint> {
  const { client, market, config } = context;
  const { commitSeconds, revealSeconds, deliverySeconds, verdictSeconds, acceptanceSeconds, disputeSeconds } =
    market.windows;
  const file = relative(dirnameOf(config.marketFile), task.file);
  const { uri, hash } = specificationUri({ kind: task.kind, file });
  const { taskId, revealDeadline } = await client.postTask({
    specification: hash,
    uri,
    mechanism: mechanismOf[task.mechanism],
    evaluator: config.evaluator,
    reserve: task.reserve,
    requirements: [{ capability: task.kind, level: 1 }],
    commitWindow: commitSeconds,
    revealWindow: revealSeconds,
    deliveryWindow: deliverySeconds,
    verdictWindow: verdictSeconds,
    acceptanceWindow: acceptanceSeconds,
    maxReassignments: 2,
    disputeWindow: task.disputable ? disputeSeconds : 0,
  });
  await pauseUntilAfter(revealDeadline);
  const isUnsettled = async (): Promise<boolean> => {
    const { status } = await patiently(() => client.getTask({ taskId }));
    return status === "open" || status === "none";
  };
  await insist(() => client.settleTask({ taskId }), isUnsettled);
  return taskId;
}

async function seeThrough(context: RoleContext, task: MarketTask, taskId: bigint): Promise<void> {
  const { client, market } = context;
  const disputeSeconds = task.disputable ? market.windows.disputeSeconds : 0;
  while ((await patiently(() => client.getTask({ taskId }))).status !== "closed") {
    await pause(pollMs);
    await insist(
      () => client.concludeTask({ taskId }),
      () => isOverdue(context, taskId, disputeSeconds),
    );
  }
  // Anyone could, and no money waits for it.
  await insist(
    () => recordAll(context, taskId),
    async () => true,
  );
}

async function recordAll({ client }: RoleContext, taskId: bigint): Promise<void> {
  while (!(await client.recordOutcome({ taskId })).complete);
}

/** Whether a fixed deadline has passed after which the rules decide without anybody's doing. */
async function isOverdue({ client, market }: RoleContext, taskId: bigint, disputeSeconds: number): Promise<boolean> {
  const assignment = await client.getAssignment({ taskId });
  if (assignment === undefined) return false;
  const { status, jobId, deliveryDeadline, verdict, decidedAt } = assignment;
  const now = Date.now() / 1_000;
  if (status === "offered") return (await client.getCandidate({ taskId })) === undefined;
  if (status !== "assigned") return false;
  if (verdict === "none" && now <= deliveryDeadline + 1) return false;
  const { submittedAt } = await patiently(() => client.getJob({ jobId }));
  if (submittedAt === undefined) return true;
  const dispute = await client.getDispute({ taskId });
  if (dispute !== undefined) return now > dispute.revealDeadline + 1;
  const verdictEnd = verdict === "none" ? deliveryDeadline + market.windows.verdictSeconds : decidedAt;
  return now > verdictEnd + disputeSeconds + 1;
}

/** Calls until it succeeds or is needed no longer: the chain's clock may be a moment behind this machine's, and anybody
 * may have done it before. */
async function insist(call: () => Promise<unknown>, needed: () => Promise<boolean>): Promise<void> {
  for (let attempt = 1; await needed(); attempt++) {
    try {
      await call();
      return;
    } catch (error) {
      if (!(error instanceof RevertedError) || attempt === attemptsMax) throw error;
      await pause(pollMs);
    }
  }
}
