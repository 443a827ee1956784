// How the command line ends. 0: done. 2: something the user can mend in the call (a flag, a file, a key, a port), told in
// one sentence. 1: a refusal by the rules or a network that does not answer, told in one sentence, or a defect of ours,
// told with its trace.
import { CommanderError } from "commander";
import { AllotError } from "../types/errors.ts";
import { factInWords } from "./client/factsInWords.ts";

export const exitCodes = { done: 0, failed: 1, refused: 2 } as const;

/**
 * What the call has no part in: the rules or the network decided, or what was to be proven does not hold. Everything else
 * that is told in a sentence is to be mended in the call.
 */
const failures: ReadonlySet<string> = new Set([
  "RULE_REFUSED",
  "CALL_REVERTED",
  "NODE_UNREACHABLE",
  "NODE_REFUSED",
  "TRANSACTION_REFUSED",
  "TRANSACTION_NOT_INCLUDED",
  // The same call may pass later.
  "SIGN_LOCK_HELD",
  "ATTESTATION_OUT_OF_ORDER",
  // Evidence, signed attestations and certificates that are well-formed and prove nothing.
  "NO_CONTRADICTION",
  "EVIDENCE_WRONG_NETWORK",
  "EVIDENCE_CONTRACT_UNKNOWN",
  "EVIDENCE_SIGNATURE_INVALID",
  "EVIDENCE_WRONG_SIGNER",
  "EVIDENCE_NO_VALIDATOR",
  "ATTESTATION_WRONG_NETWORK",
  "ATTESTATION_SIGNATURE_INVALID",
  "CERTIFICATE_WRONG_NETWORK",
  "CERTIFICATE_WRONG_EPOCH",
  "CERTIFICATE_WRONG_CONTRACT",
  "FINALIZATION_NO_QUORUM",
  "FINALIZATION_SIGNATURE_INVALID",
  "CONSENSUS_HEADER_MISMATCH",
  "EXECUTION_HEADER_MISMATCH",
  "EXECUTION_HEADER_MALFORMED",
  "ACCOUNT_PROOF_INVALID",
  "ASSIGNMENT_SLOT_MISMATCH",
  "STORAGE_PROOF_INVALID",
  "ASSIGNMENT_ABSENT",
]);

/** An error of the SDK in one line: its sentence, then the facts that belong to it. */
function sentenceOf(error: AllotError): string {
  const { shortMessage } = error as { shortMessage?: unknown };
  if (typeof shortMessage !== "string") return error.message;
  const known = Object.entries(error.facts).filter(([, value]) => value !== undefined);
  return known.length === 0
    ? shortMessage
    : `${shortMessage} (${known.map(([name, value]) => `${name}: ${factInWords(name, value)}`).join(", ")})`;
}

/** Prints what went wrong and returns the process's exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.refused;
  if (error instanceof AllotError) {
    process.stderr.write(`allot: ${sentenceOf(error)}\n`);
    return failures.has(error.code) ? exitCodes.failed : exitCodes.refused;
  }
  const known = error instanceof Error ? error : undefined;
  const message = known?.message ?? String(error);
  process.stderr.write(`allot: stopped by a defect of its own, please report it: ${message}\n${known?.stack ?? ""}\n`);
  return exitCodes.failed;
}
