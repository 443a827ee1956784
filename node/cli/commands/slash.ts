// `allot slash`: faults that were punished, and what becomes of the reporters' share.
import type { Command } from "commander";
import type { Fault } from "../../../sdk/index.ts";
import { type DecisionFlags, decide, takesDecision } from "../client/decisions.ts";
import { list, record } from "../client/shown.ts";
import { addressFlag, credits, hashFlag, idFlag, time } from "../client/values.ts";
import { addGroup, addVerb, sentIn } from "../client/verb.ts";
import { addAccusations } from "./accusations.ts";

/** What became, or may still become, of the reporter's share. */
function rewardOf({ held, reporter, rewardBurned }: Fault): string {
  if (reporter !== undefined) return `credited to ${reporter}`;
  if (rewardBurned) return "burned";
  return held === 0n ? "none" : "unclaimed";
}

const faultRow = (fault: Fault) => ({
  faultId: fault.faultId,
  agentId: fault.agentId,
  judgedBy: fault.moduleName ?? fault.module,
  taken: credits(fault.taken),
  held: credits(fault.held),
  reward: rewardOf(fault),
  block: fault.blockNumber,
});

const faultColumns = {
  faultId: "fault",
  agentId: "agent",
  judgedBy: "judged by",
  taken: "taken",
  held: "held",
  reward: "reward",
  block: "block",
} as const;

interface RegisterFlags {
  readonly attesters?: boolean;
}

const takesRegister = (command: Command): Command =>
  command.option("--attesters", "for faults of attesters (default: of agents)");
const registerOf = ({ attesters = false }: RegisterFlags) =>
  ({ register: attesters ? "attesters" : "agents" }) as const;

function addReading(slash: Command): void {
  addVerb<{ readonly agent?: bigint }, []>(slash, {
    name: "faults",
    does: "list faults that agents were slashed for, and what became of the reporter's share",
    takes: (command) => command.option("--agent <agent>", "only this agent's", idFlag("--agent")),
    examples: ["allot slash faults", "allot slash faults --agent 7 --json"],
    async run({ client, flags }) {
      const faults = await client.getFaults(flags.agent === undefined ? {} : { agentId: flags.agent });
      return list(faults.map(faultRow), faultColumns, "No faults.");
    },
  });

  addVerb<RegisterFlags, [`0x${string}`]>(slash, {
    name: "reward",
    does: "show what an account has earned by reports and not claimed yet",
    takes: (command) => takesRegister(command.argument("<account>", "address", addressFlag("<account>"))),
    examples: ["allot slash reward 0x90F79bf6EB2c4f870365E785982E1f101E93b906"],
    async run({ client, flags }, reporter) {
      const { amount, readyAt } = await client.getReward({ reporter, ...registerOf(flags) });
      return record({ reporter, amount: credits(amount), readyAt: time(readyAt) });
    },
  });
}

export function addSlash(program: Command): void {
  const slash = addGroup(program, "slash", "faults and rewards: report, accuse, decide, claim and burn rewards", [
    "allot slash faults                                      what was punished",
    "allot slash report evidence.json --key-file reporter.key",
    "allot slash accuse 7 count-words --task 12 --key-file attester.key",
    "allot slash claim --key-file reporter.key               be paid for reports",
  ]);
  addReading(slash);
  addAccusations(slash);

  addVerb<{ readonly reward: boolean }, [string]>(slash, {
    name: "report",
    does: "submit an evidence file: the offender is punished, a reporter of another organisation rewarded",
    writes: true,
    takes: (command) =>
      command
        .argument("<file>", "evidence file; see allot evidence")
        .option("--no-reward", "show it at once, in one transaction, for nothing"),
    examples: ["allot slash report evidence.json --key-file reporter.key"],
    async run({ client, flags, send }, file) {
      const { readTextFile } = await import("../../config/jsonFile.ts");
      const evidence = readTextFile(file, "evidence; docs/evidence.md has the format");
      const reported = await send("Reporting", client.submitEvidence({ evidence, claimReward: flags.reward }));
      const { faultId, taken, reward } = reported;
      return record({ faultId, taken: credits(taken), reward: credits(reward), ...sentIn(reported) });
    },
  });

  addVerb<RegisterFlags & { readonly reporter?: `0x${string}` }, []>(slash, {
    name: "claim",
    does: "pay out a reporter's rewards that are ready; by anyone, to the reporter alone",
    writes: true,
    takes: (command) =>
      takesRegister(
        command.option("--reporter <address>", "whose (default: the key's own)", addressFlag("--reporter")),
      ),
    examples: ["allot slash claim --key-file reporter.key"],
    async run({ client, flags, send }) {
      const reporter = flags.reporter ?? client.account?.address ?? "0x";
      const whose = { reporter, ...registerOf(flags) };
      const { amount } = await client.getReward(whose);
      const sent = await send("Claiming", client.withdrawReward(whose));
      return record({ reporter, amount: credits(amount), ...sentIn(sent) });
    },
  });

  addVerb<object, [`0x${string}`]>(slash, {
    name: "burn",
    does: "burn a reward that nobody claimed in time; by anyone",
    writes: true,
    takes: (command) => command.argument("<fault>", "fault id", hashFlag("<fault>")),
    examples: [
      "allot slash burn 0x7a23acc1a0a695a9935a86153a236e85bf4e19befd4c1b68d72cc55aa1a8718e --key-file any.key",
    ],
    async run({ client, send }, faultId) {
      const sent = await send("Burning the reward", client.burnUnclaimedReward({ faultId }));
      return record({ faultId, ...sentIn(sent) });
    },
  });

  addVerb<DecisionFlags, [bigint]>(slash, {
    name: "reinstate",
    does: "propose to end an agent's suspension; by an operator",
    writes: true,
    takes: (command) => takesDecision(command.argument("<agent>", "agent id", idFlag("<agent>"))),
    examples: ["allot slash reinstate 7 --execute --key-file operator.key"],
    run: async (call, agentId) =>
      record(await decide(call, { contract: "agentLedger", functionName: "reinstate", args: [agentId] })),
  });
}
