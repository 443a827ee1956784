// The consensus write-ahead log: what must be durable before a vote leaves. Records are opaque here; the driver
// writes and reads them (node/storage/consensusRecord.ts). The log promises its owner:
//   - after `sync` every record appended before survives a crash of the machine;
//   - syncs asked for at the same time share one write and one fsync (group commit);
//   - on opening, a write that a crash cut short is cut off; damage anywhere else stops the node with a sentence.
import { join } from "node:path";
import { walFrameBytesMax } from "../config/limits.ts";
import { AllotError, InvariantError } from "../types/errors.ts";
import { type FileSystem, type OpenFile, systemFiles } from "./fileSystem.ts";
import { decodeFrame, encodeFrame, findLaterFrame } from "./walFrame.ts";

/** Segments are named after the sequence of their first frame. */
const segmentName = (sequence: number): string => `${String(sequence).padStart(16, "0")}.wal`;
const segmentPattern = /^(\d{16})\.wal$/;

interface Segment {
  readonly path: string;
  readonly firstSequence: number;
}

export interface OpenedLog {
  readonly log: WriteAheadLog;
  /** Every record that survived, oldest first. After a compaction a record can occur twice. */
  readonly records: readonly Uint8Array[];
  /** How many records the last frame held: they may be newer than what the signer's guard knows. */
  readonly lastFrameRecords: number;
  /** Bytes of an unfinished write that were cut off. */
  readonly cutBytes: number;
}

export class WriteAheadLog {
  readonly #files: FileSystem;
  readonly #folder: string;
  #segments: Segment[];
  #file: OpenFile;
  #fileBytes: number;
  #nextSequence: number;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #flushing: Promise<void> | undefined;
  #failed = false;

  private constructor(
    files: FileSystem,
    folder: string,
    segments: Segment[],
    file: OpenFile,
    fileBytes: number,
    nextSequence: number,
  ) {
    this.#files = files;
    this.#folder = folder;
    this.#segments = segments;
    this.#file = file;
    this.#fileBytes = fileBytes;
    this.#nextSequence = nextSequence;
  }

  /** @throws AllotError WAL_DAMAGED, WAL_SEGMENT_MISSING */
  static open(folder: string, files: FileSystem = systemFiles): OpenedLog {
    files.makeFolder(folder);
    const segments = listSegments(files, folder);
    const records: Uint8Array[] = [];
    let expected = segments[0]?.firstSequence ?? 1;
    let lastFrameRecords = 0;
    let cutBytes = 0;
    let good = 0;
    for (const [i, segment] of segments.entries()) {
      const bytes = files.read(segment.path);
      if (segment.firstSequence !== expected) throw segmentMissing(folder, expected, segment.path);
      good = 0;
      while (good < bytes.length) {
        const frame = decodeFrame(bytes, good);
        if (frame?.sequence !== expected) break;
        for (const record of frame.records) records.push(record);
        lastFrameRecords = frame.records.length;
        expected = frame.sequence + 1;
        good = frame.end;
      }
      if (good === bytes.length) continue;
      if (i < segments.length - 1 || findLaterFrame(bytes, good, expected) !== undefined) {
        throw damaged(segment.path, good);
      }
      cutBytes = bytes.length - good;
    }
    const last = segments.at(-1);
    if (last === undefined) {
      const first = createSegment(files, folder, expected);
      return {
        log: new WriteAheadLog(files, folder, [first.segment], first.file, 0, expected),
        records,
        lastFrameRecords,
        cutBytes,
      };
    }
    const file = files.open(last.path, "r+");
    if (cutBytes > 0) file.truncate(good);
    const log = new WriteAheadLog(files, folder, segments, file, good, expected);
    return { log, records, lastFrameRecords, cutBytes };
  }

  /** Bytes of all frames in the newest segment: the driver compacts when they pass `walSegmentBytesMax`. */
  get segmentBytes(): number {
    return this.#fileBytes;
  }

