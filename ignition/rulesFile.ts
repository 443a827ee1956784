// What a deployment of the rules on any EVM begins with: a JSON file that a person writes.
import { z } from "zod";
import type { RulesFounding, RulesParameters } from "../contracts/deploy/plan.ts";
import { readJsonFile } from "../node/config/jsonFile.ts";
import { address, digest, hexBytes, integer, strictObject, text } from "../node/config/schemas.ts";
import { credit, rulesParameters } from "../node/genesis/rulesParameters.ts";

const rulesFile = strictObject({
  /** Salt of every EIP-712 domain: 32 random bytes, drawn once. */
  networkId: digest,
  pace: z.enum(["default", "development"], { errorMap: () => ({ message: 'must be "default" or "development"' }) }),
  operators: z.array(address).min(1, "must name at least one operator"),
  operatorQuorum: integer(1, 64),
  organisations: z.array(strictObject({ name: text, members: z.array(address) })),
  attesters: z.array(address),
  validators: z
    .array(
      strictObject({
        name: text,
        address,
        peerKey: hexBytes(33),
        addresses: z.array(text),
        organisation: integer(1, 0xffff_ffff),
      }),
    )
    .min(1, "must have at least one validator"),
  /** Whole credits. */
  credits: z.array(strictObject({ holder: address, amount: integer(1, 1_000_000_000) })),
});

/**
 * Reads and checks such a file; its form is shown by ignition/rules.example.json.
 * @throws AllotError FILE_MISSING, FILE_UNREADABLE, BAD_JSON or BAD_VALUE, with the place and what is wrong with it
 */
export function readRulesFile(path: string): {
  readonly parameters: RulesParameters;
  readonly founding: RulesFounding;
} {
  const { networkId, pace, credits, ...rest } = readJsonFile(
    path,
    rulesFile,
    "who founds the network; ignition/rules.example.json is one",
  );
  const issue = credits.map(({ holder, amount }) => ({ holder, amount: BigInt(amount) * credit }));
  const validators = [...rest.validators].sort((a, b) => (a.address < b.address ? -1 : 1));
  return { parameters: rulesParameters(networkId, pace), founding: { ...rest, validators, credits: issue } };
}
