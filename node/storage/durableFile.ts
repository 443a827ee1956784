// A file whose writes can be made to survive a crash of the machine.
import { closeSync, fdatasync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { promisify } from "node:util";

const fdatasyncAsync = promisify(fdatasync);

/** Above this a sync no longer happens on the event loop: other work would wait for the disk. */
const syncOnLoopMicrosecondsMax = 1_000;
/** Weight of the newest sample in the running mean of a sync's duration. */
const newestWeight = 0.2;

/** Makes entries of a folder (files created, renamed or removed in it) survive a crash. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export class DurableFile {
  readonly path: string;
  readonly #fd: number;
  /** Running mean; starts fast, one slow disk shows within a few samples. */
  #syncMicroseconds = 0;

  constructor(path: string, flags: "r+" | "wx+") {
    this.path = path;
    this.#fd = openSync(path, flags, 0o600);
  }

  /** Writes all of `bytes` at `position` (into the page cache: `sync` makes it durable). */
  write(bytes: Uint8Array, position: number): void {
    let done = 0;
    while (done < bytes.length) done += writeSync(this.#fd, bytes, done, bytes.length - done, position + done);
  }

  /** Resolves when everything written survives a crash. On a fast disk the call itself does it: a round through the
   * thread pool costs more than such a sync (75 µs against 125 µs) and waits behind whatever the loop has queued. */
  async sync(): Promise<void> {
    const start = process.hrtime.bigint();
    if (this.#syncMicroseconds <= syncOnLoopMicrosecondsMax) fdatasyncSync(this.#fd);
    else await fdatasyncAsync(this.#fd);
    const tookMicroseconds = Number(process.hrtime.bigint() - start) / 1_000;
    this.#syncMicroseconds += newestWeight * (tookMicroseconds - this.#syncMicroseconds);
  }

  truncate(length: number): void {
    ftruncateSync(this.#fd, length);
    fsyncSync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }
}