  /** Adds a record; it is durable after the next `sync`. The bytes must not change until then. */
  append(record: Uint8Array): void {
    this.#pending.push(record);
    this.#pendingBytes += 4 + record.length;
    if (this.#pendingBytes > walFrameBytesMax) {
      const facts = { bytes: this.#pendingBytes, walFrameBytesMax };
      throw new InvariantError("WAL_FRAME_TOO_LARGE", facts, "more was appended to the log than one frame may hold");
    }
  }

  /** Resolves when every record appended so far is durable. A failed sync is final: what the disk holds after it is
   * unknown, so the log refuses everything from then on and the node must stop. */
  sync(): Promise<void> {
    if (this.#failed) return Promise.reject(unusable(this.#file.path));
    if (this.#pending.length === 0) return this.#flushing ?? Promise.resolve();
    if (this.#flushing === undefined) {
      this.#flushing = this.#flush();
      return this.#flushing;
    }
    // A flush is running: whoever comes now shares the one after it.
    return this.#flushing.then(() => this.sync());
  }

  async #flush(): Promise<void> {
    const frame = encodeFrame(this.#nextSequence, this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    try {
      this.#file.write(frame, this.#fileBytes);
      await this.#file.sync();
    } catch (cause) {
      this.#failed = true;
      throw unusable(this.#file.path, cause);
    }
    this.#nextSequence++;
    this.#fileBytes += frame.length;
    this.#flushing = undefined;
  }

  /**
   * Starts a new segment with those records that `keep` wants and removes the older segments. Call it only when
   * what is dropped is durable elsewhere (committed and flushed). Safe to be cut short anywhere.
   */
  async compact(keep: (record: Uint8Array) => boolean): Promise<void> {
    await this.sync();
    const old = this.#segments;
    const kept: Uint8Array[] = [];
    for (const segment of old) {
      const bytes = this.#files.read(segment.path);
      let at = 0;
      for (let frame = decodeFrame(bytes, at); frame !== undefined; frame = decodeFrame(bytes, at)) {
        for (const record of frame.records) if (keep(record)) kept.push(record);
        at = frame.end;
      }
    }
    const next = createSegment(this.#files, this.#folder, this.#nextSequence);
    this.#file.close();
    this.#file = next.file;
    this.#fileBytes = 0;
    this.#segments = [...old, next.segment];
    for (const record of kept) this.append(record);
    await this.sync();
    // Oldest first, each removal durable before the next: a gap between segments would look like lost data.
    for (const segment of old) {
      this.#files.remove(segment.path);
      this.#files.syncFolder(this.#folder);
    }
    this.#segments = [next.segment];
  }

  async close(): Promise<void> {
    if (!this.#failed) await this.sync();
    this.#file.close();
  }
}

function listSegments(files: FileSystem, folder: string): Segment[] {
  const segments: Segment[] = [];
  for (const name of [...files.list(folder)].sort()) {
    const sequence = segmentPattern.exec(name)?.[1];
    if (sequence !== undefined) segments.push({ path: join(folder, name), firstSequence: Number(sequence) });
  }
  return segments;
}

function createSegment(files: FileSystem, folder: string, firstSequence: number): { segment: Segment; file: OpenFile } {
  const path = join(folder, segmentName(firstSequence));
  const file = files.open(path, "wx+");
  files.syncFolder(folder);
  return { segment: { path, firstSequence }, file };
}

const moveAway =
  "Move the wal folder away (keep it for examination) and start again: the node then signs nothing until the other " +
  "validators have reported their views, and catches up from them";

function damaged(path: string, offset: number): AllotError {
  const what = `the write-ahead log ${path} is damaged at byte ${offset}, before records that were written later`;
  return new AllotError("WAL_DAMAGED", { path, offset }, `${what}: the disk lost data. ${moveAway}`);
}

function segmentMissing(folder: string, sequence: number, path: string): AllotError {
  const what = `the write-ahead log in ${folder} lacks frame ${sequence}, which should stand before ${path}`;
  return new AllotError("WAL_SEGMENT_MISSING", { folder, sequence, path }, `${what}. ${moveAway}`);
}

function unusable(path: string, cause?: unknown): AllotError {
  const reason = cause instanceof Error ? cause.message : "an earlier write failed";
  const what = `cannot write the log ${path}: ${reason}. Check free space and health of the disk, then start again`;
  return new AllotError("WAL_WRITE_FAILED", { path, reason }, what, { cause });
}
