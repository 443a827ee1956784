// The execution's one LMDB environment. Everything that must be true together is written in one transaction.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { AllotError } from "../../types/errors.ts";

/** Changes whenever the meaning of a table does; another version is refused rather than misread. */
const formatVersion = "allot execution 1";

export type Table<K extends Buffer | number> = Database<Uint8Array, K>;

export class ExecutionDatabase {
  readonly #root: RootDatabase;
  readonly #meta: Database<string, string>;
  /** RLP by address: the state as of the `applied` height. */
  readonly accounts: Table<Buffer>;
  /** Value without leading zeros by address and slot. */
  readonly slots: Table<Buffer>;
  /** By code hash. */
  readonly codes: Table<Buffer>;
  /** RLP by node key (trie, path). */
  readonly nodes: Table<Buffer>;
  /** What each block did to the state, by height. */
  readonly changes: Table<number>;
  /** Block records by height. */
  readonly blocks: Table<number>;
  readonly transactions: Table<number>;
  readonly receipts: Table<number>;
  /** Bloom filters of the blocks that have logs, by height. */
  readonly blooms: Table<number>;
  /** Height by consensus digest and by execution hash. */
  readonly heights: Table<Buffer>;
  /** Height and position by transaction hash. */
  readonly locations: Table<Buffer>;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    try {
      this.#root = open({ path: join(folder, "execution.mdb"), noSubdir: true, maxDbs: 16, noMemInit: true });
    } catch (cause) {
      throw new AllotError(
        "EXECUTION_STORE_UNREADABLE",
        { folder },
        `The execution store in ${folder} cannot be opened: check that no other node uses it and that it may be written.`,
        { cause },
      );
    }
    this.#meta = this.#root.openDB({ name: "meta", encoding: "string" });
    const keyed = (name: string): Table<Buffer> =>
      this.#root.openDB({ name, keyEncoding: "binary", encoding: "binary" });
    const numbered = (name: string): Table<number> =>
      this.#root.openDB({ name, keyEncoding: "uint32", encoding: "binary" });
    this.accounts = keyed("accounts");
    this.slots = keyed("slots");
    this.codes = keyed("codes");
    this.nodes = keyed("nodes");
    this.changes = numbered("changes");
    this.blocks = numbered("blocks");
    this.transactions = numbered("transactions");
    this.receipts = numbered("receipts");
    this.blooms = numbered("blooms");
    this.heights = keyed("heights");
    this.locations = keyed("locations");
  }

  /** Marks a new store with the engine and genesis it belongs to; refuses one that belongs to others. */
  claim(engine: string, genesisHash: string): void {
    const owner = `${formatVersion} ${engine} ${genesisHash}`;
    const found = this.meta("owner");
    if (found === undefined) {
      this.#root.transactionSync(() => this.setMeta("owner", owner));
    } else if (found !== owner) {
      throw new AllotError(
        "EXECUTION_STORE_FOREIGN",
        { found, wanted: owner },
        `The execution store was written for another network, engine or version (${found}, not ${owner}): use a fresh folder or the genesis file and engine it was made with.`,
      );
    }
  }

  meta(name: string): string | undefined {
    return this.#meta.get(name);
  }

  /** Only inside `write`. */
  setMeta(name: string, value: string): void {
    this.#meta.put(name, value);
  }

  /** Runs `puts` as one transaction. Resolves once it survives a crash of the process. */
  async write(puts: () => void): Promise<void> {
    await this.#root.batch(puts);
  }

  /** Resolves once everything written so far survives a crash of the machine. */
  async flushed(): Promise<void> {
    await this.#root.flushed;
  }

  async close(): Promise<void> {
    await this.#root.flushed;
    await this.#root.close();
  }
}
