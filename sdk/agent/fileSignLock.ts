// The sign lock on disk: one file per statement, in one directory per agent or attester.
//
// Why a file each: a record is written under a temporary name, synced, and then *linked* to the name that follows from
// its slot. link(2) is atomic and fails when the name is there, so a second, different statement cannot get in, not
// even from another process; and a file under its final name is always whole, so that a damaged one is damage and
// never a torn write that could be forgotten.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Hex } from "viem";
import { unreachable } from "../../node/types/errors.ts";
import { SignLockError } from "../errors/signLockError.ts";
import { lockDirectory } from "./directoryLock.ts";
import { type DurableFiles, durableFiles } from "./durableFiles.ts";
import type { SignLock, SignLockRecord } from "./signLock.ts";
import {
  attestationKeyOf,
  bidKeyOf,
  decodeRecord,
  deliveryKeyOf,
  encodeRecord,
  recordKeyOf,
  statementOf,
} from "./signLockRecord.ts";

export interface FileSignLockParameters {
  /** The agent's or attester's own directory, made if it is missing. Never copy, restore from an older backup or share it. */
  readonly directory: string;
  /** For tests. */
  readonly files?: DurableFiles;
}

/**
 * Opens the sign lock in a directory, reading all that was locked before.
 *
 * Errors: `SIGN_LOCK_HELD` when another process has it open, `SIGN_LOCK_DAMAGED` when a record is not as it was
 * written, `SIGN_LOCK_UNUSABLE` when the directory cannot be written.
 * @example
 * ```ts
 * const signLock = await openFileSignLock({ directory: "./agent-7/sign-lock" });
 * ```
 */
export async function openFileSignLock({ directory, files = durableFiles }: FileSignLockParameters): Promise<SignLock> {
  const folder = join(directory, "statements");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const held = await lockDirectory(directory, files);
    try {
      const records = await readRecords(folder, files);
      return fileSignLock(folder, files, records, () => held.release());
    } catch (error) {
      await held.release();
      throw error;
    }
  } catch (error) {
    throw unusable(directory, error);
  }
}

async function readRecords(folder: string, files: DurableFiles): Promise<Map<Hex, SignLockRecord>> {
  const records = new Map<Hex, SignLockRecord>();
  for (const name of await files.list(folder)) {
    const path = join(folder, name);
    if (name.endsWith(".tmp")) {
      // Never linked, so nothing was signed under it; or linked already, and this is its spare name.
      await files.unlink(path);
      continue;
    }
    const record = decodeRecord(await files.read(path), path);
    const key = recordKeyOf(record);
    if (name !== `${key}.json`) {
      throw new SignLockError(
        "SIGN_LOCK_DAMAGED",
        "A record of the sign lock lies under a name that is not its own. Somebody moved files in the directory: restore it as it was.",
        { facts: { file: path, expected: `${key}.json` } },
      );
    }
    records.set(key, record);
  }
  // A record may have been linked just before a crash and not be on disk yet.
  await files.syncDirectory(folder);
  return records;
}

function fileSignLock(
  folder: string,
  files: DurableFiles,
  records: Map<Hex, SignLockRecord>,
  release: () => Promise<void>,
): SignLock {
  let closed = false;
  let temporary = 0;
  const writing = new Set<Promise<void>>();

  const store = async (key: Hex, record: SignLockRecord): Promise<void> => {
    const path = join(folder, `${key}.json`);
    const spare = join(folder, `${key}.${process.pid}-${temporary++}.tmp`);
    try {
      await files.writeNew(spare, encodeRecord(record));
      await files.link(spare, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      });
      await files.unlink(spare);
      await files.syncDirectory(folder);
    } catch (error) {
      throw unusable(folder, error);
    }
    // What counts is what lies under the name, whoever put it there.
    const winner = decodeRecord(await files.read(path), path);
    records.set(key, winner);
    refuseOther(winner, record);
  };

  const lock = (record: SignLockRecord): Promise<void> => {
    if (closed) {
      const message = "The sign lock is closed. Open it again before signing.";
      return Promise.reject(new SignLockError("SIGN_LOCK_CLOSED", message, { facts: { directory: folder } }));
    }
    const key = recordKeyOf(record);
    const known = records.get(key);
    const done = (async () => (known === undefined ? store(key, record) : refuseOther(known, record)))();
    writing.add(done);
    return done.finally(() => writing.delete(done));
  };

  return {
    lockBid: lock,
    lockDelivery: lock,
    lockAttestation: lock,
    findBid: (slot) => records.get(bidKeyOf(slot)) as ReturnType<SignLock["findBid"]>,
    findDelivery: (slot) => records.get(deliveryKeyOf(slot)) as ReturnType<SignLock["findDelivery"]>,
    findAttestation: (slot) => records.get(attestationKeyOf(slot)) as ReturnType<SignLock["findAttestation"]>,
    records: () => [...records.values()],
    async close() {
      closed = true;
      await Promise.allSettled(writing);
      await release();
    },
  };
}

/** Names a record's slot to a person. */
function slotFactsOf(record: SignLockRecord) {
  switch (record.kind) {
    case "bid":
      return { tenderId: record.bid.tenderId, agentId: record.bid.agentId, slot: record.bid.slot };
    case "delivery":
      return { jobId: record.delivery.jobId, agentId: record.delivery.agentId };
    case "attestation": {
      const { agentId, capability, testRun } = record.claim;
      return { attester: record.attester, agentId, capability, testRun };
    }
    default:
      return unreachable(record);
  }
}

function refuseOther(known: SignLockRecord, asked: SignLockRecord): void {
  if (statementOf(known) === statementOf(asked)) return;
  const message =
    known.kind === "attestation"
      ? "Something else was attested by this test run before. A second, different attestation would cost the attester's stake: repeat the one that is locked, or name a new test run once you have tested again."
      : "Something else was signed for this slot before. Signing a second, different statement would cost the agent's stake: use the one that is locked.";
  const facts = { ...slotFactsOf(known), locked: statementOf(known), asked: statementOf(asked) };
  throw new SignLockError("SIGN_LOCK_CONFLICT", message, { facts });
}

function unusable(directory: string, error: unknown): SignLockError {
  if (error instanceof SignLockError) return error;
  return new SignLockError(
    "SIGN_LOCK_UNUSABLE",
    "The sign lock's directory cannot be read or written, so nothing is signed. It must be on a local file system with hard links, writable by this user, with space left.",
    { facts: { directory }, cause: error },
  );
}
