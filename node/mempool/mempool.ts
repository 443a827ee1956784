// The transactions that wait to be ordered. It promises the rest of the node that what it hands out is valid by
// itself, permitted and in nonce order on the state it is asked about, and that it never outgrows its limits.
// Everything here is synchronous; the same calls in the same order leave the same mempool.
import {
  mempoolBytesMax,
  mempoolExecutedHashesMax,
  mempoolGapHeightsMax,
  mempoolNonceWindowMax,
  mempoolTransactionsMax,
} from "../config/limits.ts";
import type { ExecutedBlock, StateView } from "../execution/engine.ts";
import type { MempoolReader, Unsubscribe } from "../rpc/backend.ts";
import type { AdmissionResult } from "../types/application.ts";
import { BoundedMap } from "../types/boundedMap.ts";
import type { Address, Digest } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";
import type { Transaction } from "../types/transaction.ts";
import type { AllowList } from "./allowList.ts";
import { SenderQueue } from "./senderQueue.ts";
import type { TransactionCache } from "./transactionCache.ts";
import { rlpPrefixBytesMax } from "./validity.ts";

/** The part of a state that admission and packing read. */
export type SenderState = Pick<StateView, "nonceOf" | "balanceOf" | "storageAt">;

export interface PackingLimits {
  /** Sum of the raw transactions and the RLP prefixes they get in a block. */
  readonly bytesMax: number;
  /** Sum of the gas limits. */
  readonly gasMax: number;
  readonly transactionsMax: number;
  readonly senderTransactionsMax: number;
}

/** The state after the last commit. */
export type TipState = SenderState & Pick<StateView, "height">;

type AdmittedListener = (transaction: Transaction, origin: "client" | "peer") => void;

export class Mempool implements MempoolReader {
  readonly #cache: TransactionCache;
  readonly #allowList: AllowList;
  /** In order of arrival, which is the order of packing. */
  readonly #waiting = new Map<Digest, Transaction>();
  readonly #queues = new Map<Address, SenderQueue>();
  /** Senders with a gap, the one that had it longest first: they make room when the mempool is full. */
  readonly #gapped = new Set<Address>();
  readonly #executed = new BoundedMap<Digest, true>(mempoolExecutedHashesMax);
  readonly #admittedListeners = new Set<AdmittedListener>();
  readonly #executableListeners = new Set<() => void>();
  #tip: SenderState;
  #height: number;
  #bytes = 0;
  #revision = 0;

