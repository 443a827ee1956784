// Committed blocks with their receipts, for whichever engine executed them. The index of transactions is written
// some blocks at a time, since its keys lie at random; until then it is in memory.
import { executedBlockCacheMax, logQueryBlocksMax, logQueryResultsMax } from "../../config/limits.ts";
import { type Digest, Height } from "../../types/brands.ts";
import { AllotError, InvariantError } from "../../types/errors.ts";
import { mayContain } from "../bloom.ts";
import { hexToBytes } from "../bytes.ts";
import type { ChainReader, LocatedLog, LocatedTransaction, LogFilter } from "../chainReader.ts";
import type { ExecutedBlock } from "../engine.ts";
import type { Log } from "../receipt.ts";
import { encodeStoredReceipts } from "../receiptEncoding.ts";
import { decodeBlock, encodeBlockRecord, encodeTransactions } from "./blockEncoding.ts";
import type { ExecutionDatabase } from "./database.ts";
import { GenerationalCache } from "./generationalCache.ts";

interface Location {
  readonly height: Height;
  readonly index: number;
}

export class BlockStore implements ChainReader {
  readonly #database: ExecutionDatabase;
  readonly #cache = new GenerationalCache<Height, ExecutedBlock>(executedBlockCacheMax / 2);
  /** Transactions of committed blocks that the table does not list yet. */
  readonly #unlisted = new Map<Digest, Location>();
  #tip: ExecutedBlock | undefined;

  /** Reads the last committed block; blocks above `indexed` are put back into the index in memory. */
  constructor(database: ExecutionDatabase, indexed: number) {
    this.#database = database;
    const tip = database.meta("tip");
    if (tip === undefined) return;
    this.#tip = this.#read(Height(Number(tip)));
    for (let height = indexed + 1; height <= Number(tip); height++) {
      const block = this.blockAt(Height(height));
      if (block !== undefined) this.#remember(block);
    }
  }

  get isEmpty(): boolean {
    return this.#tip === undefined;
  }

