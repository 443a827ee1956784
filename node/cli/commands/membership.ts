// The verbs of `allot governance` about organisations and their members: shortcuts for proposals to Permissions.
import type { Command } from "commander";
import { type DecisionFlags, decide, takesDecision } from "../client/decisions.ts";
import { list, record } from "../client/shown.ts";
import { addressFlag, textFlag } from "../client/values.ts";
import { addVerb } from "../client/verb.ts";
import { integerFlag } from "../flags.ts";

const idMax = 0xffff_ffff;
const organisationFlag = integerFlag("<organisation>", 1, idMax);

function addReading(governance: Command): void {
  addVerb<object, []>(governance, {
    name: "organisations",
    does: "list organisations and whether they are listed",
    examples: ["allot governance organisations"],
    async run({ client }) {
      const columns = { organisationId: "organisation", name: "name", active: "listed" };
      const found = (await client.getOrganisations()).map((one) => ({ ...one }));
      return list(found, columns, "No organisations.");
    },
  });

  addVerb<object, [`0x${string}`]>(governance, {
    name: "member",
    does: "show which organisation an account belongs to",
    takes: (command) => command.argument("<account>", "address", addressFlag("<account>")),
    examples: ["allot governance member 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
    async run({ client }, account) {
      const member = await client.getMember({ account });
      return record(member === undefined ? { account, member: false } : { ...member, member: true });
    },
  });
}

export function addMembership(governance: Command): void {
  addReading(governance);

  addVerb<DecisionFlags, [string]>(governance, {
    name: "add-organisation",
    does: "propose a new organisation",
    writes: true,
    takes: (command) => takesDecision(command.argument("<name>", "up to 64 bytes", textFlag("<name>"))),
    examples: ['allot governance add-organisation "Acme" --execute --key-file operator.key'],
    run: async (call, name) =>
      record(await decide(call, { contract: "permissions", functionName: "addOrganisation", args: [name] })),
  });

  addVerb<DecisionFlags, [number, readonly string[]]>(governance, {
    name: "add-members",
    does: "propose accounts as members of an organisation, for good",
    writes: true,
    takes: (command) =>
      takesDecision(
        command
          .argument("<organisation>", "its id", organisationFlag)
          .argument("<accounts...>", "addresses", (given: string, before: string[] = []) => [
            ...before,
            addressFlag("<accounts>")(given),
          ]),
      ),
    examples: ["allot governance add-members 3 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --key-file operator.key"],
    run: async (call, organisation, accounts) =>
      record(
        await decide(call, { contract: "permissions", functionName: "addMembers", args: [organisation, accounts] }),
      ),
  });

  addListing(governance, "delist", false);
  addListing(governance, "relist", true);
}

/** Delisting has functions of its own, which may go without the time lock's delay. */
function addListing(governance: Command, name: "delist" | "relist", active: boolean): void {
  addVerb<DecisionFlags, [string]>(governance, {
    name,
    does: active
      ? "propose that an organisation or a member may start new things again"
      : "propose that an organisation or a member may start nothing new; its duties and exits stay possible",
    writes: true,
    takes: (command) => takesDecision(command.argument("<whom>", "an organisation's id or a member's address")),
    examples: [`allot governance ${name} 3 --key-file operator.key`],
    async run(call, whom) {
      const isOrganisation = /^\d+$/.test(whom);
      const of = isOrganisation ? organisationFlag(whom) : addressFlag("<whom>")(whom);
      const subject = isOrganisation ? "Organisation" : "Member";
      const functionName = active ? `set${subject}Active` : `delist${subject}`;
      const args = active ? [of, true] : [of];
      return record(await decide(call, { contract: "permissions", functionName, args }));
    },
  });
}
