// Nothing of evidence is trusted, its form included: it may come from anybody.
import { isAddress, isHex } from "viem";
import { EvidenceError } from "../errors/evidenceError.ts";
import type { EvidenceFile } from "./evidenceFile.ts";

type Fields = Readonly<Record<string, unknown>>;
type Statement = Readonly<Record<string, string>>;

const signatureDigits = 130;
/** Decimal digits of the largest uint256. */
const decimalDigitsMax = 78;
/** Of a version that is none. */
const shownCharactersMax = 60;
/** Statements on chain stand after signed ones; a notarize or nullify before a finalize. */
const voteOrder: readonly unknown[] = ["notarize", "nullify", "finalize"];

/**
 * Reads evidence from a file's text, or from its parsed JSON, into its canonical form: lower case, members in order,
 * statements in order. Says nothing about whether it is true: `verifyEvidence` does.
 *
 * Errors: `EVIDENCE_MALFORMED` with the `field`, `EVIDENCE_VERSION_UNKNOWN`.
 * @example
 * ```ts
 * const evidence = readEvidenceFile(await readFile("evidence.json", "utf8"));
 * ```
 */
export function readEvidenceFile(source: unknown): EvidenceFile {
  const file = record(typeof source === "string" ? parsed(source) : source, "the file");
  const { version, kind } = file;
  if (version !== 1) {
    throw new EvidenceError(
      "EVIDENCE_VERSION_UNKNOWN",
      "This SDK reads evidence of version 1. Use the SDK of the network's release.",
      { facts: { version: JSON.stringify(version)?.slice(0, shownCharactersMax) } },
    );
  }
  const head = { version, kind, chainId: count(file, "chainId"), networkId: hex(file, "networkId", 64) };
  switch (kind) {
    case "bid-equivocation":
      return {
        ...head,
        contract: address(file, "contract"),
        agentId: decimal(file, "agentId"),
        tenderId: hex(file, "tenderId", 64),
        statements: statements(file, (statement) => marketStatement(statement, "commitment", "committedBy")),
      } as EvidenceFile;
    case "delivery-equivocation":
      return {
        ...head,
        contract: address(file, "contract"),
        agentId: decimal(file, "agentId"),
        jobId: decimal(file, "jobId"),
        statements: statements(file, (statement) => marketStatement(statement, "deliverable", "submittedBy")),
      } as EvidenceFile;
    case "vote-equivocation":
      return {
        ...head,
        validator: address(file, "validator"),
        epoch: count(file, "epoch"),
        view: count(file, "view"),
        statements: statements(file, voteStatement),
      } as EvidenceFile;
    default:
      throw malformed("kind");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed("the file's JSON", cause);
  }
}

function statements(file: Fields, read: (statement: Fields) => Statement): readonly Statement[] {
  const list = file.statements;
  if (!Array.isArray(list) || list.length !== 2) throw malformed("statements");
  const [a, b] = list.map((statement) => read(record(statement, "statements"))) as [Statement, Statement];
  if (a.signature === undefined && b.signature === undefined) throw malformed("statements: one must be signed");
  return orderOf(a) <= orderOf(b) ? [a, b] : [b, a];
}

/** Text that sorts statements: signed before on chain, then by vote, then by what is stated. */
function orderOf({ signature, vote, ...stated }: Statement): string {
  return [signature === undefined ? 1 : 0, voteOrder.indexOf(vote), ...Object.values(stated), signature].join(" ");
}

function marketStatement(statement: Fields, content: string, author: string): Statement {
  const stated = { [content]: hex(statement, content, 64) };
  if (statement.signature === undefined) return { ...stated, [author]: address(statement, author) };
  return { ...stated, signature: hex(statement, "signature", signatureDigits) };
}

function voteStatement(statement: Fields): Statement {
  const { vote } = statement;
  const signature = hex(statement, "signature", signatureDigits);
  if (vote === "nullify") return { vote, signature };
  if (vote !== "notarize" && vote !== "finalize") throw malformed("vote");
  return { vote, digest: hex(statement, "digest", 64), signature };
}

function record(value: unknown, field: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(field);
  return value as Fields;
}

function hex(fields: Fields, field: string, digits: number): string {
  const value = fields[field];
  if (!isHex(value) || value.length !== digits + 2) throw malformed(field);
  return value.toLowerCase();
}

function address(fields: Fields, field: string): string {
  const value = fields[field];
  if (typeof value !== "string" || !isAddress(value, { strict: false })) throw malformed(field);
  return value.toLowerCase();
}

function count(fields: Fields, field: string): number {
  const value = fields[field];
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw malformed(field);
  return value as number;
}

function decimal(fields: Fields, field: string): string {
  const value = fields[field];
  if (typeof value !== "string" || !/^(0|[1-9]\d*)$/.test(value) || value.length > decimalDigitsMax) {
    throw malformed(field);
  }
  return value;
}

function malformed(field: string, cause?: unknown): EvidenceError {
  return new EvidenceError(
    "EVIDENCE_MALFORMED",
    "This is not an evidence file: a field is missing or malformed. docs/evidence.md has the format.",
    { facts: { field }, ...(cause === undefined ? {} : { cause }) },
  );
}
