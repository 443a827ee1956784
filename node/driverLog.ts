// The write-ahead log as the driver uses it: what was appended and is not durable yet, and which blocks are in it.
import type { DriverMetrics } from "./driverMetrics.ts";
import { encodeLogRecord } from "./storage/logRecord.ts";
import type { WriteAheadLog } from "./storage/writeAheadLog.ts";
import type { SealedBlock } from "./types/block.ts";
import type { Digest, Epoch, Height, View } from "./types/brands.ts";
import type { Finalization } from "./types/certificate.ts";
import type { ConsensusRecord } from "./types/record.ts";

export class DriverLog {
  readonly #log: WriteAheadLog;
  readonly #metrics: Pick<DriverMetrics, "syncStarted">;
  /** Blocks above the committed one that stand in the log, with their heights. */
  readonly #blocks = new Map<Digest, Height>();
  #unsynced = false;

  constructor(log: WriteAheadLog, metrics: Pick<DriverMetrics, "syncStarted">) {
    this.#log = log;
    this.#metrics = metrics;
  }

  /** Something was appended and is not durable. */
  get unsynced(): boolean {
    return this.#unsynced;
  }

  /** What the log held at the start. */
  replayed(records: readonly ConsensusRecord[]): void {
    for (const record of records) {
      if (record.kind === "block") this.#blocks.set(record.block.digest, record.block.header.height);
    }
  }

  append(record: ConsensusRecord): void {
    this.#log.append(encodeLogRecord({ kind: "consensus", record }));
    this.#unsynced = true;
    this.replayed([record]);
  }

  appendFloor(epoch: Epoch, view: View): void {
    this.#log.append(encodeLogRecord({ kind: "floor", epoch, view }));
    this.#unsynced = true;
  }

  /** Application and chain store become durable each in its own time. After a crash in between, the log must know the
   * block that the application stands at; one that came by fetching, or too late to be voted for, is not in it yet. */
  committed(block: SealedBlock, finalization: Finalization): void {
    if (!this.#blocks.has(block.digest)) {
      this.append({ kind: "block", block });
      this.append({ kind: "certificate", certificate: finalization });
    }
    for (const [digest, height] of this.#blocks) {
      if (height <= block.header.height) this.#blocks.delete(digest);
    }
  }

  async sync(): Promise<void> {
    const done = this.#metrics.syncStarted();
    await this.#log.sync();
    this.#unsynced = false;
    done();
  }

  /** A compaction has written, and synced, all of it anew. */
  compacted(): void {
    this.#unsynced = false;
  }
}
