// What of a simulated validator survives a crash: log records that were synced, the guard's record, committed blocks.

import type { Effect } from "../../node/consensus/effect.ts";
import type { CommittedTip, Recovered } from "../../node/consensus/input.ts";
import { sameContent } from "../../node/consensus/tally.ts";
import type { Handover } from "../../node/storage/epochStore.ts";
import type { FinalizedBlock, SealedBlock } from "../../node/types/block.ts";
import { type Digest, Epoch, type View } from "../../node/types/brands.ts";
import type { Certificate } from "../../node/types/certificate.ts";
import type { EpochBase } from "../../node/types/epochBase.ts";
import type { ConsensusRecord } from "../../node/types/record.ts";
import type { Vote } from "../../node/types/vote.ts";
import type { Random } from "./random.ts";

export interface StoredBlock extends FinalizedBlock {
  readonly tip: CommittedTip;
}

export class Disk {
  /** Synced records, then those that were only written. */
  #records: ConsensusRecord[] = [];
  #synced = 0;
  #chain: StoredBlock[] = [];
  /** Heights up to this one survive a crash. */
  #flushedHeight = 0;
  guardVotes: Vote[] = [];
  readonly #certificates = new Map<string, Map<Vote["kind"], Certificate>>();
  readonly #handovers = new Map<number, Handover>();
  readonly blocks = new Map<Digest, SealedBlock>();
  readonly #genesis: CommittedTip;

  constructor(genesis: CommittedTip) {
    this.#genesis = genesis;
  }

  get chain(): readonly StoredBlock[] {
    return this.#chain;
  }

  get hasUnsynced(): boolean {
    return this.#synced < this.#records.length;
  }

  append(record: ConsensusRecord): void {
    this.#records.push(record);
    if (record.kind === "block") this.blocks.set(record.block.digest, record.block);
    if (record.kind === "certificate") this.#fileCertificate(record.certificate);
  }

  #fileCertificate(certificate: Certificate): void {
    const { epoch, view, kind } = certificate.vote;
    const key = `${epoch}/${view}`;
    const ofView = this.#certificates.get(key) ?? new Map<Vote["kind"], Certificate>();
    this.#certificates.set(key, ofView.set(kind, certificate));
  }

  certificatesOf(epoch: number, view: number): readonly Certificate[] {
    return [...(this.#certificates.get(`${epoch}/${view}`)?.values() ?? [])];
  }

  handoverTo(epoch: number): Handover | undefined {
    return this.#handovers.get(epoch);
  }

  baseOf(epoch: number): EpochBase | undefined {
    return this.handoverTo(epoch)?.base;
  }

  sync(): void {
    this.#synced = this.#records.length;
  }

  isDurable(vote: Vote): boolean {
    for (let i = this.#synced - 1; i >= 0; i--) {
      const record = this.#records[i] as ConsensusRecord;
      if (record.kind === "vote" && sameContent(record.vote, vote)) return true;
    }
    return false;
  }

  commit({ block, finalization, tail }: Extract<Effect, { kind: "commit" }>, tip: CommittedTip): void {
    if (tail !== undefined) {
      const { view, height, epoch } = block.header;
      this.#handovers.set(epoch + 1, { base: { digest: block.digest, view, height }, finalization, tail });
      for (const one of tail) this.blocks.set(one.digest, one);
    }
    const own = finalization.vote.digest === block.digest ? finalization : undefined;
    this.#chain.push({ block, finalization: own, tip });
    this.blocks.set(block.digest, block);
    for (const nullification of block.justification.nullifications) this.#fileCertificate(nullification);
  }

  flush(): void {
    this.#flushedHeight = this.#chain.length;
  }

  /** Some of what was written but not synced may have reached the disk all the same. */
  crash(random: Random): void {
    const survivors = this.#synced + random.below(this.#records.length - this.#synced + 1);
    this.#records = this.#records.slice(0, survivors);
    this.#synced = survivors;
    this.#chain = this.#chain.slice(0, this.#flushedHeight);
  }

  /** As if the log had never been: a wiped or restored disk. */
  loseLog(): void {
    this.#records = [];
    this.#synced = 0;
  }

  recover(): Recovered {
    const committed = this.#chain.at(-1)?.tip ?? this.#genesis;
    const viewOf = (record: ConsensusRecord): View =>
      record.kind === "block"
        ? record.block.header.view
        : record.kind === "vote"
          ? record.vote.view
          : record.certificate.vote.view;
    // The log is compacted: nothing below the committed view is left.
    const records = this.#records.filter((record) => viewOf(record) >= committed.view);
    const guardVotes = [...this.guardVotes];
    const signedEpoch = guardVotes.at(-1)?.epoch ?? Epoch(0);
    return { committed, records, guardVotes, signedEpoch, signingDoubtful: false };
  }
}
