// An agent's working life: watch tenders, bid, reveal in time, do the work, deliver, take over, withdraw. It follows one
// stream of the market's events; whatever it does is safe to do again, so after a restart it reads the same events from
// the oldest task that is still open, and goes on.
import { encodeEventTopics, type Hex, isAddressEqual, type Log, parseEventLogs } from "viem";
import { taskMarketAbi } from "../abis/taskMarket.ts";
import { getAgentIdOf } from "../actions/agents/getAgentIdOf.ts";
import { requireSignLock } from "../actions/bids/requireSignLock.ts";
import { getCredits } from "../actions/credits/getCredits.ts";
import { type AssignedUnit, assignedUnitOf } from "../actions/tasks/assignedUnit.ts";
import { getPosting } from "../actions/tasks/getPosting.ts";
import { withdrawPayment } from "../actions/tasks/withdrawPayment.ts";
import { followLogs } from "../actions/watch/followLogs.ts";
import { type PostedTask, postedTasksOf } from "../actions/watch/postedTask.ts";
import { type AllotCore, requireAccount } from "../clients/context.ts";
import { RevertedError } from "../errors/revertedError.ts";
import { SignLockError } from "../errors/signLockError.ts";
import { sleep } from "../transactions/sleep.ts";
import { marketDomain } from "../typedData/domain.ts";
import { type AgentContext, Stopped } from "./agentContext.ts";
import type { AgentParameters, AgentStage } from "./agentParameters.ts";
import { bidFor, seeSettled } from "./bidding.ts";
import { fileCursor } from "./cursor.ts";
import { deliver } from "./delivering.ts";
import { takeOver } from "./takingOver.ts";

/** Tasks that an agent has open at once; more are left. */
const openTasksMax = 4_096;
const eventNames = [
  "TaskPosted",
  "TaskSettled",
  "TaskClosed",
  "TaskCancelled",
  "UnitAssigned",
  "UnitOffered",
  "UnitPaid",
] as const;

export interface RunningAgent {
  readonly agentId: bigint;
  /** Lets running steps end, withdraws what was earned, and resolves. The sign lock stays open: it is the caller's. */
  stop(): Promise<void>;
}

interface OpenTask {
  readonly task: PostedTask;
  settled: boolean;
}

/**
 * Runs an agent until `stop` is called. The client's account is its bid key, the client's sign lock its memory.
 * @example
 * ```ts
 * const agent = await runAgent(client, {
 *   decide: (task) => (task.reserve >= cost ? cost : undefined),
 *   work: async ({ task }) => sha256(await readFile(fileOf(task))),
 *   cursorFile: "./agent-7/cursor",
 * });
 * process.on("SIGTERM", () => agent.stop());
 * ```
 */