  get tip(): ExecutedBlock {
    if (this.#tip === undefined) throw new InvariantError("NO_GENESIS", {}, "the block store has no genesis yet");
    return this.#tip;
  }

  get height(): Height {
    return this.tip.context.height;
  }

  /** Only inside `ExecutionDatabase.write`. */
  put(block: ExecutedBlock): void {
    const { height, digest } = block.context;
    const { blocks, transactions, receipts, blooms, heights } = this.#database;
    blocks.put(height, encodeBlockRecord(block));
    if (block.transactions.length > 0) {
      transactions.put(height, encodeTransactions(block.transactions));
      receipts.put(height, encodeStoredReceipts(block.receipts));
    }
    if (block.receipts.some((receipt) => receipt.logs.length > 0)) {
      blooms.put(height, hexToBytes(block.header.logsBloom));
    }
    const value = Buffer.alloc(4);
    value.writeUInt32BE(height);
    heights.put(Buffer.from(digest.slice(2), "hex"), value);
    heights.put(Buffer.from(block.executionHash.slice(2), "hex"), value);
    this.#database.setMeta("tip", String(height));
  }

  /** Shows a block that has been written to the readers. */
  publish(block: ExecutedBlock): void {
    this.#tip = block;
    this.#cache.set(block.context.height, block);
    this.#remember(block);
  }

  /** The transactions that the table does not list yet, as puts; only inside `ExecutionDatabase.write`. The returned
   * function forgets them, once that has been written. */
  putIndex(): () => void {
    const listed = [...this.#unlisted];
    for (const [hash, { height, index }] of listed) {
      const value = Buffer.alloc(8);
      value.writeUInt32BE(height, 0);
      value.writeUInt32BE(index, 4);
      this.#database.locations.put(Buffer.from(hash.slice(2), "hex"), value);
    }
    return () => {
      for (const [hash] of listed) this.#unlisted.delete(hash);
    };
  }

  blockAt(height: Height): ExecutedBlock | undefined {
    if (this.#tip === undefined || height > this.#tip.context.height) return undefined;
    const cached = this.#cache.get(height);
    if (cached !== undefined) return cached;
    const block = this.#read(height);
    this.#cache.set(height, block);
    return block;
  }

  blockByExecutionHash(hash: Digest): ExecutedBlock | undefined {
    const block = this.#byName(hash);
    return block?.executionHash === hash ? block : undefined;
  }

  blockByDigest(digest: Digest): ExecutedBlock | undefined {
    const block = this.#byName(digest);
    return block?.context.digest === digest ? block : undefined;
  }

  transactionByHash(hash: Digest): LocatedTransaction | undefined {
    const location = this.#unlisted.get(hash) ?? this.#listed(hash);
    const block = location && this.blockAt(location.height);
    const transaction = block?.transactions[location?.index ?? 0];
    const receipt = block?.receipts[location?.index ?? 0];
    if (location === undefined || block === undefined || transaction === undefined || receipt === undefined) {
      return undefined;
    }
    return { block, index: location.index, transaction, receipt };
  }

  logs(filter: LogFilter): readonly LocatedLog[] {
    const from = filter.fromHeight;
    const to = Math.min(filter.toHeight, this.height);
    if (to - from >= logQueryBlocksMax) {
      throw new AllotError(
        "LOG_RANGE_TOO_WIDE",
        { from, to, logQueryBlocksMax },
        `A log query may span ${logQueryBlocksMax} blocks, not ${to - from + 1}: ask for a shorter range.`,
      );
    }
    const found: LocatedLog[] = [];
    for (const { key: height, value: bloom } of this.#database.blooms.getRange({ start: from, end: to + 1 })) {
      if (!mayMatch(filter, bloom)) continue;
      const block = this.blockAt(Height(height));
      if (block !== undefined) collect(filter, block, found);
      if (found.length > logQueryResultsMax) {
        throw new AllotError(
          "LOGS_TOO_MANY",
          { logQueryResultsMax },
          `A log query answers with at most ${logQueryResultsMax} logs: ask for a shorter range or fewer topics.`,
        );
      }
    }
    return found;
  }

  #remember(block: ExecutedBlock): void {
    const { height } = block.context;
    for (const [index, transaction] of block.transactions.entries()) {
      this.#unlisted.set(transaction.hash, { height, index });
    }
  }

  #listed(hash: Digest): Location | undefined {
    const value = this.#database.locations.getBinary(Buffer.from(hash.slice(2), "hex"));
    return value && { height: Height(value.readUInt32BE(0)), index: value.readUInt32BE(4) };
  }

  #byName(name: Digest): ExecutedBlock | undefined {
    const value = this.#database.heights.getBinary(Buffer.from(name.slice(2), "hex"));
    return value && this.blockAt(Height(value.readUInt32BE(0)));
  }

  #read(height: Height): ExecutedBlock {
    const record = this.#database.blocks.getBinary(height);
    if (record === undefined) throw new InvariantError("BLOCK_MISSING", { height }, `the store has no block ${height}`);
    const transactions = this.#database.transactions.getBinary(height) ?? emptyList;
    const receipts = this.#database.receipts.getBinary(height) ?? emptyList;
    return decodeBlock(record, transactions, receipts);
  }
}

const emptyList = Uint8Array.of(0xc0);

function mayMatch(filter: LogFilter, bloom: Uint8Array): boolean {
  if (filter.addresses !== undefined && !filter.addresses.some((address) => mayContain(bloom, address))) return false;
  return filter.topics.every((allowed) => allowed === undefined || allowed.some((topic) => mayContain(bloom, topic)));
}

function matches(filter: LogFilter, log: Log): boolean {
  if (filter.addresses !== undefined && !filter.addresses.includes(log.address)) return false;
  return filter.topics.every((allowed, position) => {
    const topic = log.topics[position];
    return topic !== undefined && (allowed === undefined || allowed.includes(topic));
  });
}

/** Whether a log filter takes a log, its heights aside: for live subscriptions. */
export const matchesLog: (filter: Pick<LogFilter, "addresses" | "topics">, log: Log) => boolean = (filter, log) =>
  matches({ ...filter, fromHeight: Height(0), toHeight: Height(0) }, log);

function collect(filter: LogFilter, block: ExecutedBlock, found: LocatedLog[]): void {
  let logIndex = 0;
  for (const [transactionIndex, receipt] of block.receipts.entries()) {
    for (const log of receipt.logs) {
      const { transactionHash } = receipt;
      if (matches(filter, log)) found.push({ log, block, transactionHash, transactionIndex, logIndex });
      logIndex++;
    }
  }
}
