import { decodeErrorResult, type Hex } from "viem";
import type { Facts } from "../../node/types/errors.ts";
import { ruleErrorsAbi } from "../abis/errors.ts";
import { SdkError } from "./base.ts";
import { type RuleErrorName, ruleSentences } from "./ruleSentences.ts";

export type RevertedErrorCode =
  /** A rule refused the call; `rule` says which. */
  | "RULE_REFUSED"
  /** The call failed for a reason that is no custom error of the rules: a panic, a text, out of gas, nothing. */
  | "CALL_REVERTED";

/** A call or transaction that the rules refused. */
export class RevertedError extends SdkError<RevertedErrorCode> {
  /** Name of the contracts' custom error; undefined with `CALL_REVERTED`. */
  readonly rule: RuleErrorName | undefined;
  /** Hash of the transaction if it went into a block and failed there. */
  readonly transactionHash: Hex | undefined;

  constructor(
    code: RevertedErrorCode,
    shortMessage: string,
    parameters: {
      readonly rule?: RuleErrorName | undefined;
      readonly facts?: Facts;
      readonly transactionHash?: Hex | undefined;
      readonly cause?: unknown;
    },
  ) {
    const { facts, cause, rule, transactionHash } = parameters;
    const allFacts = { ...(rule === undefined ? {} : { rule }), ...facts, transactionHash };
    super(code, shortMessage, { facts: allFacts, cause, docsPath: "docs/sdk.md#when-a-rule-refuses" });
    this.rule = rule;
    this.transactionHash = transactionHash;
  }
}

/** The error for what a reverted call returned. */
export function revertedErrorFrom(data: Hex, cause?: unknown, transactionHash?: Hex): RevertedError {
  let decoded: { errorName: string; args?: readonly unknown[] | undefined };
  try {
    decoded = decodeErrorResult({ abi: ruleErrorsAbi, data });
  } catch {
    const shortMessage = "The call failed for a reason that the rules do not name. It may have run out of gas.";
    return new RevertedError("CALL_REVERTED", shortMessage, { facts: { data }, transactionHash, cause });
  }
  if (decoded.errorName === "Error" || decoded.errorName === "Panic") {
    const reason = String(decoded.args?.[0]);
    const shortMessage = "The call failed inside a contract.";
    return new RevertedError("CALL_REVERTED", shortMessage, { facts: { reason }, transactionHash, cause });
  }
  const rule = decoded.errorName as RuleErrorName;
  const shortMessage = ruleSentences[rule] ?? `The rules refused the call: ${wordsOf(rule)}.`;
  return new RevertedError("RULE_REFUSED", shortMessage, {
    rule,
    facts: factsOf(rule, decoded.args ?? []),
    transactionHash,
    cause,
  });
}

/** Returned bytes of a reverted call somewhere among an RPC error's causes; undefined when it is another failure. */
export function revertDataOf(error: unknown): Hex | undefined {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    const { data } = inner as { data?: unknown };
    const hex = hexIn(data) ?? hexIn((data as { data?: unknown } | undefined)?.data);
    if (hex !== undefined) return hex;
  }
  return undefined;
}

const hexIn = (value: unknown): Hex | undefined =>
  typeof value === "string" && /^0x([0-9a-f]{2})*$/i.test(value) ? (value as Hex) : undefined;

function factsOf(rule: RuleErrorName, args: readonly unknown[]): Facts {
  const inputs = ruleErrorsAbi.find((error) => error.name === rule)?.inputs ?? [];
  return Object.fromEntries(args.map((value, index) => [inputs[index]?.name || `argument ${index}`, plain(value)]));
}

function plain(value: unknown): string | number | bigint | boolean {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  return typeof value === "boolean" ? value : String(value);
}

/** "LedgerStakeShort" as "ledger stake short". */
const wordsOf = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, " ").toLowerCase();