export async function runAgent(client: AllotCore, parameters: AgentParameters): Promise<RunningAgent> {
  const stopping = new AbortController();
  const context = await contextOf(client, parameters, stopping.signal);
  const cursor = fileCursor(parameters.cursorFile);
  const open = new Map<bigint, OpenTask>();
  const running = new Set<Promise<void>>();
  let earned = false;
  let withdrawing: Promise<void> | undefined;

  /** Runs a step beside the others; what it cannot do is told, and ends only this step. */
  const start = (taskId: bigint, stage: AgentStage, step: () => Promise<void>): void => {
    const done = step().catch((error: unknown) => {
      if (error instanceof Stopped) return;
      const refused = error instanceof RevertedError || error instanceof SignLockError;
      context.tell(refused ? { kind: "refused", taskId, stage, error } : { kind: "troubled", stage, error });
    });
    running.add(done);
    void done.finally(() => running.delete(done));
  };

  const withdraw = async (): Promise<void> => {
    while (earned) {
      earned = false;
      if ((await getCredits(client, { account: context.address })).withdrawable === 0n) continue;
      const { amount } = await withdrawPayment(client);
      context.tell({ kind: "withdrawn", amount });
    }
  };
  const withdrawSoon = (): void => {
    earned = true;
    withdrawing ??= withdraw()
      .catch((error: unknown) => {
        earned = true;
        context.tell({ kind: "troubled", stage: "withdraw", error });
      })
      .finally(() => {
        withdrawing = undefined;
      });
  };

  const onPosted = (task: PostedTask): void => {
    if (open.size >= openTasksMax) return;
    const entry: OpenTask = { task, settled: false };
    open.set(task.taskId, entry);
    start(task.taskId, "commit", async () => {
      let bidding = false;
      try {
        bidding = await bidFor(context, task);
      } finally {
        if (!bidding && !stopping.signal.aborted) open.delete(task.taskId);
      }
      if (bidding) await seeSettled(context, task, () => entry.settled || !open.has(task.taskId));
    });
  };

  const postingOf = async (taskId: bigint): Promise<PostedTask | undefined> =>
    open.get(taskId)?.task ?? (await getPosting(client, { taskId }));

  const onAssigned = (assigned: AssignedUnit): void => {
    if (!isAddressEqual(assigned.provider, context.address)) return;
    start(assigned.taskId, "deliver", async () => {
      const task = await postingOf(assigned.taskId);
      if (task !== undefined) await deliver(context, { task, assigned });
    });
  };

  const onOffered = (taskId: bigint, unit: number): void => {
    const task = open.get(taskId)?.task;
    if (task === undefined || parameters.takeOver === undefined) return;
    start(taskId, "take over", () => takeOver(context, task, unit));
  };

  const onEvent = (event: MarketEvent): void => {
    switch (event.eventName) {
      case "TaskPosted":
        for (const task of postedTasksOf(client, [event])) onPosted(task);
        return;
      case "TaskSettled": {
        const entry = open.get(event.args.taskId);
        if (entry !== undefined) entry.settled = true;
        return;
      }
      case "TaskClosed":
      case "TaskCancelled":
        open.delete(event.args.taskId);
        return;
      case "UnitAssigned":
        return onAssigned(assignedUnitOf(event.args));
      case "UnitOffered":
        return onOffered(event.args.taskId, Number(event.args.unit));
      case "UnitPaid": {
        const { taskId, unit, provider, price } = event.args;
        if (!isAddressEqual(provider, context.address)) return;
        context.tell({ kind: "paid", taskId, unit: Number(unit), price });
        return withdrawSoon();
      }
    }
  };

  const signatures = eventNames.map((eventName) => encodeEventTopics({ abi: taskMarketAbi, eventName })[0] as Hex);
  const fromBlock = (await cursor.load()) ?? parameters.fromBlock;
  const unwatch = followLogs(client, {
    address: client.allot.rules.taskMarket,
    topics: [signatures],
    pollIntervalMs: parameters.pollIntervalMs ?? 150,
    ...(fromBlock === undefined ? {} : { fromBlock }),
    onError: (error) => context.tell({ kind: "troubled", stage: "watch", error }),
    async onLogs(logs, toBlock) {
      for (const event of parseMarketEvents(logs)) onEvent(event);
      const oldest = [...open.values()].reduce(
        (least, { task }) => (task.blockNumber < least ? task.blockNumber : least),
        toBlock + 1n,
      );
      await cursor.save(oldest);
    },
  });

  return {
    agentId: context.agentId,
    async stop() {
      unwatch();
      stopping.abort();
      while (running.size > 0) await Promise.race([Promise.all(running), sleep(50)]);
      withdrawSoon();
      await withdrawing;
    },
  };
}

const parseMarketEvents = (logs: readonly Log<bigint, number, false>[]) =>
  parseEventLogs({ abi: taskMarketAbi, logs: [...logs], eventName: [...eventNames] });

type MarketEvent = ReturnType<typeof parseMarketEvents>[number];

async function contextOf(client: AllotCore, parameters: AgentParameters, stopping: AbortSignal): Promise<AgentContext> {
  const { address } = requireAccount(client);
  const { sealedBidTender, jobEscrow } = client.allot.rules;
  const network = await client.allot.network();
  return {
    client,
    parameters,
    stopping,
    address,
    signLock: requireSignLock(client, undefined),
    agentId: parameters.agentId ?? (await getAgentIdOf(client, { bidKey: address })),
    domains: {
      bid: marketDomain({ ...network, verifyingContract: sealedBidTender }),
      delivery: marketDomain({ ...network, verifyingContract: jobEscrow }),
    },
    tell: (event) => parameters.onEvent?.(event),
  };
}
