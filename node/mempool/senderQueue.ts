import type { Transaction } from "../types/transaction.ts";

/** The waiting transactions of one sender by nonce, from its nonce in the committed state (`base`) up to the window. */
export class SenderQueue {
  #base: number;
  /** Index i holds the transaction with nonce base + i. Never longer than the window, never ends in a hole. */
  #slots: (Transaction | undefined)[] = [];
  #count = 0;
  /** Raw bytes of all. */
  #bytes = 0;
  /** Transactions without a gap from `base` on, and their raw bytes. */
  #run = 0;
  #runBytes = 0;
  /** Height at which the queue last changed. */
  touchedAt: number;

  constructor(base: number, height: number) {
    this.#base = base;
    this.touchedAt = height;
  }

  get base(): number {
    return this.#base;
  }

  get count(): number {
    return this.#count;
  }

  /** What waits behind a missing nonce. */
  get behindGap(): { readonly transactions: number; readonly bytes: number } {
    return { transactions: this.#count - this.#run, bytes: this.#bytes - this.#runBytes };
  }

  /** First nonce from `base` on that nothing here carries. */
  get nextNonce(): number {
    return this.#base + this.#run;
  }

  /** True when some transaction waits behind a missing nonce. */
  get hasGap(): boolean {
    return this.#run < this.#count;
  }

  at(nonce: number): Transaction | undefined {
    return nonce < this.#base ? undefined : this.#slots[nonce - this.#base];
  }

  /** Puts a transaction into its place, whose nonce lies in the window, and returns the one that was there. */
  put(transaction: Transaction): Transaction | undefined {
    const index = transaction.nonce - this.#base;
    while (this.#slots.length < index) this.#slots.push(undefined);
    const replaced = this.#slots[index];
    this.#slots[index] = transaction;
    if (replaced === undefined) this.#count++;
    this.#bytes += transaction.raw.length - (replaced?.raw.length ?? 0);
    this.#extendRun();
    return replaced;
  }

  remove(nonce: number): Transaction | undefined {
    const removed = this.at(nonce);
    if (removed === undefined) return undefined;
    const index = nonce - this.#base;
    this.#slots[index] = undefined;
    this.#count--;
    this.#bytes -= removed.raw.length;
    if (index < this.#run) {
      this.#runBytes -= removed.raw.length;
      for (let later = index + 1; later < this.#run; later++) this.#runBytes -= this.#slots[later]?.raw.length ?? 0;
      this.#run = index;
    }
    while (this.#slots.length > 0 && this.#slots[this.#slots.length - 1] === undefined) this.#slots.pop();
    return removed;
  }

  /** The transaction with the highest nonce. */
  last(): Transaction | undefined {
    return this.#slots[this.#slots.length - 1];
  }

  /** Moves to the sender's new nonce in the committed state; returns what fell out below it. */
  advance(base: number): Transaction[] {
    const distance = base - this.#base;
    for (const each of this.#slots.slice(0, Math.min(distance, this.#run))) this.#runBytes -= each?.raw.length ?? 0;
    const passed = this.#slots.splice(0, distance).filter((each) => each !== undefined);
    this.#count -= passed.length;
    for (const each of passed) this.#bytes -= each.raw.length;
    this.#run = Math.max(0, this.#run - distance);
    this.#base = base;
    this.#extendRun();
    return passed;
  }

  *[Symbol.iterator](): IterableIterator<Transaction> {
    for (const each of this.#slots) if (each !== undefined) yield each;
  }

  #extendRun(): void {
    for (let next = this.#slots[this.#run]; next !== undefined; next = this.#slots[++this.#run]) {
      this.#runBytes += next.raw.length;
    }
  }
}
