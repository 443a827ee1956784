// eth_subscribe: what is new is sent without being asked. A text that goes to several subscribers is made once.
import { randomBytes } from "node:crypto";
import { rpcSocketSubscriptionsMax } from "../config/limits.ts";
import type { LogFilter } from "../execution/chainReader.ts";
import type { ExecutedBlock } from "../execution/engine.ts";
import { matchesLog } from "../execution/store/blockStore.ts";
import type { Digest, Hex } from "../types/brands.ts";
import { unreachable } from "../types/errors.ts";
import { hexOf } from "../types/hex.ts";
import type { Transaction } from "../types/transaction.ts";
import { formatHeader, formatLog, formatReceipts, formatTransaction, logsOf } from "./format.ts";
import { RpcError, serverErrorCode } from "./rpcError.ts";
import type { Session } from "./session.ts";

export type Topic =
  | { readonly kind: "newHeads" }
  | { readonly kind: "logs"; readonly filter: Pick<LogFilter, "addresses" | "topics"> }
  | { readonly kind: "newPendingTransactions"; readonly full: boolean }
  /** Receipts of each block in one message; `hashes` undefined for all of them. */
  | { readonly kind: "transactionReceipts"; readonly hashes: ReadonlySet<Digest> | undefined };

interface Subscription {
  readonly id: Hex;
  readonly session: Session;
  readonly topic: Topic;
}

export class Subscriptions {
  readonly #all = new Map<Hex, Subscription>();
  #pendingCount = 0;

  get size(): number {
    return this.#all.size;
  }

  add(session: Session, topic: Topic): Hex {
    if (session.subscriptions.size >= rpcSocketSubscriptionsMax) {
      throw new RpcError(
        serverErrorCode,
        `this connection has ${rpcSocketSubscriptionsMax} subscriptions already; eth_unsubscribe from some`,
      );
    }
    const id = hexOf(randomBytes(16));
    this.#all.set(id, { id, session, topic });
    session.subscriptions.add(id);
    if (topic.kind === "newPendingTransactions") this.#pendingCount++;
    return id;
  }

  remove(session: Session, id: Hex): boolean {
    if (!session.subscriptions.delete(id)) return false;
    if (this.#all.get(id)?.topic.kind === "newPendingTransactions") this.#pendingCount--;
    return this.#all.delete(id);
  }

  /** Forgets all subscriptions of a connection that ended. */
  removeAll(session: Session): void {
    for (const id of [...session.subscriptions]) this.remove(session, id);
  }

  onCommitted(block: ExecutedBlock): void {
    if (this.#all.size === this.#pendingCount) return;
    const texts = new BlockTexts(block);
    for (const subscription of this.#all.values()) {
      for (const result of texts.resultsFor(subscription.topic)) notify(subscription, result);
    }
  }

  onAdmitted(transaction: Transaction): void {
    if (this.#pendingCount === 0) return;
    for (const subscription of this.#all.values()) {
      const { topic } = subscription;
      if (topic.kind !== "newPendingTransactions") continue;
      notify(subscription, JSON.stringify(topic.full ? formatTransaction(transaction, undefined) : transaction.hash));
    }
  }
}

function notify({ id, session }: Subscription, result: string): void {
  session.send(`{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"${id}","result":${result}}}`);
}

/** JSON of a block's parts, each made at most once. */
class BlockTexts {
  readonly #block: ExecutedBlock;
  #header: string | undefined;
  #receipts: { readonly hash: Digest; readonly text: string }[] | undefined;
  #logs: { readonly located: ReturnType<typeof logsOf>[number]; readonly text: string }[] | undefined;

  constructor(block: ExecutedBlock) {
    this.#block = block;
  }

  resultsFor(topic: Topic): string[] {
    switch (topic.kind) {
      case "newHeads":
        this.#header ??= JSON.stringify(formatHeader(this.#block.header, this.#block.executionHash));
        return [this.#header];
      case "logs":
        this.#logs ??= logsOf(this.#block).map((located) => ({ located, text: JSON.stringify(formatLog(located)) }));
        return this.#logs.filter(({ located }) => matchesLog(topic.filter, located.log)).map(({ text }) => text);
      case "transactionReceipts": {
        this.#receipts ??= formatReceipts(this.#block).map((each) => ({
          hash: each.transactionHash,
          text: JSON.stringify(each),
        }));
        const wanted = this.#receipts.filter(({ hash }) => topic.hashes === undefined || topic.hashes.has(hash));
        return wanted.length === 0 ? [] : [`[${wanted.map(({ text }) => text).join(",")}]`];
      }
      case "newPendingTransactions":
        return [];
      default:
        return unreachable(topic);
    }
  }
}
