// `allot slash`: faults that were punished, agents', attesters' and validators', and what becomes of the reporters' share.
import type { Command } from "commander";
import type { Fault, StakeRegister } from "../../../sdk/index.ts";
import { type DecisionFlags, decide, takesDecision } from "../client/decisions.ts";
import { list, record } from "../client/shown.ts";
import { addressFlag, credits, hashFlag, idFlag, time } from "../client/values.ts";
import { addGroup, addVerb, sentIn } from "../client/verb.ts";
import { choiceFlag } from "../flags.ts";
import { addAccusations } from "./accusations.ts";

/** What became, or may still become, of the reporter's share. */
function rewardOf({ held, reporter, rewardBurned }: Fault): string {
  if (reporter !== undefined) return `credited to ${reporter}`;
  if (rewardBurned) return "burned";
  return held === 0n ? "none" : "unclaimed";
}

/** Whose faults: the rewards for each kind of offender are kept apart. */
const registers = ["agents", "attesters", "validators"] as const;

interface RegisterFlag {
  readonly register: StakeRegister;
}

const takesRegister = (command: Command): Command =>
  command.option(
    "--register <whose>",
    "for whose faults: agents, attesters or validators",
    choiceFlag("--register", registers),
    "agents",
  );

const faultRow = (fault: Fault) => ({
  faultId: fault.faultId,
  register: fault.register,
  agentId: fault.agentId,
  account: fault.account,
  offender: fault.account ?? `agent ${fault.agentId}`,
  judgedBy: fault.moduleName ?? fault.module,
  taken: credits(fault.taken),
  held: credits(fault.held),
  reward: rewardOf(fault),
  block: fault.blockNumber,
});

const faultColumns = {
  faultId: "fault",
  offender: "offender",
  judgedBy: "judged by",
  taken: "taken",
  held: "held",
  reward: "reward",
  block: "block",
} as const;

function addReading(slash: Command): void {
  addVerb<{ readonly agent?: bigint; readonly account?: `0x${string}` }, []>(slash, {
    name: "faults",
    does: "list faults that agents, attesters and validators were slashed for, and what became of the reporter's share",
    takes: (command) =>
      command
        .option("--agent <agent>", "only this agent's", idFlag("--agent"))
        .option("--account <address>", "only this attester's, or this validator's", addressFlag("--account")),
    examples: ["allot slash faults", "allot slash faults --agent 7 --json"],
    async run({ client, flags: { agent, account } }) {
      const of = { ...(agent === undefined ? {} : { agentId: agent }), ...(account === undefined ? {} : { account }) };
      const faults = await client.getFaults(of);
      return list(faults.map(faultRow), faultColumns, "No faults.");
    },
  });

  addVerb<RegisterFlag, [`0x${string}`]>(slash, {
    name: "reward",
    does: "show what an account has earned by reports and not claimed yet",
    takes: (command) => takesRegister(command.argument("<account>", "address", addressFlag("<account>"))),
    examples: [
      "allot slash reward 0x90F79bf6EB2c4f870365E785982E1f101E93b906",
      "allot slash reward 0x90F79bf6EB2c4f870365E785982E1f101E93b906 --register validators",
    ],
    async run({ client, flags: { register } }, reporter) {
      const { amount, readyAt } = await client.getReward({ reporter, register });
      return record({ reporter, register, amount: credits(amount), readyAt: time(readyAt) });
    },
  });
}

export function addSlash(program: Command): void {
  const slash = addGroup(program, "slash", "faults and rewards: report evidence, claim and burn rewards, reinstate", [
    "allot slash faults                                      what was punished",
    "allot slash report evidence.json --key-file reporter.key",
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
      const { readEvidenceFile, registerOf } = await import("../../../sdk/index.ts");
      const evidence = readEvidenceFile(readTextFile(file, "evidence; docs/evidence.md has the format"));
      const reported = await send("Reporting", client.submitEvidence({ evidence, claimReward: flags.reward }));
      const { faultId, taken, reward } = reported;
      const register = registerOf(evidence.kind);
      return record({ faultId, register, taken: credits(taken), reward: credits(reward), ...sentIn(reported) });
    },
  });

  addVerb<RegisterFlag & { readonly reporter?: `0x${string}` }, []>(slash, {
    name: "claim",
    does: "pay out a reporter's rewards that are ready; by anyone, to the reporter alone",
    writes: true,
    takes: (command) =>
      takesRegister(
        command.option("--reporter <address>", "whose (default: the key's own)", addressFlag("--reporter")),
      ),
    examples: [
      "allot slash claim --key-file reporter.key",
      "allot slash claim --register validators --key-file reporter.key",
    ],
    async run({ client, flags, send }) {
      const reporter = flags.reporter ?? client.account?.address ?? "0x";
      const { register } = flags;
      const { amount } = await client.getReward({ reporter, register });
      const sent = await send("Claiming", client.withdrawReward({ reporter, register }));
      return record({ reporter, register, amount: credits(amount), ...sentIn(sent) });
    },
  });

  addVerb<RegisterFlag, [`0x${string}`]>(slash, {
    name: "burn",
    does: "burn a reward that nobody claimed in time; by anyone",
    writes: true,
    takes: (command) => takesRegister(command.argument("<fault>", "fault id", hashFlag("<fault>"))),
    examples: [
      "allot slash burn 0x7a23acc1a0a695a9935a86153a236e85bf4e19befd4c1b68d72cc55aa1a8718e --key-file any.key",
    ],
    async run({ client, flags: { register }, send }, faultId) {
      const sent = await send("Burning the reward", client.burnUnclaimedReward({ faultId, register }));
      return record({ faultId, ...sentIn(sent) });
    },
  });

  addVerb<DecisionFlags, [string]>(slash, {
    name: "reinstate",
    does: "propose to end an agent's or an attester's suspension; by an operator",
    writes: true,
    takes: (command) => takesDecision(command.argument("<whom>", "an agent's id or an attester's address")),
    examples: ["allot slash reinstate 7 --execute --key-file operator.key"],
    async run(call, whom) {
      const isAgent = /^\d+$/.test(whom);
      const contract = isAgent ? "agentLedger" : "attesterRegistry";
      const args = [isAgent ? idFlag("<whom>")(whom) : addressFlag("<whom>")(whom)];
      return record(await decide(call, { contract, functionName: "reinstate", args }));
    },
  });
}
