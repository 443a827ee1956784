// Files that a person may edit: a mistake in one is refused with the file, the place in it and the reason.
import { readFileSync } from "node:fs";
import { z } from "zod";
import { AllotError } from "../types/errors.ts";

/** "validators[2].address"; "" for the whole value. */
function placeOf(path: readonly (string | number)[]): string {
  return path.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");
}

/** Innermost reason: a union hides what was wrong with the branch that was meant. */
function firstIssue(error: z.ZodError): z.ZodIssue | undefined {
  const issue = error.issues[0];
  if (issue?.code === z.ZodIssueCode.invalid_union) {
    const inner = issue.unionErrors.map(firstIssue).filter((found) => found !== undefined);
    return inner.sort((a, b) => b.path.length - a.path.length)[0] ?? issue;
  }
  return issue;
}

/**
 * Checks `value` against `schema`.
 * @param file names the source in the error, for example a path or "--rpc-port"
 * @throws AllotError BAD_VALUE with facts `file`, `place` and `reason`
 */
export function checkValue<S extends z.ZodTypeAny>(file: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = firstIssue(result.error);
  // zod reports an unknown key at the object that holds it; the reader looks for the key.
  const key = issue?.code === z.ZodIssueCode.unrecognized_keys ? issue.keys.slice(0, 1) : [];
  const place = placeOf([...(issue?.path ?? []), ...key]);
  const reason = issue?.message ?? "it does not have the right form";
  throw new AllotError("BAD_VALUE", { file, place, reason }, `${file}: ${place === "" ? "" : `${place}: `}${reason}`);
}

/** Line and column (from 1) of a character position. */
function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** @throws AllotError BAD_JSON with facts `file`, `place` and `reason` */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = (cause as SyntaxError).message;
    const position = /position (\d+)/.exec(message)?.[1];
    const place = position === undefined ? "end of file" : lineAndColumn(text, Number(position));
    const reason = message
      .replace(/,? ?"(?:[^"\\]|\\.|")*" is not valid JSON/, "")
      .replace(/ in JSON at position.*/, "");
    throw new AllotError("BAD_JSON", { file, place, reason }, `${file}: ${place}: not valid JSON (${reason})`, {
      cause,
    });
  }
}

/**
 * Reads a JSON file and checks it.
 * @param purpose says what the file is and how to get one, for example "the node's configuration; `allot init` makes one"
 * @throws AllotError FILE_MISSING, FILE_UNREADABLE, BAD_JSON or BAD_VALUE
 */
export function readJsonFile<S extends z.ZodTypeAny>(file: string, schema: S, purpose: string): z.output<S> {
  return checkValue(file, schema, parseJson(file, readTextFile(file, purpose)));
}

/** @throws AllotError FILE_MISSING or FILE_UNREADABLE */
export function readTextFile(file: string, purpose: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown";
    if (reason === "ENOENT") {
      throw new AllotError("FILE_MISSING", { file }, `${file} does not exist (${purpose})`, { cause });
    }
    throw new AllotError("FILE_UNREADABLE", { file, reason }, `${file} cannot be read: ${reason} (${purpose})`, {
      cause,
    });
  }
}
