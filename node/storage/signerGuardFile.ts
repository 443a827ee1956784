// The guard's record on disk: a JSON array of two entries, each on its own 4096-byte page, written in turn. A write
// that a crash cuts short damages one page only, and the other one still holds what was durable before. One write and
// one fsync per vote, where a replaced file would need two of them and a rename.
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { z } from "zod";
import { address, digest } from "../config/schemas.ts";
import { type Address, type Digest, Epoch, View } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";
import type { FileSystem, OpenFile } from "./fileSystem.ts";
import type { SignerRecord } from "./signerRecord.ts";

const pageBytes = 4096;
const version = 1;

/** Whose guard it is: a guard copied from elsewhere is refused. */
export interface SignerIdentity {
  readonly networkId: Digest;
  readonly validator: Address;
}

const entrySchema = z.object({
  version: z.literal(version),
  networkId: digest,
  validator: address,
  sequence: z.number().int().nonnegative(),
  epoch: z.number().int().nonnegative().transform(Epoch),
  view: z.number().int().nonnegative().transform(View),
  notarize: digest.nullable(),
  nullify: z.boolean(),
  finalize: digest.nullable(),
});
type Entry = z.output<typeof entrySchema>;

export interface StoredGuard {
  readonly sequence: number;
  readonly record: SignerRecord;
}

function page(identity: SignerIdentity, sequence: number, record: SignerRecord): Uint8Array {
  const { epoch, view, notarize = null, nullify, finalize = null } = record;
  const entry = JSON.stringify({ version, ...identity, sequence, epoch, view, notarize, nullify, finalize });
  const text = JSON.stringify({ entry, crc32: crc32(entry) });
  // Page 0 opens the array and page 1 closes it, so that the file is JSON as a whole.
  const [content, end] = sequence % 2 === 0 ? [`[${text}`, ",\n"] : [text, "]\n"];
  return Buffer.from(content.padEnd(pageBytes - end.length) + end);
}

function readPage(bytes: Buffer, index: number): Entry | undefined {
  const text = bytes.toString("latin1", index * pageBytes, (index + 1) * pageBytes).trim();
  try {
    const outer = JSON.parse(text.replace(/^\[/, "").replace(/[,\]]$/, ""));
    if (typeof outer.entry !== "string" || crc32(outer.entry) !== outer.crc32) return undefined;
    return entrySchema.parse(JSON.parse(outer.entry));
  } catch {
    // A page that a crash cut short, or that never was written: the other one counts.
    return undefined;
  }
}

/**
 * The newer of the two entries; undefined when the file is missing or neither entry can be read.
 * @throws AllotError GUARD_FOREIGN when it belongs to another validator or network
 */
export function readGuardFile(files: FileSystem, path: string, identity: SignerIdentity): StoredGuard | undefined {
  if (!files.exists(path)) return undefined;
  const bytes = files.read(path);
  const entries = [readPage(bytes, 0), readPage(bytes, 1)].filter((entry) => entry !== undefined);
  const newest = entries.sort((a, b) => b.sequence - a.sequence)[0];
  if (newest === undefined) return undefined;
  if (newest.networkId !== identity.networkId || newest.validator !== identity.validator) {
    const what = `${path} belongs to validator ${newest.validator} of network ${newest.networkId}`;
    throw new AllotError(
      "GUARD_FOREIGN",
      { path, validator: newest.validator, networkId: newest.networkId },
      `${what}, not to ${identity.validator} of ${identity.networkId}; put this node's own file back`,
    );
  }
  const { sequence, epoch, view, notarize, nullify, finalize } = newest;
  const record = { epoch, view, notarize: notarize ?? undefined, nullify, finalize: finalize ?? undefined };
  return { sequence, record };
}

export class SignerGuardFile {
  readonly #file: OpenFile;
  readonly #identity: SignerIdentity;
  #sequence: number;

  private constructor(file: OpenFile, identity: SignerIdentity, sequence: number) {
    this.#file = file;
    this.#identity = identity;
    this.#sequence = sequence;
  }

  /** Opens the file that `readGuardFile` read. */
  static open(files: FileSystem, path: string, identity: SignerIdentity, stored: StoredGuard): SignerGuardFile {
    return new SignerGuardFile(files.open(path, "r+"), identity, stored.sequence);
  }

  /** Makes a new file with `record` in it, durably, in place of whatever stands there. */
  static async create(
    files: FileSystem,
    path: string,
    identity: SignerIdentity,
    record: SignerRecord,
  ): Promise<SignerGuardFile> {
    const temporary = `${path}.new`;
    if (files.exists(temporary)) files.remove(temporary);
    const file = files.open(temporary, "wx+");
    file.write(page(identity, 0, record), 0);
    file.write(page(identity, 1, record), pageBytes);
    await file.sync();
    files.rename(temporary, path);
    files.syncFolder(dirname(path));
    return new SignerGuardFile(file, identity, 1);
  }

  /** Resolves when the record is durable. */
  async store(record: SignerRecord): Promise<void> {
    const sequence = this.#sequence + 1;
    this.#file.write(page(this.#identity, sequence, record), (sequence % 2) * pageBytes);
    await this.#file.sync();
    this.#sequence = sequence;
  }

  close(): void {
    this.#file.close();
  }
}
