// Decoded transactions by hash, from admission over verification to execution: each is decoded, its sender recovered
// and its validity by itself checked once. What comes out of here is valid by itself.
import { transactionCacheMax } from "../config/limits.ts";
import { keccak256Hex } from "../crypto/keccak.ts";
import { BoundedMap } from "../types/boundedMap.ts";
import type { Digest } from "../types/brands.ts";
import { decodeTransaction } from "../types/decodeTransaction.ts";
import type { Transaction } from "../types/transaction.ts";
import { checkSize, checkValidity, type ValidityRules } from "./validity.ts";

export class TransactionCache {
  readonly #rules: ValidityRules;
  readonly #decoded = new BoundedMap<Digest, Transaction>(transactionCacheMax);

  constructor(rules: ValidityRules) {
    this.#rules = rules;
  }

  /** Throws an `AllotError` for what is too large to be a transaction, before anything is done with it. */
  checkSize(raw: Uint8Array): void {
    checkSize(raw, this.#rules);
  }

  hashOf(raw: Uint8Array): Digest {
    return keccak256Hex(raw);
  }

  has(hash: Digest): boolean {
    return this.#decoded.has(hash);
  }

  /** Throws an `AllotError` for what is no transaction or not valid by itself. `hash` is keccak256 of `raw`. */
  decode(raw: Uint8Array, hash: Digest = this.hashOf(raw)): Transaction {
    const known = this.#decoded.get(hash);
    if (known !== undefined) return known;
    this.checkSize(raw);
    const transaction = decodeTransaction(raw, hash);
    checkValidity(transaction, this.#rules);
    this.#decoded.set(hash, transaction);
    return transaction;
  }
}
