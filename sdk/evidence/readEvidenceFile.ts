// Nothing of evidence is trusted, its form included: it may come from anybody.
import { EvidenceError } from "../errors/evidenceError.ts";
import { type Fields, jsonFields, signatureDigits, wordDigits } from "../files/jsonFields.ts";
import type { EvidenceFile } from "./evidenceFile.ts";

type Statement = Readonly<Record<string, string | number | boolean>>;

/** Of a version that is none. */
const shownCharactersMax = 60;
const { record, file: fileOf, hex, address, count, decimal } = jsonFields(malformed);
/** A claim's level is one byte. */
const levelMax = 255;
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
  const file = fileOf(source);
  const { version, kind } = file;
  if (version !== 1) {
    throw new EvidenceError(
      "EVIDENCE_VERSION_UNKNOWN",
      "This SDK reads evidence of version 1. Use the SDK of the network's release.",
      { facts: { version: JSON.stringify(version)?.slice(0, shownCharactersMax) } },
    );
  }
  const head = { version, kind, chainId: count(file, "chainId"), networkId: hex(file, "networkId", wordDigits) };
  switch (kind) {
    case "bid-equivocation":
      return {
        ...head,
        contract: address(file, "contract"),
        agentId: decimal(file, "agentId"),
        tenderId: hex(file, "tenderId", wordDigits),
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
    case "contradictory-attestations":
      return {
        ...head,
        contract: address(file, "contract"),
        attester: address(file, "attester"),
        agentId: decimal(file, "agentId"),
        capability: hex(file, "capability", wordDigits),
        testRun: hex(file, "testRun", wordDigits),
        // What was attested on chain stands there for everybody: nothing need be signed.
        statements: twoStatements(file, attestationStatement),
      } as EvidenceFile;
    default:
      throw malformed("kind");
  }
}

/** Two of which at least one is signed: one alone stands on chain. */
function statements(file: Fields, read: (statement: Fields) => Statement): readonly Statement[] {
  const both = twoStatements(file, read);
  if (both.every(({ signature }) => signature === undefined)) throw malformed("statements: one must be signed");
  return both;
}

function twoStatements(file: Fields, read: (statement: Fields) => Statement): readonly Statement[] {
  const list = file.statements;
  if (!Array.isArray(list) || list.length !== 2) throw malformed("statements");
  const [a, b] = list.map((statement) => read(record(statement, "statements"))) as [Statement, Statement];
  return orderOf(a) <= orderOf(b) ? [a, b] : [b, a];
}

/** Text that sorts statements: signed before on chain, then by vote, then by what is stated. */
function orderOf({ signature, vote, ...stated }: Statement): string {
  return [signature === undefined ? 1 : 0, voteOrder.indexOf(vote), ...Object.values(stated), signature].join(" ");
}

function marketStatement(statement: Fields, content: string, author: string): Statement {
  const stated = { [content]: hex(statement, content, wordDigits) };
  if (statement.signature === undefined) return { ...stated, [author]: address(statement, author) };
  return { ...stated, signature: hex(statement, "signature", signatureDigits) };
}

function attestationStatement(statement: Fields): Statement {
  const said = { level: count(statement, "level", levelMax), report: hex(statement, "report", wordDigits) };
  if (statement.signature === undefined) return { ...said, uid: hex(statement, "uid", wordDigits) };
  const { revocable } = statement;
  if (typeof revocable !== "boolean") throw malformed("revocable");
  return {
    ...said,
    recipient: address(statement, "recipient"),
    expirationTime: decimal(statement, "expirationTime"),
    revocable,
    refUID: hex(statement, "refUID", wordDigits),
    value: decimal(statement, "value"),
    nonce: decimal(statement, "nonce"),
    deadline: decimal(statement, "deadline"),
    signature: hex(statement, "signature", signatureDigits),
  };
}

function voteStatement(statement: Fields): Statement {
  const { vote } = statement;
  const signature = hex(statement, "signature", signatureDigits);
  if (vote === "nullify") return { vote, signature };
  if (vote !== "notarize" && vote !== "finalize") throw malformed("vote");
  return { vote, digest: hex(statement, "digest", wordDigits), signature };
}

function malformed(field: string, cause?: unknown): EvidenceError {
  return new EvidenceError(
    "EVIDENCE_MALFORMED",
    "This is not an evidence file: a field is missing or malformed. docs/evidence.md has the format.",
    { facts: { field }, ...(cause === undefined ? {} : { cause }) },
  );
}
