// What was held about views that have left the consensus core's memory: certificates, served to validators that must
// see why views were skipped, and votes, kept for the evidence window. Losing some of it in a crash does no harm.
import type { Epoch, View } from "../types/brands.ts";
import type { Certificate } from "../types/certificate.ts";
import { RlpReader } from "../types/rlpReader.ts";
import { encodeList } from "../types/rlpWriter.ts";
import type { SignedVote, VoteKind } from "../types/vote.ts";
import { decodeCertificate, decodeSignedVote, encodeCertificate, encodeSignedVote } from "../types/voteCodec.ts";
import type { ConsensusTables, Table } from "./consensusTables.ts";

const kindPlaces = { notarize: 0, nullify: 1, finalize: 2 } as const satisfies Record<VoteKind, number>;

/** Key: epoch (6) ‖ view (6) ‖ place of the kind (1), big-endian, so that epochs and their views lie in order. */
function keyOf(epoch: number, view: number, place = 0): Buffer {
  const key = Buffer.alloc(13);
  key.writeUIntBE(epoch, 0, 6);
  key.writeUIntBE(view, 6, 6);
  key[12] = place;
  return key;
}

const viewOf = (key: Uint8Array): number => Buffer.from(key).readUIntBE(6, 6);

/** Views removed beside each one written, until those past the horizon are gone. */
const prunedPerWriteMax = 2;

export class ViewArchive {
  readonly #database: ConsensusTables;
  readonly #certificates: Table<Uint8Array, Buffer>;
  readonly #votes: Table<Uint8Array, Buffer>;
  readonly #retentionViews: number;

  constructor(database: ConsensusTables, retentionViews: number) {
    this.#database = database;
    this.#certificates = database.keyed("certificates");
    this.#votes = database.keyed("votes");
    this.#retentionViews = retentionViews;
  }

  put(votes: readonly SignedVote[], certificates: readonly Certificate[]): void {
    const byView = Map.groupBy(votes, ({ vote }) => keyOf(vote.epoch, vote.view).toString("hex"));
    this.#database.write(() => {
      for (const certificate of certificates) {
        const { kind, epoch, view } = certificate.vote;
        this.#certificates.put(keyOf(epoch, view, kindPlaces[kind]), encodeCertificate(certificate));
      }
      for (const [key, ofView] of byView) {
        this.#votes.put(Buffer.from(key, "hex"), encodeList(ofView.map(encodeSignedVote)));
      }
      this.#prune(Math.max(0, ...votes.map(({ vote }) => vote.view)) - this.#retentionViews);
    });
  }

  #prune(belowView: number): void {
    if (belowView <= 0) return;
    const limit = 3 * prunedPerWriteMax;
    for (const key of this.#certificates.getKeys({ limit }))
      if (viewOf(key) < belowView) this.#certificates.remove(key);
    for (const key of this.#votes.getKeys({ limit: prunedPerWriteMax })) {
      if (viewOf(key) < belowView) this.#votes.remove(key);
    }
  }

  /** Every certificate held for an epoch's views, both included: the highest views first, at most `countMax`. */
  certificates(epoch: Epoch, fromView: View, toView: View, countMax: number): Certificate[] {
    if (fromView < 1 || fromView > toView) return [];
    const [start, end] = [keyOf(epoch, toView, 0xff), keyOf(epoch, fromView - 1, 0xff)];
    const found = this.#certificates.getRange({ start, end, reverse: true, limit: countMax });
    return [...found].map(({ value }) => decodeCertificate(new RlpReader(value)));
  }

  votes(epoch: Epoch, view: View): SignedVote[] {
    const bytes = this.#votes.get(keyOf(epoch, view));
    if (bytes === undefined) return [];
    const votes: SignedVote[] = [];
    for (const list = new RlpReader(bytes).list("the votes of a view"); !list.atEnd; )
      votes.push(decodeSignedVote(list));
    return votes;
  }
}
