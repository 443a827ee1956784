// `allot slash accuse`, `second`, `accusations`, `accusation`, `rule`, `close`: an agent that bid with a capability that it
// does not have. Attesters accuse it at the risk of the penalty, the operators' quorum decides.
import type { Command } from "commander";
import type { Accusation, AccusationRuling } from "../../../sdk/index.ts";
import { type DecisionFlags, decide, takesDecision } from "../client/decisions.ts";
import { list, record } from "../client/shown.ts";
import { addressFlag, credits, hashFlag, idFlag, textFlag, time } from "../client/values.ts";
import { addVerb, sentIn } from "../client/verb.ts";

/** Rulings as a person writes them, in the contract's numbers. */
const rulings = { agent: 1, attester: 2, unproven: 3, false: 4 } as const;
const rulingWords: Readonly<Record<AccusationRuling, string | undefined>> = {
  none: undefined,
  agentAtFault: "agent",
  attesterAtFault: "attester",
  unproven: "unproven",
  falseAccusation: "false",
};

const takesAccusation = (command: Command): Command =>
  command.argument("<accusation>", "accusation id", idFlag("<accusation>"));
const takesReport = (command: Command): Command =>
  command.option("--report <hash>", "hash of what was found, for the operators to ask for", hashFlag("--report"));

const shownOf = ({ penalty, locked, deadline, ruling, accusers, ...accusation }: Accusation) => ({
  ...accusation,
  ruling: rulingWords[ruling],
  accusers,
  penalty: credits(penalty),
  locked: credits(locked),
  deadline: time(deadline),
});

const accusationColumns = {
  accusationId: "accusation",
  status: "status",
  ruling: "ruling",
  agentId: "agent",
  attester: "attester",
  penalty: "penalty",
  deadline: "deadline",
} as const;

function addReading(slash: Command): void {
  addVerb<{ readonly agent?: bigint }, []>(slash, {
    name: "accusations",
    does: "list accusations of false capabilities, ended ones included",
    takes: (command) => command.option("--agent <agent>", "only those against this agent", idFlag("--agent")),
    examples: ["allot slash accusations", "allot slash accusations --agent 7 --json"],
    async run({ client, flags }) {
      const accusations = await client.getAccusations(flags.agent === undefined ? {} : { agentId: flags.agent });
      return list(accusations.map(shownOf), accusationColumns, "No accusations.");
    },
  });

  addVerb<object, [bigint]>(slash, {
    name: "accusation",
    does: "show an accusation: what is accused, who stands behind it, until when, and what was decided",
    takes: takesAccusation,
    examples: ["allot slash accusation 3"],
    async run({ client }, accusationId) {
      return record(shownOf(await client.getAccusation({ accusationId })));
    },
  });
}

interface AccuseFlags {
  readonly task: bigint;
  readonly attester?: `0x${string}`;
  readonly uid?: `0x${string}`;
  readonly report?: `0x${string}`;
}

function addAccusing(slash: Command): void {
  addVerb<AccuseFlags, [bigint, string]>(slash, {
    name: "accuse",
    does: "accuse an agent of bidding with a capability that it lacks; by an attester without a part in the task",
    writes: true,
    takes: (command) =>
      takesReport(
        command
          .argument("<agent>", "agent id", idFlag("<agent>"))
          .argument(
            "<capability>",
            "its name, such as translate/en-de, or its id of 32 bytes",
            textFlag("<capability>"),
          )
          .requiredOption("--task <task>", "task that asked for it, and for which the agent bid", idFlag("--task"))
          .option(
            "--attester <address>",
            "whose attestation is false (default: the one that counts)",
            addressFlag("--attester"),
          )
          .option("--uid <uid>", "the attestation itself, where it no longer counts", hashFlag("--uid")),
      ),
    examples: ["allot slash accuse 7 count-words --task 12 --key-file attester.key"],
    async run({ client, flags, send }, agentId, capability) {
      const { task: taskId, attester, uid, report } = flags;
      const accused = await send(
        "Accusing",
        client.accuseFalseCapability({
          agentId,
          capability,
          taskId,
          ...(attester === undefined ? {} : { attester }),
          ...(uid === undefined ? {} : { uid }),
          ...(report === undefined ? {} : { report }),
        }),
      );
      const { accusationId, locked, deadline } = accused;
      const made = { accusationId, uid: accused.uid, locked: credits(locked), deadline: time(deadline) };
      return record({ ...made, ...sentIn(accused) });
    },
  });

  addVerb<{ readonly report?: `0x${string}` }, [bigint]>(slash, {
    name: "second",
    does: "stand behind an accusation; the last attester needed puts it to the operators",
    writes: true,
    takes: (command) => takesReport(takesAccusation(command)),
    examples: ["allot slash second 3 --key-file attester.key"],
    async run({ client, flags, send }, accusationId) {
      const report = flags.report === undefined ? {} : { report: flags.report };
      const sent = await send("Seconding", client.secondAccusation({ accusationId, ...report }));
      const { status, locked, deadline } = await client.getAccusation({ accusationId });
      return record({ accusationId, status, locked: credits(locked), deadline: time(deadline), ...sentIn(sent) });
    },
  });
}

export function addAccusations(slash: Command): void {
  addReading(slash);
  addAccusing(slash);

  addVerb<DecisionFlags, [bigint, string]>(slash, {
    name: "rule",
    does: "propose who pays for an accusation: agent, attester, unproven (nobody), false (its accusers); by an operator",
    writes: true,
    takes: (command) =>
      takesDecision(
        takesAccusation(command).argument("<ruling>", Object.keys(rulings).join(", "), textFlag("<ruling>")),
      ),
    examples: ["allot slash rule 3 agent --execute --key-file operator.key"],
    async run(call, accusationId, ruling) {
      const args = [accusationId, await rulingOf(ruling)];
      return record(await decide(call, { contract: "falseCapability", functionName: "decide", args }));
    },
  });

  addVerb<object, [bigint]>(slash, {
    name: "close",
    does: "end an accusation whose deadline has passed without a decision: every lock comes back; by anyone",
    writes: true,
    takes: takesAccusation,
    examples: ["allot slash close 3 --key-file any.key"],
    async run({ client, send }, accusationId) {
      const sent = await send("Closing", client.closeAccusation({ accusationId }));
      return record({ accusationId, status: "lapsed", ...sentIn(sent) });
    },
  });
}

async function rulingOf(word: string): Promise<number> {
  const { AllotError } = await import("../../types/errors.ts");
  const known = Object.entries(rulings).find(([name]) => name === word);
  if (known !== undefined) return known[1];
  const message = `<ruling>: must be one of ${Object.keys(rulings).join(", ")}`;
  throw new AllotError("BAD_VALUE", { ruling: word }, message);
}
