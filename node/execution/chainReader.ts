import type { Address, Digest, Height } from "../types/brands.ts";
import type { Transaction } from "../types/transaction.ts";
import type { ExecutedBlock } from "./engine.ts";
import type { Log, Receipt } from "./receipt.ts";

/** Where a transaction ended up. */
export interface LocatedTransaction {
  readonly block: ExecutedBlock;
  /** Position in the executed block. */
  readonly index: number;
  readonly transaction: Transaction;
  readonly receipt: Receipt;
}

/** Both ends are included. */
export interface LogFilter {
  readonly fromHeight: Height;
  readonly toHeight: Height;
  /** Undefined matches every address. */
  readonly addresses: readonly Address[] | undefined;
  /** As in eth_getLogs: position i lists the topics allowed there; undefined matches every topic. */
  readonly topics: readonly (readonly Digest[] | undefined)[];
}

export interface LocatedLog {
  readonly log: Log;
  readonly block: ExecutedBlock;
  readonly transactionHash: Digest;
  readonly transactionIndex: number;
  /** Position among all logs of the block. */
  readonly logIndex: number;
}

/** Everything that has been committed, genesis included, for readers such as JSON-RPC. Reads are synchronous and
 * always see whole blocks. A range of logs is read block by block, and only blocks whose bloom may match are decoded. */
export interface ChainReader {
  /** Height of the last committed block. */
  readonly height: Height;
  blockAt(height: Height): ExecutedBlock | undefined;
  blockByExecutionHash(hash: Digest): ExecutedBlock | undefined;
  /** By consensus digest. */
  blockByDigest(digest: Digest): ExecutedBlock | undefined;
  transactionByHash(hash: Digest): LocatedTransaction | undefined;
  /** Matching logs in order of the chain. Throws AllotError LOGS_TOO_MANY past `logQueryResultsMax` results and
   * LOG_RANGE_TOO_WIDE past `logQueryBlocksMax` blocks. */
  logs(filter: LogFilter): readonly LocatedLog[];
}
