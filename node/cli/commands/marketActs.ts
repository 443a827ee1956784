// The verbs of `allot market` that send a transaction: a requester's, an evaluator's, and those that anyone may call.
import type { Command } from "commander";
import { type DecisionFlags, decide, takesDecision } from "../client/decisions.ts";
import { record } from "../client/shown.ts";
import { addressFlag, amountFlag, credits, hashFlag, idFlag, time } from "../client/values.ts";
import { addVerb, sentIn } from "../client/verb.ts";
import { choiceFlag, integerFlag } from "../flags.ts";

const unitsMax = 65_535;

interface UnitFlags {
  readonly unit: number;
}

const takesTask = (command: Command): Command => command.argument("<task>", "task id", idFlag("<task>"));
const takesUnit = (command: Command): Command =>
  takesTask(command).option("--unit <number>", "which unit of the task", integerFlag("--unit", 0, unitsMax - 1), 0);

function addRequesterActs(market: Command): void {
  addVerb<object, [string]>(market, {
    name: "post",
    does: "post a task from a JSON file: escrows reserve × units and opens its tender",
    writes: true,
    takes: (command) => command.argument("<file>", "the task; see below"),
    examples: [
      "allot market post task.json --key-file requester.key",
      "",
      "task.json, with amounts in credits and windows in seconds:",
      '  { "specification": "work.txt", "uri": "https://example.com/work.txt", "mechanism": "vickrey",',
      '    "evaluator": "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", "reserve": "60", "units": 1,',
      '    "requirements": [{ "capability": "count-words", "level": 1 }],',
      '    "commitWindow": 30, "revealWindow": 30, "deliveryWindow": 600, "verdictWindow": 600 }',
      "  Also: specificationHash instead of the file, maxBidders, lock, disputeWindow, acceptanceWindow, maxReassignments.",
    ],
    async run({ client, send }, file) {
      const { readTaskFile } = await import("../client/taskFile.ts");
      const posted = await send("Posting the task", client.postTask(readTaskFile(file)));
      const { taskId, tenderId, commitDeadline, revealDeadline } = posted;
      const deadlines = { commitDeadline: time(commitDeadline), revealDeadline: time(revealDeadline) };
      return record({ taskId, tenderId, ...deadlines, ...sentIn(posted) });
    },
  });

  addVerb<object, [bigint]>(market, {
    name: "cancel",
    does: "cancel a task that nobody has bid on; by its requester",
    writes: true,
    takes: takesTask,
    examples: ["allot market cancel 12 --key-file requester.key"],
    async run({ client, send }, taskId) {
      return record({ taskId, ...sentIn(await send("Cancelling", client.cancelTask({ taskId }))) });
    },
  });

  addVerb<UnitFlags & { readonly reason?: `0x${string}` }, [bigint, "accept" | "reject"]>(market, {
    name: "verdict",
    does: "accept or reject a delivery; by the task's evaluator",
    writes: true,
    takes: (command) =>
      takesUnit(command)
        .argument("<verdict>", "accept or reject", choiceFlag("<verdict>", ["accept", "reject"]))
        .option("--reason <hash>", "32 bytes for the record, such as a report's hash", hashFlag("--reason")),
    examples: ["allot market verdict 12 accept --key-file evaluator.key"],
    async run({ client, flags, send }, taskId, verdict) {
      const { unit, reason } = flags;
      const parameters = { taskId, unit, ...(reason === undefined ? {} : { reason }) };
      const given = verdict === "accept" ? client.completeTask(parameters) : client.rejectTask(parameters);
      return record({ taskId, unit, verdict, ...sentIn(await send("Giving the verdict", given)) });
    },
  });
}

