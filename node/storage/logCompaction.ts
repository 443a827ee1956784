// Keeps the write-ahead log short: once what it holds of old views is permanent elsewhere, a segment that has grown
// long is replaced by one with the rest.
import { walSegmentBytesMax } from "../config/limits.ts";
import type { View } from "../types/brands.ts";
import { logRecordHead } from "./logRecord.ts";
import type { WriteAheadLog } from "./writeAheadLog.ts";

export class LogCompaction {
  readonly #log: WriteAheadLog;
  readonly #flushElsewhere: () => Promise<unknown>;
  #isFlushing = false;
  #below: View | undefined;

  /** @param flushElsewhere resolves when everything committed so far survives a crash of the machine */
  constructor(log: WriteAheadLog, flushElsewhere: () => Promise<unknown>) {
    this.#log = log;
    this.#flushElsewhere = flushElsewhere;
  }

  /** The block of this view has been committed. Prepares a compaction when it is time for one. */
  async committed(view: View): Promise<void> {
    if (this.#isFlushing || this.#below !== undefined || this.#log.segmentBytes <= walSegmentBytesMax) return;
    this.#isFlushing = true;
    try {
      await this.#flushElsewhere();
      this.#below = view;
    } finally {
      this.#isFlushing = false;
    }
  }

  /** Does what has been prepared; to be called when nothing is being appended. True when the log was compacted. */
  async run(signedView: View | undefined): Promise<boolean> {
    const below = this.#below;
    if (below === undefined) return false;
    this.#below = undefined;
    await this.#log.compact((record) => {
      const { tag, view } = logRecordHead(record);
      // The steps of the signer's highest view stay: at the next start they are compared with the guard.
      return tag === "data" ? view >= below : view >= Math.min(below, signedView ?? 0);
    });
    return true;
  }

  get isPrepared(): boolean {
    return this.#below !== undefined;
  }
}
