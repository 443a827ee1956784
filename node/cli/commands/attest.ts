// `allot attest`: attestations of agents' capabilities and who makes them.
import type { Command } from "commander";
import { attestationColumns, attestationRow } from "../client/attestationTable.ts";
import { type ClaimFlags, takesClaim, withClaim } from "../client/claimFlags.ts";
import { type DecisionFlags, decide, takesDecision } from "../client/decisions.ts";
import { record, rowsText, sections } from "../client/shown.ts";
import { addressFlag, hashFlag, idFlag, textFlag, time } from "../client/values.ts";
import { addGroup, addVerb, sentIn } from "../client/verb.ts";
import { addDelegated } from "./attestDelegated.ts";
import { addAttesterActs } from "./attesterActs.ts";

export function addAttest(program: Command): void {
  const attest = addGroup(program, "attest", "capabilities of agents: attest, revoke, look up; who may attest", [
    "allot attest give 7 count-words --level 2 --key-file attester.key",
    "allot attest show 7 count-words                         what bids are checked against",
    "allot attest attesters                                  whose word counts, and their stake",
  ]);

  addVerb<ClaimFlags, [bigint, string]>(attest, {
    name: "give",
    does: "attest a capability of an agent (EAS); by an attester that the operators accept",
    writes: true,
    takes: takesClaim,
    examples: [
      "allot attest give 7 count-words --level 2 --until 2027-06-30 --key-file attester.key",
      "allot attest give 7 count-words --level 2 --test-run run-31 --report report.txt --key-file attester.key",
    ],
    run: ({ client, flags, send }, agentId, capability) =>
      withClaim(flags, agentId, capability, async (claim) => {
        const attested = await send("Attesting", client.attestCapability(claim));
        const { level, testRun, report } = claim;
        return record({ agentId, capability, level, testRun, report, uid: attested.uid, ...sentIn(attested) });
      }),
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

  addVerb<object, [bigint, string | undefined]>(attest, {
    name: "show",
    does: "show what was attested of an agent; of one capability, what its bids are checked against",
    takes: (command) =>
      command
        .argument("<agent>", "agent id", idFlag("<agent>"))
        .argument("[capability]", "its name, or its id of 32 bytes; every one unless given", textFlag("[capability]")),
    examples: ["allot attest show 7", "allot attest show 7 count-words"],
    async run({ client }, agentId, capability) {
      // For an agent that does not exist the rules have the sentence.
      await client.getAgent({ agentId });
      const of = capability === undefined ? { agentId } : { agentId, capability };
      const rows = (await client.getAttestations(of)).map(attestationRow);
      const table = `Attestations\n${rowsText(rows, attestationColumns, "None.")}`;
      if (capability === undefined) return sections({ agentId, attestations: rows }, [table]);
      const held = await client.getCapability({ agentId, capability });
      const { validUntil = 0n, level, attester } = held ?? {};
      const facts = {
        ...{ agentId, capability, held: held !== undefined, level },
        validUntil: held && time(validUntil),
        attester,
      };
      return sections({ ...facts, attestations: rows }, [record(facts).text(), table]);
    },
  });

  addAccepting(attest, "accept-attester", true);
  addAccepting(attest, "drop-attester", false);
  addAttesterActs(attest);
  addDelegated(attest);
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
