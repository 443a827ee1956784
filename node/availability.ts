// Answers the consensus core's question whether there is something to order on top of a block, at once and whenever
// the answer changes. Nothing polls: the mempool says when a transaction became executable.
import type { Application } from "./types/application.ts";
import type { Digest, Height } from "./types/brands.ts";

export type Availability = "none" | "some" | "full";

/** Transactions that wait, and where a block is full. */
export interface Backlog {
  readonly transactions: number;
  readonly bytes: number;
}

export interface AvailabilityOptions {
  readonly application: Pick<Application, "hasTransactions">;
  /** What waits in the mempool and is executable on the committed state. */
  readonly waiting: () => Backlog;
  readonly blockFull: Backlog;
  readonly report: (parent: Digest, transactions: Availability) => void;
}

export class AvailabilityWatch {
  readonly #options: AvailabilityOptions;
  #parent: Digest | undefined;
  #reported: Availability = "none";
  /** Blocks that are not committed: what is in them still stands in the mempool, but is ordered already. */
  readonly #uncommitted = new Map<Digest, Backlog & { readonly height: Height }>();
  #checkPlanned = false;

  constructor(options: AvailabilityOptions) {
    this.#options = options;
  }

  watch(parent: Digest): void {
    this.#parent = parent;
    this.#reported = "none";
    this.#reported = this.#answer(parent);
    this.#options.report(parent, this.#reported);
  }

  /** A transaction became executable. Many at once are looked at once. */
  changed(): void {
    if (this.#parent === undefined || this.#reported === "full" || this.#checkPlanned) return;
    this.#checkPlanned = true;
    queueMicrotask(() => {
      this.#checkPlanned = false;
      if (this.#parent === undefined) return;
      const answer = this.#answer(this.#parent);
      if (answer === this.#reported) return;
      this.#reported = answer;
      this.#options.report(this.#parent, answer);
    });
  }

  executed(digest: Digest, height: Height, ordered: Backlog): void {
    this.#uncommitted.set(digest, { height, ...ordered });
  }

  /** A block of this height was committed; its siblings are void. */
  committed(height: Height): void {
    for (const [digest, block] of this.#uncommitted) if (block.height <= height) this.#uncommitted.delete(digest);
  }

  #answer(parent: Digest): Availability {
    const { application, waiting, blockFull } = this.#options;
    const { transactions, bytes } = waiting();
    if (transactions === 0) return "none";
    let [freeTransactions, freeBytes] = [transactions, bytes];
    for (const ordered of this.#uncommitted.values()) {
      freeTransactions -= ordered.transactions;
      freeBytes -= ordered.bytes;
    }
    if (freeTransactions >= blockFull.transactions || freeBytes >= blockFull.bytes) return "full";
    // While something was reported, asking again cannot make it nothing: only a commit or a new parent can.
    if (this.#reported === "some") return "some";
    return application.hasTransactions(parent) ? "some" : "none";
  }
}
