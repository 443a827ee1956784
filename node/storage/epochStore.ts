// Where each epoch after the first starts: the last block of the one before, and what made that final. Handed to
// validators that stand in an earlier epoch, proven to light clients, and read at a start. Kept for good: an entry is a
// certificate and, rarely, a few empty blocks.

import type { SealedBlock } from "../types/block.ts";
import { decodeBlock, encodeBlock } from "../types/blockCodec.ts";
import { type Digest, type Epoch, Height, View } from "../types/brands.ts";
import type { Finalization } from "../types/certificate.ts";
import type { EpochBase } from "../types/epochBase.ts";
import { bytesOf } from "../types/hex.ts";
import { RlpReader } from "../types/rlpReader.ts";
import { encodeCount, encodeHex, encodeList } from "../types/rlpWriter.ts";
import { decodeCertificate, decodeDigest, encodeCertificate } from "../types/voteCodec.ts";
import type { ConsensusTables, Table } from "./consensusTables.ts";

/** How an epoch came to its end. */
export interface Handover {
  /** The last block of the epoch that ended: the next one starts from it. */
  readonly base: EpochBase;
  /** Signed by a quorum of the epoch that ended. It names the last block, or the last of `tail`. */
  readonly finalization: Finalization;
  /** Blocks behind the last one, each the child of the one before. */
  readonly tail: readonly SealedBlock[];
}

export class EpochStore {
  readonly #database: ConsensusTables;
  readonly #handovers: Table<Uint8Array, number>;
  readonly #tails: Table<Uint8Array, Buffer>;
  /** LMDB shows what was written last only after its own commit. */
  #latest: { readonly epoch: Epoch; readonly handover: Handover } | undefined;

  constructor(database: ConsensusTables) {
    this.#database = database;
    this.#handovers = database.numbered("handovers");
    this.#tails = database.keyed("tailBlocks");
  }

  /** Remembers from what `epoch`, not the first, starts. Durable with the database's next flush. */
  put(epoch: Epoch, handover: Handover): void {
    const { base, finalization, tail } = handover;
    this.#latest = { epoch, handover };
    this.#database.write(() => {
      const fields = [encodeHex(base.digest), encodeCount(base.view), encodeCount(base.height)];
      const blocks = encodeList(tail.map(encodeBlock));
      this.#handovers.put(epoch, encodeList([...fields, encodeCertificate(finalization), blocks]));
      for (const block of tail) this.#tails.put(Buffer.from(bytesOf(block.digest)), encodeBlock(block));
    });
  }

  /** What `epoch` starts from; undefined for the first, and for one that has not begun here. */
  at(epoch: Epoch): Handover | undefined {
    if (this.#latest?.epoch === epoch) return this.#latest.handover;
    const bytes = this.#handovers.get(epoch);
    if (bytes === undefined) return undefined;
    const fields = new RlpReader(bytes).list("a handover");
    const base = {
      digest: decodeDigest(fields, "the digest of an epoch's last block"),
      view: View(fields.count("the view of an epoch's last block")),
      height: Height(fields.count("the height of an epoch's last block")),
    };
    const finalization = decodeCertificate(fields) as Finalization;
    const tail: SealedBlock[] = [];
    for (const list = fields.list("tail blocks"); !list.atEnd; ) tail.push(decodeBlock(list));
    return { base, finalization, tail };
  }

  tailBlock(digest: Digest): SealedBlock | undefined {
    const recent = this.#latest?.handover.tail.find((block) => block.digest === digest);
    if (recent !== undefined) return recent;
    const bytes = this.#tails.get(Buffer.from(bytesOf(digest)));
    return bytes === undefined ? undefined : decodeBlock(new RlpReader(bytes));
  }
}
