// The LMDB environment of the ordering side: finalized blocks, certificates, votes kept as possible evidence, and
// evidence. The stores beside this file each own their tables.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { consensusWriteDelayMs, consensusWritesWaitingMax } from "../config/limits.ts";
import type { Digest } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";
import type { ConsensusTables } from "./consensusTables.ts";

/** Changes whenever the meaning of a table does; another version is refused rather than misread. */
const formatVersion = "allot consensus 2";

export class ConsensusDatabase implements ConsensusTables {
  readonly #root: RootDatabase;
  #written: Promise<unknown> = Promise.resolve();
  #flushed: Promise<unknown> = Promise.resolve();
  #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @throws AllotError CONSENSUS_STORE_UNREADABLE, CONSENSUS_STORE_FOREIGN */
  constructor(folder: string, genesisDigest: Digest) {
    mkdirSync(folder, { recursive: true });
    try {
      this.#root = open({ path: join(folder, "consensus.mdb"), noSubdir: true, maxDbs: 16, noMemInit: true });
    } catch (cause) {
      const text = `The consensus store in ${folder} cannot be opened: check that no other node uses it and that it may be written.`;
      throw new AllotError("CONSENSUS_STORE_UNREADABLE", { folder }, text, { cause });
    }
    const meta: Database<string, string> = this.#root.openDB({ name: "meta", encoding: "string" });
    const owner = `${formatVersion} ${genesisDigest}`;
    const found = meta.get("owner");
    if (found === undefined) this.#root.transactionSync(() => void meta.put("owner", owner));
    else if (found !== owner) {
      const text = `The consensus store was written for another network or version (${found}, not ${owner}): use a fresh folder or the genesis file it was made with.`;
      throw new AllotError("CONSENSUS_STORE_FOREIGN", { found, wanted: owner }, text);
    }
  }

  numbered(name: string): Database<Uint8Array, number> {
    return this.#root.openDB({ name, keyEncoding: "ordered-binary", encoding: "binary" });
  }

  keyed(name: string): Database<Uint8Array, Buffer> {
    return this.#root.openDB({ name, keyEncoding: "binary", encoding: "binary" });
  }

  texts(name: string): Database<string, string> {
    return this.#root.openDB({ name, encoding: "string" });
  }

  /**
   * Runs `puts` soon, together with others: a transaction costs far more than what is put in one. What they write is
   * visible to readers after `written`. A crash before that loses them: whatever must not be lost stands in the log.
   */
  write(puts: () => void): void {
    this.#waiting.push(puts);
    if (this.#waiting.length >= consensusWritesWaitingMax) this.#writeNow();
    else this.#timer ??= setTimeout(() => this.#writeNow(), consensusWriteDelayMs);
  }

  #writeNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#written = this.#root.batch(() => {
      for (const puts of waiting) puts();
    });
    // Whoever needs the result awaits `written` or `flushed`, which fail too.
    this.#written.catch(() => undefined);
  }

  /** Resolves once everything written so far is visible and survives a crash of the process. */
  async written(): Promise<void> {
    this.#writeNow();
    await this.#written;
  }

  /** Resolves once everything written so far survives a crash of the machine, in the order asked for. */
  flushed(): Promise<void> {
    const own = this.written().then(() => this.#root.flushed);
    this.#flushed = Promise.all([this.#flushed, own]);
    // Whoever asked is told of a failure; the next one is, too.
    return this.#flushed.then(() => undefined);
  }

  async close(): Promise<void> {
    await this.flushed();
    await this.#root.close();
  }
}
