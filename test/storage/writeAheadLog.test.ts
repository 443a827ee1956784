import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { WriteAheadLog } from "../../node/storage/writeAheadLog.ts";
import { failsWith } from "./errorCode.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const record = (text: string): Uint8Array => Buffer.from(text);
const texts = (records: readonly Uint8Array[]): string[] => records.map((each) => Buffer.from(each).toString());

/** Writes each group of records as one frame. */
async function write(folder: string, ...frames: readonly string[][]): Promise<void> {
  const { log } = WriteAheadLog.open(folder);
  for (const frame of frames) {
    for (const text of frame) log.append(record(text));
    await log.sync();
  }
  await log.close();
}

function segments(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".wal"))
    .sort()
    .map((name) => join(folder, name));
}

function flipByte(path: string, offset: number): void {
  const bytes = readFileSync(path);
  bytes[offset] = (bytes[offset] as number) ^ 0xff;
  writeFileSync(path, bytes);
}

/** Opens and closes; returns what was there. */
async function reopen(folder: string) {
  const { log, ...opened } = WriteAheadLog.open(folder);
  await log.close();
  return opened;
}

describe("the write-ahead log", () => {
  it("returns the records of every sync in order", async () => {
    const folder = temporaryFolder();
    await write(folder, ["a", "b"], ["c"]);
    const { records, lastFrameRecords, cutBytes } = await reopen(folder);
    expect(texts(records)).to.deep.equal(["a", "b", "c"]);
    expect(lastFrameRecords).to.equal(1);
    expect(cutBytes).to.equal(0);
  });

  it("goes on behind what it found", async () => {
    const folder = temporaryFolder();
    await write(folder, ["a"]);
    await write(folder, ["b"]);
    expect(texts((await reopen(folder)).records)).to.deep.equal(["a", "b"]);
  });

  it("shares one write between syncs that are asked for together", async () => {
    const folder = temporaryFolder();
    const { log } = WriteAheadLog.open(folder);
    log.append(record("a"));
    const first = log.sync();
    log.append(record("b"));
    const second = log.sync();
    log.append(record("c"));
    await Promise.all([first, second, log.sync()]);
    await log.close();
    const { records, lastFrameRecords } = await reopen(folder);
    expect(texts(records)).to.deep.equal(["a", "b", "c"]);
    expect(lastFrameRecords, "b and c came while a was being written").to.equal(2);
  });

  it("cuts a write off that a crash cut short, wherever it was cut", async () => {
    const folder = temporaryFolder();
    await write(folder, ["first"]);
    const [path] = segments(folder) as [string];
    const good = statSync(path).size;
    await write(folder, ["second"]);
    const whole = readFileSync(path);
    for (let length = good + 1; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      const { records, cutBytes } = await reopen(folder);
      expect(texts(records)).to.deep.equal(["first"]);
      expect(cutBytes).to.equal(length - good);
      expect(statSync(path).size).to.equal(good);
    }
  });

  it("cuts a last frame with a bad checksum or a bad length, and can be written on", async () => {
    const folder = temporaryFolder();
    await write(folder, ["first"]);
    const [path] = segments(folder) as [string];
    const good = statSync(path).size;
    for (const offset of [good, good + 4, good + 10, good + 17, good + 24]) {
      await write(folder, ["second"]);
      flipByte(path, offset);
      expect(texts((await reopen(folder)).records)).to.deep.equal(["first"]);
    }
    await write(folder, ["third"]);
    expect(texts((await reopen(folder)).records)).to.deep.equal(["first", "third"]);
  });

  it("stops with a sentence when an earlier frame is damaged, and leaves the file as it is", async () => {
    const folder = temporaryFolder();
    await write(folder, ["first"], ["second"], ["third"]);
    const [path] = segments(folder) as [string];
    const frame = statSync(path).size;
    for (const offset of [0, 5, 9, 17, 22, 30]) {
      flipByte(path, offset);
      const error = await failsWith("WAL_DAMAGED", () => WriteAheadLog.open(folder));
      expect(error.message).to.contain("Move the wal folder away");
      expect(statSync(path).size).to.equal(frame);
      flipByte(path, offset);
    }
    expect(texts((await reopen(folder)).records)).to.deep.equal(["first", "second", "third"]);
  });

  it("keeps what a compaction wants, in a new segment, and forgets the rest", async () => {
    const folder = temporaryFolder();
    const { log } = WriteAheadLog.open(folder);
    for (const text of ["old 1", "keep 1", "old 2", "keep 2"]) log.append(record(text));
    await log.sync();
    const [before] = segments(folder);
    await log.compact((each) => Buffer.from(each).toString().startsWith("keep"));
    log.append(record("new"));
    await log.close();
    expect(segments(folder)).to.have.length(1);
    expect(segments(folder)[0]).not.to.equal(before);
    expect(texts((await reopen(folder)).records)).to.deep.equal(["keep 1", "keep 2", "new"]);
  });

  it("survives a crash between writing the new segment and removing the old one", async () => {
    const folder = temporaryFolder();
    await write(folder, ["old", "keep"]);
    const [path] = segments(folder) as [string];
    const old = readFileSync(path);
    const { log } = WriteAheadLog.open(folder);
    await log.compact((each) => Buffer.from(each).toString() === "keep");
    await log.close();
    writeFileSync(path, old);
    expect(texts((await reopen(folder)).records)).to.deep.equal(["old", "keep", "keep"]);
  });

  it("stops with a sentence when a segment is missing or an older one is cut", async () => {
    const folder = temporaryFolder();
    await write(folder, ["a"], ["b"]);
    const [path] = segments(folder) as [string];
    const old = readFileSync(path);
    const { log } = WriteAheadLog.open(folder);
    await log.compact(() => true);
    await log.close();
    writeFileSync(path, old);
    truncateSync(path, old.length - 1);
    await failsWith("WAL_DAMAGED", () => WriteAheadLog.open(folder));
    // The old segment ends one whole frame early: nothing in it is damaged, but its last frame is gone.
    truncateSync(path, old.length / 2);
    await failsWith("WAL_SEGMENT_MISSING", () => WriteAheadLog.open(folder));
  });
});
