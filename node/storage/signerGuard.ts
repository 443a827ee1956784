// The signer: the only code that signs with the validator key. It promises that the key never signs two statements
// that together are evidence (docs/consensus.md, "Order of effects"), whatever the rest of the node asks for, because it keeps
// the highest view it signed in, and what, durably and before a signature leaves it. Apart from the log on purpose:
// each finds out when the other was lost or restored from a backup.
import type { Epoch, View } from "../types/brands.ts";
import { AllotError, InvariantError } from "../types/errors.ts";
import type { SignedVote, Vote } from "../types/vote.ts";
import { type FileSystem, systemFiles } from "./fileSystem.ts";
import { readGuardFile, SignerGuardFile, type SignerIdentity, type StoredGuard } from "./signerGuardFile.ts";
import { emptyRecord, judgeVote, recordVote, type SignerRecord, sameRecord, unusedRecord } from "./signerRecord.ts";

export type SigningOutcome =
  | { readonly signed: true; readonly vote: SignedVote }
  | { readonly signed: false; readonly reason: string };

/**
 * Makes the guard of a key that has never signed. `allot init` does this once, together with the key, so that a guard
 * that is missing later is known to be lost.
 * @throws AllotError GUARD_EXISTS
 */
export async function createSignerGuard(
  path: string,
  identity: SignerIdentity,
  files: FileSystem = systemFiles,
): Promise<void> {
  if (files.exists(path)) {
    const text = `${path} exists already; it says what this validator has signed and must never be replaced`;
    throw new AllotError("GUARD_EXISTS", { path }, text);
  }
  (await SignerGuardFile.create(files, path, identity, unusedRecord)).close();
}

/** What the guard's file says; undefined when it is missing or unreadable. @throws AllotError GUARD_FOREIGN */
export function readSignerGuard(
  path: string,
  identity: SignerIdentity,
  files: FileSystem = systemFiles,
): SignerRecord | undefined {
  return readGuardFile(files, path, identity)?.record;
}

/** Is there a guard of this key, and has the key never signed? @throws AllotError GUARD_FOREIGN */
export function isUnusedSignerGuard(path: string, identity: SignerIdentity, files: FileSystem = systemFiles): boolean {
  const record = readSignerGuard(path, identity, files);
  return record !== undefined && sameRecord(record, unusedRecord);
}

export interface SignerGuardOptions {
  readonly path: string;
  readonly identity: SignerIdentity;
  /** The bare signature with the validator key, RFC 6979. */
  readonly sign: (vote: Vote) => SignedVote;
  /** What `reconcile` found: the record to go on from, or undefined to sign nothing until `resume`. */
  readonly record: SignerRecord | undefined;
  /** The real disk when absent. */
  readonly files?: FileSystem;
}

export class SignerGuard {
  readonly #options: SignerGuardOptions;
  #file: SignerGuardFile | undefined;
  #record: SignerRecord | undefined;
  #busy = false;

  private constructor(options: SignerGuardOptions, file: SignerGuardFile | undefined) {
    this.#options = options;
    this.#file = file;
    this.#record = options.record;
  }

  /** Brings the file up to `options.record` where it lags behind the log. */
  static async open(options: SignerGuardOptions): Promise<SignerGuard> {
    const { path, identity, record, files = systemFiles } = options;
    const stored: StoredGuard | undefined = readGuardFile(files, path, identity);
    if (record === undefined || stored === undefined)
      return new SignerGuard({ ...options, record: undefined }, undefined);
    const file = SignerGuardFile.open(files, path, identity, stored);
    if (!sameRecord(stored.record, record)) await file.store(record);
    return new SignerGuard(options, file);
  }

  /** Undefined while the guard signs nothing. */
  get record(): SignerRecord | undefined {
    return this.#record;
  }

  /** Signs `vote` if that contradicts nothing signed before; the record is durable before the signature exists. */
  async sign(vote: Vote): Promise<SigningOutcome> {
    const [file, record] = [this.#file, this.#record];
    if (this.#busy) throw new InvariantError("SIGNER_BUSY", {}, "the signer was asked for two votes at once");
    if (file === undefined || record === undefined) {
      return {
        signed: false,
        reason: "the guard was lost: nothing is signed until the other validators' views are known",
      };
    }
    const verdict = judgeVote(record, vote);
    if (verdict === "below" || verdict === "contradiction")
      return { signed: false, reason: refusal(verdict, record, vote) };
    if (verdict === "sign") {
      const next = recordVote(record, vote);
      this.#busy = true;
      try {
        await file.store(next);
      } catch (cause) {
        throw writeFailed(this.#options.path, cause);
      } finally {
        this.#busy = false;
      }
      this.#record = next;
    }
    return { signed: true, vote: this.#options.sign(vote) };
  }

  /** After a loss: sign again, but nothing below `fromView`. The log must hold the floor durably before this. */
  async resume(epoch: Epoch, fromView: View): Promise<void> {
    const { path, identity } = this.#options;
    this.#file?.close();
    const record = emptyRecord(epoch, fromView);
    this.#file = await SignerGuardFile.create(this.#options.files ?? systemFiles, path, identity, record);
    this.#record = record;
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#record = undefined;
  }
}

function refusal(verdict: "below" | "contradiction", record: SignerRecord, vote: Vote): string {
  if (verdict === "below") return `view ${vote.view} is below view ${record.view}, the highest that was signed in`;
  const signed = [
    record.notarize === undefined ? [] : [`Notarize ${record.notarize}`],
    record.nullify ? ["Nullify"] : [],
    record.finalize === undefined ? [] : [`Finalize ${record.finalize}`],
  ].flat();
  return `a ${vote.kind} in view ${vote.view} would contradict what was signed there: ${signed.join(", ")}`;
}

function writeFailed(path: string, cause: unknown): AllotError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const text = `cannot write the signer's guard ${path}: ${reason}. Check free space and health of the disk, then start again`;
  return new AllotError("GUARD_WRITE_FAILED", { path, reason }, text, { cause });
}
