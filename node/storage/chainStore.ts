// Finalized consensus blocks with their finalizations, by height and by digest. Served to validators that catch up,
// until the retention horizon, and to JSON-RPC for certificates. A block is here at the latest when the application
// has committed it and both are flushed; until then the write-ahead log has it.
import { blocksPerMessageMax, blockTransactionsWireMax } from "../config/limits.ts";
import type { FinalizedBlock, SealedBlock } from "../types/block.ts";
import { decodeBlock, encodeBlock } from "../types/blockCodec.ts";
import { BoundedMap } from "../types/boundedMap.ts";
import { type Digest, Height } from "../types/brands.ts";
import type { Finalization } from "../types/certificate.ts";
import { bytesOf } from "../types/hex.ts";
import { RlpReader } from "../types/rlpReader.ts";
import { decodeCertificate, encodeCertificate } from "../types/voteCodec.ts";
import type { ConsensusTables, Table } from "./consensusTables.ts";

/** Blocks removed beside each one written, until those past the horizon are gone. */
const prunedPerWriteMax = 2;

export class ChainStore {
  readonly #database: ConsensusTables;
  readonly #blocks: Table<Uint8Array, number>;
  readonly #finalizations: Table<Uint8Array, number>;
  readonly #heights: Table<Uint8Array, Buffer>;
  /** One entry: what the newest block was committed with. */
  readonly #latest: Table<Uint8Array, number>;
  readonly #retentionBlocks: number;
  /** Written last: LMDB shows them only after its own commit. */
  readonly #recent = new BoundedMap<Height, FinalizedBlock>(blocksPerMessageMax);
  #lowest: Height;
  #highest: Height | undefined;

  constructor(database: ConsensusTables, retentionBlocks: number) {
    this.#database = database;
    this.#blocks = database.numbered("blocks");
    this.#finalizations = database.numbered("finalizations");
    this.#heights = database.keyed("heights");
    this.#latest = database.numbered("latestFinalization");
    this.#retentionBlocks = retentionBlocks;
    const [lowest] = [...this.#blocks.getKeys({ limit: 1 })];
    const [highest] = [...this.#blocks.getKeys({ limit: 1, reverse: true })];
    this.#lowest = Height(lowest ?? 1);
    this.#highest = highest === undefined ? undefined : Height(highest);
  }

  /** Height of the highest block held, if any. */
  get highest(): Height | undefined {
    return this.#highest;
  }

  /** Keeps a committed block. `finalization` names it or a descendant; only its own is kept with it. */
  put(block: SealedBlock, finalization: Finalization | undefined): void {
    const { height } = block.header;
    const own = finalization?.vote.digest === block.digest ? finalization : undefined;
    this.#recent.set(height, { block, finalization: own });
    if (this.#highest === undefined || height > this.#highest) this.#highest = height;
    const heightBytes = Buffer.alloc(8);
    heightBytes.writeBigUInt64BE(BigInt(height));
    this.#database.write(() => {
      this.#blocks.put(height, encodeBlock(block));
      if (finalization !== undefined) this.#latest.put(0, encodeCertificate(finalization));
      if (own !== undefined) this.#finalizations.put(height, encodeCertificate(own));
      this.#heights.put(Buffer.from(bytesOf(block.digest)), heightBytes);
      this.#prune(height);
    });
  }

  #prune(height: Height): void {
    for (let i = 0; i < prunedPerWriteMax && this.#lowest + this.#retentionBlocks <= height; i++) {
      const block = this.at(this.#lowest);
      if (block !== undefined) this.#heights.remove(Buffer.from(bytesOf(block.block.digest)));
      this.#blocks.remove(this.#lowest);
      this.#finalizations.remove(this.#lowest);
      this.#lowest = Height(this.#lowest + 1);
    }
  }

  at(height: Height): FinalizedBlock | undefined {
    const recent = this.#recent.get(height);
    if (recent !== undefined) return recent;
    const bytes = this.#blocks.get(height);
    if (bytes === undefined) return undefined;
    return { block: decodeBlock(new RlpReader(bytes)), finalization: this.finalizationAt(height) };
  }

  /** The block's own finalization; undefined also when it became final through a descendant. */
  finalizationAt(height: Height): Finalization | undefined {
    const recent = this.#recent.get(height);
    if (recent !== undefined) return recent.finalization;
    const bytes = this.#finalizations.get(height);
    return bytes === undefined ? undefined : (decodeCertificate(new RlpReader(bytes)) as Finalization);
  }

  /** The finalization of the newest block, or of the descendant with which it became final. */
  latestFinalization(): Finalization | undefined {
    const bytes = this.#latest.get(0);
    return bytes === undefined ? undefined : (decodeCertificate(new RlpReader(bytes)) as Finalization);
  }

  byDigest(digest: Digest): FinalizedBlock | undefined {
    for (const recent of this.#recent.values()) if (recent.block.digest === digest) return recent;
    const height = this.#heights.get(Buffer.from(bytesOf(digest)));
    return height === undefined ? undefined : this.at(Height(Number(Buffer.from(height).readBigUInt64BE())));
  }

  /** Ascending from `fromHeight`, ending before `count`, `bytesMax` or what a message holds (but at least one), or the
   * end. */
  range(fromHeight: Height, count: number, bytesMax: number): FinalizedBlock[] {
    const found: FinalizedBlock[] = [];
    let [bytes, transactions] = [0, 0];
    for (let height = fromHeight; height < fromHeight + count; height = Height(height + 1)) {
      const block = this.at(height);
      if (block === undefined) break;
      bytes += block.block.bytes;
      transactions += block.block.transactions.length;
      if (found.length > 0 && (bytes > bytesMax || transactions > blockTransactionsWireMax)) break;
      found.push(block);
    }
    return found;
  }
}
