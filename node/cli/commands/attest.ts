// `allot attest`: attestations of agents' capabilities and who makes them.
import type { Command } from "commander";
import { type DecisionFlags, decide, takesDecision } from "../client/decisions.ts";
import { record } from "../client/shown.ts";
import { addressFlag, hashFlag, idFlag, textFlag, time } from "../client/values.ts";
import { addGroup, addVerb, sentIn } from "../client/verb.ts";
import { integerFlag } from "../flags.ts";
import { addAttesterActs } from "./attesterActs.ts";

const levelMax = 254;

const takesCapability = (command: Command): Command =>
  command
    .argument("<agent>", "agent id", idFlag("<agent>"))
    .argument("<capability>", "its name, such as translate/en-de, or its id of 32 bytes", textFlag("<capability>"));

/** Seconds since 1970 of a date as a person writes it. */
async function secondOf(date: string): Promise<bigint> {
  const { AllotError } = await import("../../types/errors.ts");
  const milliseconds = Date.parse(date);
  if (!Number.isNaN(milliseconds)) return BigInt(Math.floor(milliseconds / 1000));
  throw new AllotError("BAD_VALUE", { date }, `--until: must be a date such as 2027-06-30 or 2027-06-30T12:00:00Z`);
}

export function addAttest(program: Command): void {
  const attest = addGroup(program, "attest", "capabilities of agents: attest, revoke, look up; who may attest", [
    "allot attest give 7 count-words --level 2 --key-file attester.key",
    "allot attest show 7 count-words                         what bids are checked against",
  ]);

  addVerb<{ readonly level: number; readonly until?: string }, [bigint, string]>(attest, {
    name: "give",
    does: "attest a capability of an agent (EAS); by an attester that the operators accept",
    writes: true,
    takes: (command) =>
      takesCapability(command)
        .option("--level <number>", "how well", integerFlag("--level", 0, levelMax), 0)
        .option("--until <date>", "when it ends (default: never)"),
    examples: ["allot attest give 7 count-words --level 2 --until 2027-06-30 --key-file attester.key"],
    async run({ client, flags, send }, agentId, capability) {
      const { level, until } = flags;
      const validity = until === undefined ? {} : { validUntil: await secondOf(until) };
      const attested = await send("Attesting", client.attestCapability({ agentId, capability, level, ...validity }));
      return record({ agentId, capability, level, uid: attested.uid, ...sentIn(attested) });
    },
  });

  addVerb<object, [`0x${string}`]>(attest, {
    name: "revoke",
    does: "revoke an attestation: bids that need it are refused from that block on; by its attester",
    writes: true,
    takes: (command) => command.argument("<uid>", "the attestation's id, from give", hashFlag("<uid>")),
    examples: [
      "allot attest revoke 0x7a23acc1a0a695a9935a86153a236e85bf4e19befd4c1b68d72cc55aa1a8718e --key-file attester.key",
    ],
    async run({ client, send }, uid) {
      return record({ uid, ...sentIn(await send("Revoking", client.revokeCapability({ uid }))) });
    },
  });

  addVerb<object, [bigint, string]>(attest, {
    name: "show",
    does: "show what the ledger holds of an agent's capability: what its bids are checked against",
    takes: takesCapability,
    examples: ["allot attest show 7 count-words"],
    async run({ client }, agentId, capability) {
      const held = await client.getCapability({ agentId, capability });
      if (held === undefined) return record({ agentId, capability, held: false });
      const { validUntil, level, attester } = held;
      return record({ agentId, capability, held: true, level, validUntil: time(validUntil), attester });
    },
  });

  addAccepting(attest, "accept-attester", true);
  addAccepting(attest, "drop-attester", false);
  addAttesterActs(attest);
}

function addAccepting(attest: Command, name: string, listed: boolean): void {
  addVerb<DecisionFlags, [`0x${string}`]>(attest, {
    name,
    does: listed
      ? "propose an account as an attester whose attestations count, given its stake; by an operator"
      : "propose that an attester's attestations no longer count; by an operator",
    writes: true,
    takes: (command) => takesDecision(command.argument("<account>", "address", addressFlag("<account>"))),
    examples: [`allot attest ${name} 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --execute --key-file operator.key`],
    run: async (call, account) =>
      record(
        await decide(call, {
          contract: "attesterRegistry",
          functionName: listed ? "listAttester" : "delistAttester",
          args: [account],
        }),
      ),
  });
}
