// A task as a requester writes it in a file, for `allot market post FILE`. The fields are those of the SDK's postTask;
// amounts are credits, windows are seconds. A mistake is refused with the file, its place and the reason.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { keccak256 } from "viem";
import { z } from "zod";
import type { PostTaskParameters } from "../../../sdk/index.ts";
import { readJsonFile } from "../../config/jsonFile.ts";
import { integer, strictObject, text } from "../../config/schemas.ts";
import { AllotError } from "../../types/errors.ts";
import { addressText, creditsText, hashText } from "./values.ts";

const mechanisms = ["postedPrice", "firstPrice", "vickrey", "uniformPrice"] as const;
/** Ten years: longer ones are typing errors, and the rules bound them far lower. */
const windowSecondsMax = 315_360_000;
const window = integer(0, windowSecondsMax);

const requirement = strictObject({
  capability: text,
  level: integer(0, 255).optional(),
  attester: addressText.optional(),
});

const taskFile = strictObject({
  specification: text.optional(),
  specificationHash: hashText.optional(),
  uri: z.string().optional(),
  mechanism: z.enum(mechanisms, { errorMap: () => ({ message: `must be one of ${mechanisms.join(", ")}` }) }),
  evaluator: addressText,
  reserve: creditsText,
  units: integer(1, 65_535).optional(),
  maxBidders: integer(1, 65_535).optional(),
  lock: creditsText.optional(),
  requirements: z.array(requirement).optional(),
  commitWindow: window,
  revealWindow: window,
  deliveryWindow: window,
  verdictWindow: window,
  disputeWindow: window.optional(),
  acceptanceWindow: window.optional(),
  maxReassignments: integer(0, 255).optional(),
}).refine((task) => (task.specification === undefined) !== (task.specificationHash === undefined), {
  message: "name the file that says what is to be done as specification, or its keccak256 as specificationHash",
});

/** Reads a task's file; paths in it are relative to it. */
export function readTaskFile(file: string): PostTaskParameters {
  const purpose = 'a task; "allot market post --help" shows one';
  const { specification, specificationHash, ...terms } = readJsonFile(file, taskFile, purpose);
  const hash = specificationHash ?? hashOf(file, resolve(dirname(file), specification ?? ""));
  const given = Object.entries(terms).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), specification: hash } as unknown as PostTaskParameters;
}

function hashOf(taskFileName: string, specification: string): `0x${string}` {
  try {
    return keccak256(readFileSync(specification));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown";
    const message = `${taskFileName}: specification: ${specification} cannot be read (${reason}): name the file that says what is to be done`;
    throw new AllotError("FILE_UNREADABLE", { file: specification, reason }, message, { cause });
  }
}
