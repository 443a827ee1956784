// The transactions that this validator's own clients sent, until they are ordered. They are gossiped once when they
// arrive; if a link was down then, once more when it is back, and again when they wait suspiciously long.

import { ownTransactionsMax } from "../config/limits.ts";
import type { ExecutedBlock } from "../execution/engine.ts";
import { BoundedMap } from "../types/boundedMap.ts";
import type { Digest } from "../types/brands.ts";
import type { Transaction } from "../types/transaction.ts";

/** Blocks after which a transaction that still waits is gossiped again. */
const repeatAfterBlocks = 64;

export class OwnTransactions {
  readonly #publish: (raw: Uint8Array) => void;
  readonly #waiting = new BoundedMap<Digest, Transaction>(ownTransactionsMax);

  constructor(publish: (raw: Uint8Array) => void) {
    this.#publish = publish;
  }

  add(transaction: Transaction): void {
    this.#waiting.set(transaction.hash, transaction);
    this.#publish(transaction.raw);
  }

  repeat(): void {
    for (const { raw } of this.#waiting.values()) this.#publish(raw);
  }

  committed(block: ExecutedBlock, mempool: { transaction(hash: Digest): Transaction | undefined }): void {
    for (const { hash } of block.transactions) this.#waiting.delete(hash);
    if (block.header.number % repeatAfterBlocks !== 0) return;
    for (const hash of this.#waiting.keys()) if (mempool.transaction(hash) === undefined) this.#waiting.delete(hash);
    this.repeat();
  }
}
