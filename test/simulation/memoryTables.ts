import type { ConsensusTables, Table, TableRange } from "../../node/storage/consensusTables.ts";
import type { Random } from "./random.ts";

type Undo = () => void;

class MemoryTable<V, K> implements Table<V, K> {
  readonly #entries = new Map<string | number, { readonly key: K; readonly value: V }>();
  readonly #undone: (undo: Undo) => void;

  constructor(undone: (undo: Undo) => void) {
    this.#undone = undone;
  }

  #name(key: K): string | number {
    return typeof key === "number" ? key : Buffer.isBuffer(key) ? key.toString("hex") : String(key);
  }

  get(key: K): V | undefined {
    return this.#entries.get(this.#name(key))?.value;
  }

  #set(name: string | number, entry: { readonly key: K; readonly value: V } | undefined): void {
    const before = this.#entries.get(name);
    this.#undone(() => {
      if (before === undefined) this.#entries.delete(name);
      else this.#entries.set(name, before);
    });
    if (entry === undefined) this.#entries.delete(name);
    else this.#entries.set(name, entry);
  }

  put(key: K, value: V): void {
    this.#set(this.#name(key), { key, value });
  }

  remove(key: K): void {
    this.#set(this.#name(key), undefined);
  }

  getKeys(range: TableRange<K> = {}): Iterable<K> {
    return [...this.getRange(range)].map(({ key }) => key);
  }

  getRange(range: TableRange<K> = {}): Iterable<{ readonly key: K; readonly value: V }> {
    const { start, end, reverse = false, limit = Number.POSITIVE_INFINITY } = range;
    const order = (a: K, b: K): number => {
      const [one, other] = [this.#name(a), this.#name(b)];
      return (one < other ? -1 : one > other ? 1 : 0) * (reverse ? -1 : 1);
    };
    return [...this.#entries.values()]
      .filter(
        ({ key }) => (start === undefined || order(key, start) >= 0) && (end === undefined || order(key, end) < 0),
      )
      .sort((a, b) => order(a.key, b.key))
      .slice(0, limit);
  }
}

/** Tables that lose their newest batches in a crash: every one since the last flush may be gone, in order. */
export class MemoryTables implements ConsensusTables {
  readonly #tables = new Map<string, unknown>();
  readonly #random: Random;
  #waiting: (() => void)[] = [];
  /** How to take back each batch that is not flushed. */
  #batches: Undo[][] = [];
  /** Waits for virtual time, and plans something; set anew in each life of the node. */
  wait: (durationMs: number) => Promise<void> = () => Promise.resolve();
  #isPlanned = false;
  #order: Promise<void> = Promise.resolve();

  constructor(random: Random) {
    this.#random = random;
  }

  #table<V, K>(name: string): Table<V, K> {
    const known = this.#tables.get(name);
    if (known !== undefined) return known as Table<V, K>;
    const table = new MemoryTable<V, K>((undo) => this.#batches.at(-1)?.push(undo));
    this.#tables.set(name, table);
    return table;
  }

  numbered(name: string): Table<Uint8Array, number> {
    return this.#table(name);
  }

  keyed(name: string): Table<Uint8Array, Buffer> {
    return this.#table(name);
  }

  texts(name: string): Table<string, string> {
    return this.#table(name);
  }

  write(puts: () => void): void {
    this.#waiting.push(puts);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    void this.wait(100).then(() => this.#writeNow());
  }

  #writeNow(): void {
    this.#isPlanned = false;
    if (this.#waiting.length === 0) return;
    this.#batches.push([]);
    for (const puts of this.#waiting.splice(0)) puts();
  }

  /** Resolves in the order asked for, as batches of a database do. */
  written(): Promise<void> {
    this.#writeNow();
    this.#order = this.#order.then(() => this.wait(this.#random.between(0, 1)));
    return this.#order;
  }

  flushed(): Promise<void> {
    this.#writeNow();
    const written = this.#batches.at(-1);
    this.#order = this.#order
      .then(() => this.wait(this.#random.between(0, 5)))
      .then(() => void this.#batches.splice(0, written === undefined ? 0 : this.#batches.indexOf(written) + 1));
    return this.#order;
  }

  crash(): void {
    this.#waiting = [];
    this.#isPlanned = false;
    this.#order = Promise.resolve();
    const survivors = this.#random.below(this.#batches.length + 1);
    for (const batch of this.#batches.splice(survivors).reverse()) for (const undo of batch.reverse()) undo();
    this.#batches = [];
  }

  wipe(): void {
    this.#tables.clear();
    this.#batches = [];
    this.#waiting = [];
  }
}
