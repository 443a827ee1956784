// Time to finality as the participants had it: from handing a transaction to a validator until its block was announced.
import type { FollowedBlock } from "./follow.ts";

export interface Timing {
  sent(hash: string, atMs: number): void;
  take(block: FollowedBlock): void;
  readonly latenciesMs: readonly number[];
  readonly transactions: number;
  readonly blocks: number;
  /** From the first block with a transaction to the last. */
  readonly seconds: number;
}

export function createTiming(): Timing {
  const sentAt = new Map<string, number>();
  const finalAt = new Map<string, number>();
  const latenciesMs: number[] = [];
  let transactions = 0;
  let blocks = 0;
  let firstMs: number | undefined;
  let lastMs = 0;
  return {
    latenciesMs,
    get transactions() {
      return transactions;
    },
    get blocks() {
      return blocks;
    },
    get seconds() {
      return (lastMs - (firstMs ?? lastMs)) / 1_000;
    },
    sent(hash, atMs) {
      // A transaction that is sent again counts from the first time. The news may come after the block's.
      if (sentAt.has(hash)) return;
      sentAt.set(hash, atMs);
      const final = finalAt.get(hash);
      if (final !== undefined) latenciesMs.push(final - atMs);
    },
    take({ transactionHashes, finalAtMs }) {
      blocks++;
      transactions += transactionHashes.length;
      if (transactionHashes.length > 0) {
        firstMs ??= finalAtMs;
        lastMs = finalAtMs;
      }
      for (const hash of transactionHashes) {
        finalAt.set(hash, finalAtMs);
        const sent = sentAt.get(hash);
        if (sent !== undefined) latenciesMs.push(finalAtMs - sent);
      }
    },
  };
}
