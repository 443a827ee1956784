// `allot disputes`: objections to verdicts, and the panel that decides them.
import type { Command } from "commander";
import type { Dispute } from "../../../sdk/index.ts";
import { list, record, recordText, rowsText, sections } from "../client/shown.ts";
import { addressFlag, credits, hashFlag, idFlag, time } from "../client/values.ts";
import { addGroup, addVerb, sentIn } from "../client/verb.ts";
import { choiceFlag, integerFlag } from "../flags.ts";

const unitMax = 65_534;

interface UnitFlags {
  readonly unit: number;
}

const takesUnit = (command: Command): Command =>
  command
    .argument("<task>", "task id", idFlag("<task>"))
    .option("--unit <number>", "which unit of the task", integerFlag("--unit", 0, unitMax), 0);

const disputeRow = (dispute: Dispute) => ({
  taskId: dispute.taskId,
  unit: dispute.unit,
  ruling: dispute.ruling,
  objector: dispute.objector,
  bond: credits(dispute.bond),
  fee: credits(dispute.fee),
  voteDeadline: time(dispute.voteDeadline),
  revealDeadline: time(dispute.revealDeadline),
  votes: dispute.votes,
  quorum: dispute.quorum,
  upholdWeight: dispute.upholdWeight,
  dismissWeight: dispute.dismissWeight,
  concluded: dispute.concluded,
});

function addReading(disputes: Command): void {
  addVerb<UnitFlags, [bigint]>(disputes, {
    name: "show",
    does: "show the dispute about a unit: objection, seats, votes, ruling",
    takes: takesUnit,
    examples: ["allot disputes show 12", "allot disputes show 12 --unit 1 --json"],
    async run({ client, flags }, taskId) {
      const dispute = await client.getDispute({ taskId, unit: flags.unit });
      if (dispute === undefined) return record({ taskId, unit: flags.unit, disputed: false });
      const facts = disputeRow(dispute);
      const seats = dispute.seats.map(({ voter, agentId, weight, vote }) => ({ voter, agentId, weight, vote }));
      const columns = { voter: "voter", agentId: "agent", weight: "weight", vote: "vote" };
      return sections({ ...facts, seats }, [recordText(facts), `Seats\n${rowsText(seats, columns, "None.")}`]);
    },
  });

  addVerb<object, []>(disputes, {
    name: "panel",
    does: "list the agents that sit on panels",
    examples: ["allot disputes panel"],
    async run({ client }) {
      const members = (await client.getPanelMembers()).map(({ agentId, organisation, joinedAt }) => ({
        agentId,
        organisation,
        joinedAt: time(joinedAt),
      }));
      const columns = { agentId: "agent", organisation: "organisation", joinedAt: "joined at" };
      return list(members, columns, "Nobody sits on panels.");
    },
  });
}

function addParties(disputes: Command): void {
  addVerb<UnitFlags & { readonly reason?: `0x${string}` }, [bigint]>(disputes, {
    name: "object",
    does: "object to a verdict with a bond, within the dispute window; by the side that it is against",
    writes: true,
    takes: (command) =>
      takesUnit(command).option(
        "--reason <hash>",
        "32 bytes for the record, such as an argument's hash",
        hashFlag("--reason"),
      ),
    examples: ["allot disputes object 12 --key-file requester.key"],
    async run({ client, flags, send }, taskId) {
      const { unit, reason } = flags;
      const parameters = { taskId, unit, ...(reason === undefined ? {} : { reason }) };
      const made = await send("Objecting", client.objectToVerdict(parameters));
      const deadlines = { voteDeadline: time(made.voteDeadline), revealDeadline: time(made.revealDeadline) };
      return record({ taskId, unit, bond: credits(made.bond), ...deadlines, ...sentIn(made) });
    },
  });

  addVerb<UnitFlags, [bigint]>(disputes, {
    name: "conclude",
    does: "share out the bond of a dispute that is decided; by anyone",
    writes: true,
    takes: takesUnit,
    examples: ["allot disputes conclude 12 --key-file any.key"],
    async run({ client, flags, send }, taskId) {
      const { unit } = flags;
      const made = await send("Concluding", client.concludeDispute({ taskId, unit }));
      const { ruling, returned, paid, burned } = made;
      const shares = { returned: credits(returned), paid: credits(paid), burned: credits(burned) };
      return record({ taskId, unit, ruling, ...shares, ...sentIn(made) });
    },
  });
}

function addPanelists(disputes: Command): void {
  for (const [name, does] of [
    ["join", "sit on panels from now on; by an agent's bid key"],
    ["leave", "sit on no further panels; by an agent's bid key"],
  ] as const) {
    addVerb<object, []>(disputes, {
      name,
      does,
      writes: true,
      examples: [`allot disputes ${name} --key-file bid.key`],
      async run({ client, send }) {
        const sent = name === "join" ? client.joinPanel() : client.leavePanel();
        return record({ account: client.account?.address, ...sentIn(await send("Telling the panel", sent)) });
      },
    });
  }

  addVerb<UnitFlags, [bigint, "uphold" | "dismiss"]>(disputes, {
    name: "vote",
    does: "seal a vote: uphold the objection or dismiss it; by a voter that was drawn",
    writes: true,
    takes: (command) =>
      takesUnit(command).argument("<vote>", "uphold or dismiss", choiceFlag("<vote>", ["uphold", "dismiss"])),
    examples: ["allot disputes vote 12 uphold --key-file bid.key"],
    async run({ client, flags, send }, taskId, vote) {
      const { unit } = flags;
      const sent = await send("Sealing the vote", client.commitVote({ taskId, unit, uphold: vote === "uphold" }));
      return record({ taskId, unit, vote, ...sentIn(sent) });
    },
  });

  addVerb<UnitFlags, [bigint]>(disputes, {
    name: "open-vote",
    does: "open one's sealed vote, after the vote deadline; the key finds it again by itself",
    writes: true,
    takes: takesUnit,
    examples: ["allot disputes open-vote 12 --key-file bid.key"],
    async run({ client, flags, send }, taskId) {
      const { unit } = flags;
      return record({ taskId, unit, ...sentIn(await send("Opening the vote", client.revealVote({ taskId, unit }))) });
    },
  });

  addVerb<{ readonly account?: `0x${string}` }, []>(disputes, {
    name: "withdraw",
    does: "send an account what the panel owes it: bonds, fees; by anyone, to the account alone",
    writes: true,
    takes: (command) =>
      command.option("--account <address>", "whose (default: the key's own)", addressFlag("--account")),
    examples: ["allot disputes withdraw --key-file bid.key"],
    async run({ client, flags, send }) {
      const account = flags.account ?? client.account?.address;
      const sent = await send("Withdrawing", client.withdrawFromPanel(account === undefined ? {} : { account }));
      return record({ account, amount: credits(sent.amount), ...sentIn(sent) });
    },
  });
}

export function addDisputes(program: Command): void {
  const disputes = addGroup(program, "disputes", "objections to verdicts, and the panel that decides them", [
    "allot disputes show 12                                  how a dispute stands",
    "allot disputes object 12 --key-file requester.key       object to a verdict",
    "allot disputes panel                                    who sits on panels",
  ]);
  addReading(disputes);
  addParties(disputes);
  addPanelists(disputes);
}