function addEverybodysActs(market: Command): void {
  addVerb<object, [bigint]>(market, {
    name: "settle",
    does: "turn a task's awards into funded jobs, once its reveal deadline has passed; by anyone",
    writes: true,
    takes: takesTask,
    examples: ["allot market settle 12 --key-file any.key"],
    async run({ client, send }, taskId) {
      const settled = await send("Settling", client.settleTask({ taskId }));
      const awards = settled.assigned.map(({ unit, agentId, provider, price, jobId, deliveryDeadline }) => ({
        unit,
        agentId,
        provider,
        price: credits(price),
        jobId,
        deliveryDeadline: time(deliveryDeadline),
      }));
      const shown = awards.map((award) => `unit ${award.unit} to agent ${award.agentId} for ${award.price}`);
      const { value } = record({ taskId, awards, ...sentIn(settled) });
      return { value, text: record({ taskId, awards: shown, ...sentIn(settled) }).text };
    },
  });

  addVerb<UnitFlags, [bigint]>(market, {
    name: "conclude",
    does: "end what recorded facts and the clock decide: no-show, silent evaluator, dispute window over; by anyone",
    writes: true,
    takes: takesUnit,
    examples: ["allot market conclude 12 --unit 0 --key-file any.key"],
    async run({ client, flags, send }, taskId) {
      const { unit } = flags;
      const concluded = await send("Concluding", client.concludeTask({ taskId, unit }));
      const { outcome, noShow } = concluded;
      return record({ taskId, unit, outcome, noShow, ...sentIn(concluded) });
    },
  });

  addVerb<object, [bigint]>(market, {
    name: "refund",
    does: "end an expired job: its money goes back to the market, which pays whom the outcome names; by anyone",
    writes: true,
    takes: (command) => command.argument("<job>", "job id", idFlag("<job>")),
    examples: ["allot market refund 7 --key-file any.key"],
    async run({ client, send }, jobId) {
      const refunded = await send("Claiming the refund", client.claimRefund({ jobId }));
      return record({ jobId, amount: credits(refunded.amount), ...sentIn(refunded) });
    },
  });
}

function addCreditActs(market: Command): void {
  addVerb<{ readonly account?: `0x${string}` }, []>(market, {
    name: "withdraw",
    does: "send an account all that market and escrow owe it; by anyone, to the account alone",
    writes: true,
    takes: (command) =>
      command.option("--account <address>", "whose (default: the key's own)", addressFlag("--account")),
    examples: ["allot market withdraw --key-file bid.key"],
    async run({ client, flags, send }) {
      const account = flags.account ?? client.account?.address;
      const parameters = account === undefined ? {} : { account };
      const sent = await send("Withdrawing", client.withdrawPayment(parameters));
      return record({ account, amount: credits(sent.amount), ...sentIn(sent) });
    },
  });

  addVerb<object, [`0x${string}`, bigint]>(market, {
    name: "transfer",
    does: "send credits of the key's account to another",
    writes: true,
    takes: (command) =>
      command
        .argument("<to>", "address", addressFlag("<to>"))
        .argument("<amount>", "credits, for example 12.5", amountFlag("<amount>")),
    examples: ["allot market transfer 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 12.5 --key-file mine.key"],
    async run({ client, send }, to, amount) {
      const sent = await send("Sending the credits", client.transferCredits({ to, amount }));
      return record({ to, amount: credits(amount), ...sentIn(sent) });
    },
  });
}

function addIssuing(market: Command): void {
  addVerb<DecisionFlags, [`0x${string}`, bigint]>(market, {
    name: "issue",
    does: "propose to issue credits to an account; by an operator",
    writes: true,
    takes: (command) =>
      takesDecision(
        command
          .argument("<to>", "address", addressFlag("<to>"))
          .argument("<amount>", "credits, for example 5000", amountFlag("<amount>")),
      ),
    examples: ["allot market issue 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 5000 --execute --key-file operator.key"],
    async run(call, to, amount) {
      const decided = await decide(call, { contract: "credits", functionName: "issue", args: [to, amount] });
      return record({ to, amount: credits(amount), ...decided });
    },
  });
}

export function addMarketActs(market: Command): void {
  addRequesterActs(market);
  addEverybodysActs(market);
  addCreditActs(market);
  addIssuing(market);
}
