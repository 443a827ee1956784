// The verbs of `allot governance` about validators: proposals to ValidatorRegistry.
import type { Command } from "commander";
import { type DecisionFlags, decide, takesDecision } from "../client/decisions.ts";
import { takesValidator } from "../client/seatFlags.ts";
import { record } from "../client/shown.ts";
import { addressFlag } from "../client/values.ts";
import { addVerb } from "../client/verb.ts";

interface AdmitFlags extends DecisionFlags {
  readonly owner?: `0x${string}`;
}

export function addValidatorDecisions(governance: Command): void {
  addVerb<AdmitFlags, [string]>(governance, {
    name: "admit-validator",
    does: "propose to admit a validator, which may then be given stake and join; by an operator",
    writes: true,
    takes: (command) =>
      takesDecision(
        command.argument("<entry>", 'its public entry: validator.json of "allot init --entry-only"'),
      ).option(
        "--owner <address>",
        "the member that acts for it and is paid its stake (default: the entry's operator)",
        addressFlag("--owner"),
      ),
    examples: ["allot governance admit-validator acme/validator.json --key-file operator.key"],
    async run(call, file) {
      const { readSeatEntry } = await import("../../genesis/seatEntry.ts");
      const { AllotError } = await import("../../types/errors.ts");
      const { name, address: validator, peerKey, addresses, operator } = readSeatEntry(file);
      const owner = call.flags.owner ?? operator;
      // The rules would say so only when the proposal is executed.
      if ((await call.client.getMember({ account: owner }))?.active !== true) {
        const message = `${owner} is no active member of an organisation, and so can own no validator: add it with "allot governance add-members" first, or name another with --owner`;
        throw new AllotError("OWNER_NO_MEMBER", { owner }, message);
      }
      const args = [validator, owner, { name, peerKey, addresses }];
      const made = await decide(call, { contract: "validatorRegistry", functionName: "admit", args });
      return record({ validator, owner, ...made });
    },
  });

  addVerb<DecisionFlags, [`0x${string}`]>(governance, {
    name: "remove-validator",
    does: "propose to remove a validator from the next set, whatever the automatic limit; by an operator",
    writes: true,
    takes: (command) => takesDecision(takesValidator(command)),
    examples: [
      "allot governance remove-validator 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --execute --key-file operator.key",
    ],
    run: async (call, validator) =>
      record(await decide(call, { contract: "validatorRegistry", functionName: "remove", args: [validator] })),
  });
}