  constructor(cache: TransactionCache, allowList: AllowList, tip: TipState) {
    this.#cache = cache;
    this.#allowList = allowList;
    this.#tip = tip;
    this.#height = tip.height;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Raw bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What of it can be executed on the committed state: not what waits behind a missing nonce. */
  get executable(): { readonly transactions: number; readonly bytes: number } {
    let transactions = this.size;
    let bytes = this.#bytes;
    for (const sender of this.#gapped) {
      const behind = this.#queues.get(sender)?.behindGap;
      transactions -= behind?.transactions ?? 0;
      bytes -= behind?.bytes ?? 0;
    }
    return { transactions, bytes };
  }

  /** Changes whenever an answer of `select` may have changed. */
  get revision(): number {
    return this.#revision;
  }

  transaction(hash: Digest): Transaction | undefined {
    return this.#waiting.get(hash);
  }

  pendingNonceOf(sender: Address): number {
    return this.#queues.get(sender)?.nextNonce ?? this.#tip.nonceOf(sender);
  }

  onAdmitted(listener: AdmittedListener): Unsubscribe {
    this.#admittedListeners.add(listener);
    return () => this.#admittedListeners.delete(listener);
  }

  /** Called whenever an admission made a transaction executable on the committed state. */
  onExecutable(listener: () => void): Unsubscribe {
    this.#executableListeners.add(listener);
    return () => this.#executableListeners.delete(listener);
  }

  /** Never throws for what the sender did wrong: that comes back as an `AllotError`. */
  admit(raw: Uint8Array, origin: "client" | "peer"): AdmissionResult {
    try {
      this.#cache.checkSize(raw);
      const hash = this.#cache.hashOf(raw);
      if (this.#waiting.has(hash) || this.#executed.has(hash)) return { admitted: true, hash, known: true };
      this.#admitNew(this.#cache.decode(raw, hash), origin);
      return { admitted: true, hash, known: false };
    } catch (error) {
      if (error instanceof AllotError) return { admitted: false, error };
      throw error;
    }
  }

  /**
   * Transactions in the order of their arrival that can follow each other on `state`: nonces consecutive from the
   * sender's nonce there, senders permitted there, within the limits. One arrival entitles its sender to one place,
   * which its lowest missing nonce takes: so transactions that came out of order do not wait for another block.
   */
  select(state: SenderState, limits: PackingLimits): Transaction[] {
    const selected: Transaction[] = [];
    /** Next nonce of each sender met; undefined for one that may not send. */
    const nextNonces = new Map<Address, { next: number; used: number } | undefined>();
    let bytes = 0;
    let gas = 0;
    for (const { sender } of this.#waiting.values()) {
      if (selected.length >= limits.transactionsMax) break;
      let place = nextNonces.get(sender);
      if (place === undefined) {
        if (nextNonces.has(sender)) continue;
        if (this.#allowList.permits(state, sender)) place = { next: state.nonceOf(sender), used: 0 };
        nextNonces.set(sender, place);
        if (place === undefined) continue;
      }
      if (place.used >= limits.senderTransactionsMax) continue;
      const transaction = this.#queues.get(sender)?.at(place.next);
      if (transaction === undefined) continue;
      const size = transaction.raw.length + rlpPrefixBytesMax;
      if (bytes + size > limits.bytesMax || gas + transaction.gasLimit > limits.gasMax) continue;
      bytes += size;
      gas += transaction.gasLimit;
      place.next++;
      place.used++;
      selected.push(transaction);
    }
    return selected;
  }

  /** True when `select` would return something. */
  isExecutable(state: SenderState, limits: PackingLimits): boolean {
    return this.select(state, { ...limits, transactionsMax: 1 }).length > 0;
  }

  /** Follows a commit: `ordered` is what the block carried, `tip` the state after it. What was ordered is gone, also
   * when execution skipped it: its effects in that place were its chance, and its sender may send it again. */
  onCommitted(block: ExecutedBlock, ordered: readonly Transaction[], tip: TipState): void {
    this.#tip = tip;
    this.#height = tip.height;
    this.#revision++;
    for (const { hash } of block.transactions) this.#executed.set(hash, true);
    const senders = new Set<Address>();
    for (const transaction of ordered) {
      senders.add(transaction.sender);
      this.#drop(transaction);
    }
    for (const sender of senders) this.#recheck(sender);
    if (this.#height % mempoolGapHeightsMax === 0) this.#dropOldGaps();
  }

  #admitNew(transaction: Transaction, origin: "client" | "peer"): void {
    const { sender, nonce } = transaction;
    if (!this.#allowList.permitsCommitted(this.#tip, sender)) {
      throw new AllotError(
        "SENDER_NOT_PERMITTED",
        { sender },
        `${sender} is not on this network's allow-list; ask an operator to admit it to an organisation`,
      );
    }
    const queue = this.#queues.get(sender);
    this.#checkNonce(transaction, queue);
    this.#checkBalance(transaction);
    this.#makeRoom(transaction, queue);
    const place = this.#queues.get(sender) ?? new SenderQueue(this.#tip.nonceOf(sender), this.#height);
    this.#queues.set(sender, place);
    const replaced = place.put(transaction);
    if (replaced !== undefined) this.#forget(replaced);
    place.touchedAt = this.#height;
    this.#waiting.set(transaction.hash, transaction);
    this.#revision++;
    this.#bytes += transaction.raw.length;
    this.#noteGap(sender, place);
    for (const listener of this.#admittedListeners) listener(transaction, origin);
    if (nonce < place.nextNonce) for (const listener of this.#executableListeners) listener();
  }

  #checkNonce({ sender, nonce }: Transaction, queue: SenderQueue | undefined): void {
    const base = queue?.base ?? this.#tip.nonceOf(sender);
    if (nonce < base) {
      throw new AllotError(
        "NONCE_TOO_LOW",
        { sender, nonce, expected: base },
        `nonce too low: ${sender} has used nonce ${nonce} already; its next one is ${queue?.nextNonce ?? base}`,
      );
    }
    if (nonce >= base + mempoolNonceWindowMax) {
      throw new AllotError(
        "NONCE_TOO_HIGH",
        { sender, nonce, expected: queue?.nextNonce ?? base, mempoolNonceWindowMax },
        `nonce too high: ${nonce} is ${mempoolNonceWindowMax} or more above the ${base} that ${sender} has reached; ` +
          `send ${queue?.nextNonce ?? base} first`,
      );
    }
    // No fees, so nothing can outbid: what is next in line stays. Behind a gap nobody relies on the order yet.
    const taken = queue?.at(nonce);
    if (taken !== undefined && nonce < (queue?.nextNonce ?? base)) {
      throw new AllotError(
        "NONCE_TAKEN",
        { sender, nonce, waiting: taken.hash },
        `another transaction of ${sender} with nonce ${nonce} (${taken.hash}) waits to be ordered and cannot be ` +
          `replaced; use nonce ${queue?.nextNonce ?? base}`,
      );
    }
  }

  #checkBalance({ sender, value }: Transaction): void {
    if (value === 0n) return;
    const balance = this.#tip.balanceOf(sender);
    if (value > balance) {
      throw new AllotError(
        "INSUFFICIENT_FUNDS",
        { sender, value, balance },
        `insufficient funds: ${sender} holds ${balance} and the transaction sends ${value}`,
      );
    }
  }

  #makeRoom(transaction: Transaction, queue: SenderQueue | undefined): void {
    const executable = transaction.nonce === (queue?.nextNonce ?? this.#tip.nonceOf(transaction.sender));
    const full = () =>
      this.#waiting.size >= mempoolTransactionsMax || this.#bytes + transaction.raw.length > mempoolBytesMax;
    while (full()) {
      const victim = executable ? this.#gapped.values().next().value : undefined;
      const last = victim === undefined ? undefined : this.#queues.get(victim)?.last();
      if (last === undefined) {
        throw new AllotError(
          "MEMPOOL_FULL",
          { transactions: this.#waiting.size, bytes: this.#bytes, mempoolTransactionsMax, mempoolBytesMax },
          `the mempool is full (${this.#waiting.size} transactions wait); send again in a moment`,
        );
      }
      this.#drop(last);
    }
  }

  /** Takes a transaction out if exactly this one waits. */
  #drop(transaction: Transaction): void {
    if (!this.#waiting.has(transaction.hash)) return;
    const queue = this.#queues.get(transaction.sender);
    queue?.remove(transaction.nonce);
    this.#forget(transaction);
    if (queue !== undefined) this.#noteGap(transaction.sender, queue);
  }

  #forget(transaction: Transaction): void {
    if (this.#waiting.delete(transaction.hash)) this.#bytes -= transaction.raw.length;
  }

  /** Keeps `gapped` right, and forgets a queue with nothing in it. */
  #noteGap(sender: Address, queue: SenderQueue): void {
    if (queue.hasGap) this.#gapped.add(sender);
    else this.#gapped.delete(sender);
    if (queue.count === 0) this.#queues.delete(sender);
  }

  #recheck(sender: Address): void {
    const queue = this.#queues.get(sender);
    if (queue === undefined) return;
    for (const passed of queue.advance(this.#tip.nonceOf(sender))) this.#forget(passed);
    queue.touchedAt = this.#height;
    for (const transaction of [...queue]) {
      if (transaction.value > 0n && transaction.value > this.#tip.balanceOf(sender)) this.#drop(transaction);
    }
    this.#noteGap(sender, queue);
  }

  #dropOldGaps(): void {
    for (const sender of [...this.#gapped]) {
      const queue = this.#queues.get(sender);
      if (queue === undefined || queue.touchedAt + mempoolGapHeightsMax > this.#height) continue;
      for (const each of [...queue]) if (each.nonce >= queue.nextNonce) this.#drop(each);
    }
  }
}
