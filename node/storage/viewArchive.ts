// What was held about views that have left the consensus core's memory: certificates, served to validators that must
// see why views were skipped, and votes, kept for the evidence window. Losing some of it in a crash does no harm.
import type { View } from "../types/brands.ts";
import type { Certificate } from "../types/certificate.ts";
import { RlpReader } from "../types/rlpReader.ts";
import { encodeList } from "../types/rlpWriter.ts";
import type { SignedVote, VoteKind } from "../types/vote.ts";
import { decodeCertificate, decodeSignedVote, encodeCertificate, encodeSignedVote } from "../types/voteCodec.ts";
import type { ConsensusTables, Table } from "./consensusTables.ts";

/** Key of a certificate: 4 · view + the place of its kind, so that views lie in order. */
const kindPlaces = { notarize: 0, nullify: 1, finalize: 2 } as const satisfies Record<VoteKind, number>;
const keyOf = (view: number, place = 0): number => 4 * view + place;

/** Views removed beside each one written, until those past the horizon are gone. */
const prunedPerWriteMax = 2;

export class ViewArchive {
  readonly #database: ConsensusTables;
  readonly #certificates: Table<Uint8Array, number>;
  readonly #votes: Table<Uint8Array, number>;
  readonly #retentionViews: number;

  constructor(database: ConsensusTables, retentionViews: number) {
    this.#database = database;
    this.#certificates = database.numbered("certificates");
    this.#votes = database.numbered("votes");
    this.#retentionViews = retentionViews;
  }

  put(votes: readonly SignedVote[], certificates: readonly Certificate[]): void {
    const byView = Map.groupBy(votes, ({ vote }) => vote.view);
    this.#database.write(() => {
      for (const certificate of certificates) {
        const { kind, view } = certificate.vote;
        this.#certificates.put(keyOf(view, kindPlaces[kind]), encodeCertificate(certificate));
      }
      for (const [view, ofView] of byView) this.#votes.put(view, encodeList(ofView.map(encodeSignedVote)));
      this.#prune(Math.max(0, ...byView.keys()) - this.#retentionViews);
    });
  }

  #prune(belowView: number): void {
    if (belowView <= 0) return;
    const limit = 3 * prunedPerWriteMax;
    for (const key of this.#certificates.getKeys({ end: keyOf(belowView), limit })) this.#certificates.remove(key);
    for (const view of this.#votes.getKeys({ end: belowView, limit: prunedPerWriteMax })) this.#votes.remove(view);
  }

  /** Every certificate held for the views, both included: the highest views first, at most `countMax`. */
  certificates(fromView: View, toView: View, countMax: number): Certificate[] {
    const range = { start: keyOf(toView, 3), end: keyOf(fromView) - 1, reverse: true, limit: countMax };
    return [...this.#certificates.getRange(range)].map(({ value }) => decodeCertificate(new RlpReader(value)));
  }

  votes(view: View): SignedVote[] {
    const bytes = this.#votes.get(view);
    if (bytes === undefined) return [];
    const votes: SignedVote[] = [];
    for (const list = new RlpReader(bytes).list("the votes of a view"); !list.atEnd; )
      votes.push(decodeSignedVote(list));
    return votes;
  }
}
