// Polled filters. A filter is a place in the chain, or in the list of admitted transactions: what is new since then
// is looked up when somebody asks, so that filters that nobody polls cost nothing.
import { randomBytes } from "node:crypto";
import { rpcFilterIdleMs, rpcFilterPollBlocksMax, rpcFiltersMax, rpcPendingHashesMax } from "../config/limits.ts";
import type { ChainReader, LocatedLog, LogFilter } from "../execution/chainReader.ts";
import { type Digest, Height, type Hex } from "../types/brands.ts";
import { hexOf } from "../types/hex.ts";
import { RpcError, serverErrorCode } from "./rpcError.ts";

export type Filter =
  | { readonly kind: "block" }
  | { readonly kind: "pending" }
  /** `toHeight` undefined follows the chain. */
  | { readonly kind: "log"; readonly criteria: LogCriteria };

export interface LogCriteria extends Pick<LogFilter, "addresses" | "topics"> {
  readonly fromHeight: Height;
  readonly toHeight: Height | undefined;
}

interface Entry {
  readonly filter: Filter;
  /** Next height, or next number of an admission, to report. */
  next: number;
  polledAtMs: number;
}

export type Changes =
  | { readonly kind: "hashes"; readonly hashes: readonly Digest[] }
  | { readonly kind: "logs"; readonly logs: readonly LocatedLog[] };

export class Filters {
  readonly #chain: ChainReader;
  readonly #nowMs: () => number;
  readonly #entries = new Map<Hex, Entry>();
  /** The latest admissions; the last one has number `#admissions` − 1. */
  readonly #hashes: Digest[] = [];
  #admissions = 0;

  /** @param nowMs a clock that never goes back */
  constructor(chain: ChainReader, nowMs: () => number) {
    this.#chain = chain;
    this.#nowMs = nowMs;
  }

  create(filter: Filter): Hex {
    this.#forgetIdle();
    if (this.#entries.size >= rpcFiltersMax) {
      throw new RpcError(
        serverErrorCode,
        `${rpcFiltersMax} filters exist already; uninstall some, or use eth_subscribe over WebSocket`,
      );
    }
    const id = hexOf(randomBytes(16));
    this.#entries.set(id, { filter, next: this.#start(filter), polledAtMs: this.#nowMs() });
    return id;
  }

  remove(id: Hex): boolean {
    return this.#entries.delete(id);
  }

  /** What is new since the last time, or a first part of it when that is long. */
  changes(id: Hex): Changes {
    const entry = this.#entry(id);
    switch (entry.filter.kind) {
      case "block":
        return { kind: "hashes", hashes: this.#newBlocks(entry) };
      case "pending":
        return { kind: "hashes", hashes: this.#newAdmissions(entry) };
      case "log":
        return { kind: "logs", logs: this.#newLogs(entry, entry.filter.criteria) };
    }
  }

  /** The criteria of a log filter. */
  criteria(id: Hex): LogCriteria {
    const { filter } = this.#entry(id);
    if (filter.kind === "log") return filter.criteria;
    throw new RpcError(serverErrorCode, `filter ${id} is no log filter; eth_getFilterChanges serves it`);
  }

  onAdmitted(hash: Digest): void {
    this.#hashes[this.#admissions++ % rpcPendingHashesMax] = hash;
  }

  #start(filter: Filter): number {
    switch (filter.kind) {
      case "block":
        return this.#chain.height + 1;
      case "pending":
        return this.#admissions;
      case "log":
        return Math.max(filter.criteria.fromHeight, this.#chain.height + 1);
    }
  }

  #entry(id: Hex): Entry {
    this.#forgetIdle();
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      throw new RpcError(
        serverErrorCode,
        `filter not found: ${id} was never installed here, or nobody polled it for ${rpcFilterIdleMs / 1000} seconds; install it again`,
      );
    }
    entry.polledAtMs = this.#nowMs();
    // The map stays in the order of the last polls, so that idle filters stand in front.
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    return entry;
  }

  #forgetIdle(): void {
    const horizon = this.#nowMs() - rpcFilterIdleMs;
    for (const [id, entry] of this.#entries) {
      if (entry.polledAtMs >= horizon) break;
      this.#entries.delete(id);
    }
  }

  #newBlocks(entry: Entry): Digest[] {
    const hashes: Digest[] = [];
    for (; entry.next <= this.#chain.height && hashes.length < rpcFilterPollBlocksMax; entry.next++) {
      const block = this.#chain.blockAt(Height(entry.next));
      if (block !== undefined) hashes.push(block.executionHash);
    }
    return hashes;
  }

  #newAdmissions(entry: Entry): Digest[] {
    const hashes: Digest[] = [];
    entry.next = Math.max(entry.next, this.#admissions - rpcPendingHashesMax);
    for (; entry.next < this.#admissions; entry.next++) {
      const hash = this.#hashes[entry.next % rpcPendingHashesMax];
      if (hash !== undefined) hashes.push(hash);
    }
    return hashes;
  }

  #newLogs(entry: Entry, { addresses, topics, toHeight }: LogCriteria): readonly LocatedLog[] {
    const end = Math.min(this.#chain.height, toHeight ?? this.#chain.height, entry.next + rpcFilterPollBlocksMax - 1);
    if (entry.next > end) return [];
    const logs = this.#chain.logs({ fromHeight: Height(entry.next), toHeight: Height(end), addresses, topics });
    entry.next = end + 1;
    return logs;
  }
}
