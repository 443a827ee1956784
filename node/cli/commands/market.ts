// `allot market`: what is on the market. The verbs that change something are in marketActs.ts.
import type { Command } from "commander";
import type { AllotClient, Assignment, Task } from "../../../sdk/index.ts";
import { inBatches, newestIds } from "../client/batches.ts";
import { list, type Row, record, recordText, rowsText, sections } from "../client/shown.ts";
import { addressFlag, credits, idFlag, time } from "../client/values.ts";
import { addGroup, addVerb } from "../client/verb.ts";
import { integerFlag } from "../flags.ts";
import { addCertificates } from "./certificates.ts";
import { addMarketActs } from "./marketActs.ts";

const listedMax = 1_000;
const taskRow = (task: Task) => ({
  taskId: task.taskId,
  status: task.status,
  requester: task.requester,
  evaluator: task.evaluator,
  reserve: credits(task.reserve),
  units: task.units,
  openUnits: task.openUnits,
  settledAt: time(task.settledAt),
});

const unitRow = (unit: Assignment) => ({
  unit: unit.unit,
  status: unit.status,
  verdict: unit.verdict,
  agentId: unit.agentId,
  provider: unit.provider,
  price: credits(unit.price),
  jobId: unit.jobId,
  round: unit.round,
  deliveryDeadline: time(unit.deliveryDeadline),
});

async function tenderRow(client: AllotClient, task: Task) {
  const tender = await client.getTender({ tenderId: task.tenderId });
  return {
    tenderId: tender.tenderId,
    phase: tender.phase,
    mechanism: tender.mechanism,
    bids: tender.bidCount,
    maxBidders: tender.maxBidders,
    lock: credits(tender.lock),
    openedAt: time(tender.openedAt),
    commitDeadline: time(tender.commitDeadline),
    revealDeadline: time(tender.revealDeadline),
  };
}

async function bidRows(client: AllotClient, task: Task) {
  const bids = await client.getBids({ tenderId: task.tenderId });
  return inBatches(bids, async ({ bidder, amount }) => ({
    bidder,
    agentId: await client.getAgentIdOf({ bidKey: bidder }),
    amount: amount === undefined ? undefined : credits(amount),
  }));
}

async function unitRows(client: AllotClient, task: Task) {
  const units = Array.from({ length: task.units }, (_, unit) => unit);
  const read = await inBatches(units, (unit) => client.getAssignment({ taskId: task.taskId, unit }));
  return read.filter((unit) => unit !== undefined).map(unitRow);
}

/** A task with all that belongs to it. */
async function wholeTask(client: AllotClient, taskId: bigint) {
  const task = await client.getTask({ taskId });
  const [posting, tender, bids, units] = await Promise.all([
    client.getPosting({ taskId }),
    tenderRow(client, task),
    bidRows(client, task),
    unitRows(client, task),
  ]);
  const { specification, priceBinding, maxReassignments, deliveryWindow, verdictWindow, disputeWindow } = task;
  const windows = { deliveryWindow, verdictWindow, disputeWindow, acceptanceWindow: task.acceptanceWindow };
  const facts: Row = { ...taskRow(task), uri: posting?.uri, specification, priceBinding, maxReassignments, ...windows };
  return { facts, tender, bids, units };
}

const bidColumns = { bidder: "bidder", agentId: "agent", amount: "amount" } as const;
const unitColumns = {
  unit: "unit",
  status: "status",
  verdict: "verdict",
  agentId: "agent",
  provider: "provider",
  price: "price",
  jobId: "job",
  round: "round",
  deliveryDeadline: "delivery until",
} as const;

interface ListFlags {
  readonly last: number;
  readonly status?: string;
}

export function addMarket(program: Command): void {
  const market = addGroup(program, "market", "tasks, bids, awards, certificates and credits of a market", [
    "allot market list                                       the newest tasks",
    "allot market show 12                                    a task with its bids and awards",
    "allot market post task.json --key-file requester.key    post a task",
  ]);

  addVerb<ListFlags, []>(market, {
    name: "list",
    does: "list the newest tasks",
    takes: (command) =>
      command
        .option("--last <count>", "how many tasks", integerFlag("--last", 1, listedMax), 20)
        .option("--status <status>", "only those that are open, settled, closed or cancelled"),
    examples: ["allot market list", "allot market list --last 100 --status open --json"],
    async run({ client, flags }) {
      const ids = newestIds(1n, await client.getTaskCount(), flags.last);
      const tasks = await inBatches(ids, async (taskId) => {
        const task = await client.getTask({ taskId });
        const { mechanism, bids, commitDeadline } = await tenderRow(client, task);
        return { ...taskRow(task), mechanism, bids, commitDeadline };
      });
      const shown = tasks.filter(({ status }) => flags.status === undefined || status === flags.status);
      const columns = {
        taskId: "task",
        status: "status",
        mechanism: "mechanism",
        reserve: "reserve",
        units: "units",
        bids: "bids",
        requester: "requester",
        commitDeadline: "commit until",
      };
      return list(shown, columns, "No tasks.");
    },
  });

  addVerb<object, [bigint]>(market, {
    name: "show",
    does: "show a task: terms, tender, bids, awards and what became of its units",
    takes: (command) => command.argument("<task>", "task id", idFlag("<task>")),
    examples: ["allot market show 12", "allot market show 12 --json"],
    async run({ client }, taskId) {
      const { facts, tender, bids, units } = await wholeTask(client, taskId);
      return sections({ ...facts, tender, bids, assignments: units }, [
        recordText(facts),
        `Tender\n${recordText(tender)}`,
        `Bids\n${rowsText(bids, bidColumns, "None.")}`,
        `Assignments\n${rowsText(units, unitColumns, "None is awarded.")}`,
      ]);
    },
  });

  addVerb<object, [bigint]>(market, {
    name: "bids",
    does: "list a task's bids in the order of their commitments; amounts are known once revealed",
    takes: (command) => command.argument("<task>", "task id", idFlag("<task>")),
    examples: ["allot market bids 12"],
    async run({ client }, taskId) {
      return list(await bidRows(client, await client.getTask({ taskId })), bidColumns, "No bids.");
    },
  });

  addVerb<object, [`0x${string}`]>(market, {
    name: "balance",
    does: "show an account's credits, and what the market owes it",
    takes: (command) => command.argument("<account>", "address", addressFlag("<account>")),
    examples: ["allot market balance 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"],
    async run({ client }, account) {
      const { balance, withdrawable } = await client.getCredits({ account });
      return record({ account, balance: credits(balance), withdrawable: credits(withdrawable) });
    },
  });

  addCertificates(market);
  addMarketActs(market);
}
