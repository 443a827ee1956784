import { receiptWaitersMax } from "../config/limits.ts";
import type { ExecutedBlock } from "../execution/engine.ts";
import type { Digest } from "../types/brands.ts";
import { formatReceipts, type JsonReceipt } from "./format.ts";
import { RpcError, serverErrorCode } from "./rpcError.ts";

type Waiter = (receipt: JsonReceipt | undefined) => void;

/** Callers that wait for a transaction's receipt instead of polling for it. */
export class ReceiptWaiters {
  readonly #waiters = new Map<Digest, Set<Waiter>>();
  #count = 0;

  /** Resolves with the receipt once a committed block carries the transaction, with undefined after `timeoutMs`. */
  wait(hash: Digest, timeoutMs: number): Promise<JsonReceipt | undefined> {
    if (this.#count >= receiptWaitersMax) {
      throw new RpcError(
        serverErrorCode,
        `${receiptWaitersMax} callers wait for receipts already; the transaction ${hash} was accepted, poll eth_getTransactionReceipt for it`,
      );
    }
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(hash) ?? new Set();
      const settle: Waiter = (receipt) => {
        clearTimeout(timer);
        if (waiters.delete(settle)) this.#count--;
        if (waiters.size === 0) this.#waiters.delete(hash);
        resolve(receipt);
      };
      const timer = setTimeout(() => settle(undefined), timeoutMs);
      timer.unref();
      waiters.add(settle);
      this.#waiters.set(hash, waiters);
      this.#count++;
    });
  }

  onCommitted(block: ExecutedBlock): void {
    if (this.#count === 0 || !block.transactions.some(({ hash }) => this.#waiters.has(hash))) return;
    for (const receipt of formatReceipts(block)) {
      for (const settle of [...(this.#waiters.get(receipt.transactionHash) ?? [])]) settle(receipt);
    }
  }
}
