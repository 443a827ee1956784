// A block's way through this node, and with it each transaction's, as log lines that share `digest`: at debug level the
// block's, at trace level one with the hashes of its transactions. Costs one check where those levels are off.
import type { Clock } from "./clock.ts";
import { keccak256Hex } from "./crypto/keccak.ts";
import type { Log } from "./log.ts";
import type { SealedBlock } from "./types/block.ts";
import type { Digest } from "./types/brands.ts";

/** Least time between two log lines that say how far the chain has come. */
const progressIntervalMs = 10_000;

export class BlockTrail {
  readonly #log: Log;
  readonly #clock: Clock;
  /** Transactions committed since the last report, and when the next one is due. */
  #progress = { transactions: 0, reportAtMs: 0 };

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  built(block: SealedBlock): void {
    this.#note(block, "proposing a block");
    this.#noteTransactions(block);
  }

  verified(block: SealedBlock, verdict: string): void {
    this.#note(block, "verified a proposal", { verdict });
  }

  executed(block: SealedBlock, executionHash: Digest): void {
    this.#note(block, "executed", { executionHash });
    this.#noteTransactions(block);
  }

  /** Each block at debug level; now and then, at info level, how far the chain has come. */
  committed(block: SealedBlock): void {
    this.#note(block, "committed");
    this.#progress.transactions += block.transactions.length;
    const now = this.#clock.monotonicMs();
    if (now < this.#progress.reportAtMs) return;
    const { height, view } = block.header;
    this.#log.info({ height, view, transactions: this.#progress.transactions }, "the chain grows");
    this.#progress = { transactions: 0, reportAtMs: now + progressIntervalMs };
  }

  /** Which transactions stand in which block: the one line that has the ids of both. */
  #noteTransactions({ digest, header, transactions }: SealedBlock): void {
    if (transactions.length === 0 || !this.#log.isLevelEnabled("trace")) return;
    const hashes = transactions.map((raw) => keccak256Hex(raw));
    this.#log.trace({ height: header.height, digest, transactions: hashes }, "what the block holds");
  }

  #note(
    { digest, header, transactions }: SealedBlock,
    message: string,
    facts?: Readonly<Record<string, string>>,
  ): void {
    if (!this.#log.isLevelEnabled("debug")) return;
    const { height, view } = header;
    this.#log.debug({ height, view, digest, transactions: transactions.length, ...facts }, message);
  }
}
