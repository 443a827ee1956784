// Nothing of a certificate is trusted, its form included: it may come from anywhere, by any way.
import { isAddress, isHex } from "viem";
import type { AssignmentCertificate } from "../../node/types/assignmentCertificate.ts";
import type { EpochCertificate } from "../../node/types/epochCertificate.ts";
import { CertificateError } from "../errors/certificateError.ts";

/** Nodes on a path of a trie whose keys are 64 nibbles, and one more for an embedded one. */
const proofNodesMax = 65;
/** A branch of sixteen hashes has 532 bytes; a leaf holds at most an account or a word. */
const nodeHexDigitsMax = 2 * 1_024;
const executionHeaderHexDigitsMax = 2 * 2_048;
const signersMax = 1_024;
/** Epochs in one certificate, and blocks from an epoch's last one to the one that made it final. */
const epochsMax = 4_096;
const tailHeadersMax = 1_024;

/** Throws `CERTIFICATE_MALFORMED`, or `CERTIFICATE_VERSION_UNKNOWN`; returns the certificate otherwise. */
export function requireCertificate(value: unknown): AssignmentCertificate {
  const certificate = record(value, "the certificate");
  if (certificate.version !== 2) {
    throw new CertificateError(
      "CERTIFICATE_VERSION_UNKNOWN",
      "This SDK reads certificates of version 2. Use the SDK of the network's release.",
      { facts: { version: JSON.stringify(certificate.version)?.slice(0, 60) } },
    );
  }
  count(certificate.chainId, "chainId");
  word(certificate.networkId, "networkId");
  require(isHex(certificate.taskId) && certificate.taskId.length > 2 && certificate.taskId.length <= 66, "taskId");
  count(certificate.unit, "unit");
  require(typeof certificate.contract === "string" && isAddress(certificate.contract, { strict: false }), "contract");
  bytes(certificate.executionHeader, "executionHeader", executionHeaderHexDigitsMax);
  finalization(certificate.finalization);
  header(certificate.header);
  proof(certificate.accountProof, "accountProof");
  const storage = list(certificate.storage, "storage", 2);
  require(storage.length === 2, "storage");
  for (const item of storage) storageWord(item);
  for (const epoch of list(certificate.epochs, "epochs", epochsMax)) requireEpochCertificate(epoch);
  return value as AssignmentCertificate;
}

/** Throws `CERTIFICATE_MALFORMED`; returns the certificate otherwise. */
export function requireEpochCertificate(value: unknown): EpochCertificate {
  const certificate = record(value, "the epoch's certificate");
  count(certificate.epoch, "epoch");
  require(typeof certificate.contract === "string" && isAddress(certificate.contract, { strict: false }), "contract");
  bytes(certificate.executionHeader, "executionHeader", executionHeaderHexDigitsMax);
  finalization(certificate.finalization);
  const headers = list(certificate.headers, "headers", tailHeadersMax);
  require(headers.length > 0, "headers");
  for (const one of headers) header(one);
  proof(certificate.accountProof, "accountProof");
  const storage = list(certificate.storage, "storage", signersMax + 1);
  require(storage.length > 0, "storage");
  for (const item of storage) storageWord(item);
  return value as EpochCertificate;
}

function storageWord(item: unknown): void {
  const slot = record(item, "storage");
  word(slot.slot, "slot");
  word(slot.word, "word");
  proof(slot.proof, "proof");
}

function finalization(value: unknown): void {
  const { vote, signers, signatures } = record(value, "finalization");
  const { kind, epoch, view, digest } = record(vote, "finalization.vote");
  require(kind === "finalize", "finalization.vote.kind");
  count(epoch, "finalization.vote.epoch");
  count(view, "finalization.vote.view");
  word(digest, "finalization.vote.digest");
  for (const signer of list(signers, "finalization.signers", signersMax)) count(signer, "finalization.signers");
  for (const signature of list(signatures, "finalization.signatures", signersMax)) {
    bytes(signature, "finalization.signatures", 2 * 65);
  }
}

function header(value: unknown): void {
  const fields = record(value, "header");
  for (const name of ["chainId", "epoch", "view", "height", "parentView", "timestampMs"]) count(fields[name], name);
  for (const name of ["parentDigest", "transactionsHash", "parentExecutionHash", "justificationHash"]) {
    word(fields[name], name);
  }
  require(typeof fields.proposer === "string" && isAddress(fields.proposer, { strict: false }), "header.proposer");
}

function proof(value: unknown, name: string): void {
  for (const node of list(value, name, proofNodesMax)) bytes(node, name, nodeHexDigitsMax);
}

function record(value: unknown, name: string): Record<string, unknown> {
  require(typeof value === "object" && value !== null && !Array.isArray(value), name);
  return value as Record<string, unknown>;
}

function list(value: unknown, name: string, max: number): readonly unknown[] {
  require(Array.isArray(value) && value.length <= max, name);
  return value as readonly unknown[];
}

function count(value: unknown, name: string): void {
  require(Number.isSafeInteger(value) && (value as number) >= 0, name);
}

function bytes(value: unknown, name: string, digitsMax: number): void {
  require(isHex(value) && value.length % 2 === 0 && value.length <= digitsMax + 2, name);
}

function word(value: unknown, name: string): void {
  require(isHex(value) && value.length === 66, name);
}

function require(valid: boolean, field: string): asserts valid {
  if (valid) return;
  throw new CertificateError(
    "CERTIFICATE_MALFORMED",
    "This is not an assignment certificate: a field is missing or malformed.",
    { facts: { field } },
  );
}
