// Every error of the SDK. A program tells them apart by `code`; a person reads `shortMessage`, which says what is
// wrong and what to do; `facts` carry the values, `cause` what lies underneath.
import { AllotError, type Facts } from "../../node/types/errors.ts";

/** Where in the guide an error is explained; a path from the repository's root. */
export type DocsPath = `docs/${string}.md` | `docs/${string}.md#${string}`;

export interface SdkErrorParameters {
  readonly facts?: Facts;
  readonly cause?: unknown;
  readonly docsPath?: DocsPath;
}

export class SdkError<Code extends string = string> extends AllotError {
  declare readonly code: Code;
  /** One or two sentences without the facts. */
  readonly shortMessage: string;
  readonly docsPath: DocsPath | undefined;

  constructor(code: Code, shortMessage: string, parameters: SdkErrorParameters = {}) {
    const { facts = {}, cause, docsPath } = parameters;
    super(code, facts, describe(shortMessage, facts, cause, docsPath), cause === undefined ? undefined : { cause });
    this.shortMessage = shortMessage;
    this.docsPath = docsPath;
  }

  /**
   * The first error in the chain of causes, this one included, for which `matches` is true.
   * @example
   * ```ts
   * const reverted = error.walk((inner) => inner instanceof RevertedError);
   * ```
   */
  walk(matches: (error: unknown) => boolean): unknown {
    let error: unknown = this;
    while (error !== undefined && error !== null) {
      if (matches(error)) return error;
      error = error instanceof Error ? error.cause : undefined;
    }
    return undefined;
  }
}

function describe(shortMessage: string, facts: Facts, cause: unknown, docsPath: DocsPath | undefined): string {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  const lines = [shortMessage];
  if (known.length > 0) lines.push("", ...known.map(([name, value]) => `  ${name}: ${value}`));
  if (docsPath !== undefined || cause !== undefined) lines.push("");
  if (docsPath !== undefined) lines.push(`Docs: ${docsPath}`);
  if (cause !== undefined) lines.push(`Details: ${firstLine(cause)}`);
  return lines.join("\n");
}

function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split("\n", 1)[0] ?? "";
}
