// One honest validator of the real core over several lives: what its log holds, and what of it survives a restart.
import type { Effect } from "../../node/consensus/effect.ts";
import type { TimerName } from "../../node/consensus/input.ts";
import { sameContent } from "../../node/consensus/tally.ts";
import type { SealedBlock } from "../../node/types/block.ts";
import type { Digest, ValidatorIndex, View } from "../../node/types/brands.ts";
import { InvariantError } from "../../node/types/errors.ts";
import type { PeerMessage } from "../../node/types/message.ts";
import type { ConsensusRecord } from "../../node/types/record.ts";
import type { Vote } from "../../node/types/vote.ts";
import { Solo } from "../consensus/solo.ts";

/** Attempts to get what a core says it is missing, before that counts as stuck. */
const fetchesMax = 12;

export class CoreNode {
  readonly place: ValidatorIndex;
  solo: Solo;
  readonly #validators: number;
  /** Of earlier lives, as far as it was durable. */
  #records: readonly ConsensusRecord[] = [];
  #signed: readonly Vote[] = [];
  /** Signed in lives of which it knows nothing any more. */
  #forgotten: readonly Vote[] = [];
  readonly #bodies: ReadonlyMap<Digest, SealedBlock>;

  /** @param bodies what others have, for whoever asks */
  constructor(place: ValidatorIndex, validators: number, bodies: ReadonlyMap<Digest, SealedBlock>) {
    this.place = place;
    this.#validators = validators;
    this.#bodies = bodies;
    this.solo = new Solo({ validators, self: place });
  }

  get current(): number {
    return this.solo.state.current;
  }

  ownVotes(view: number) {
    return this.solo.state.views.get(view as View)?.own;
  }

  receive(from: number, message: PeerMessage): Effect[] {
    return this.solo.receive(from, message);
  }

  fire(timer: TimerName): Effect[] {
    return this.solo.fire(timer);
  }

  isRunning(timer: TimerName): boolean {
    return this.solo.durationOf(timer) !== undefined && this.solo.state.timers.has(timer);
  }

  /** Ends the wait for something to order, as the heartbeat does. */
  arm(): void {
    if (!this.solo.state.inView.armed) this.fire("heartbeat");
  }

  /** Gives the core the bodies that it asks for, until it has what it needs. */
  supply(isDone: () => boolean): void {
    for (let attempt = 0; attempt < fetchesMax && !isDone() && this.isRunning("fetch"); attempt++) {
      for (const effect of this.fire("fetch")) {
        if (effect.kind !== "send" || effect.message.kind !== "fetchBlock") continue;
        const block = this.#bodies.get(effect.message.digest);
        if (block === undefined) throw new InvariantError("NO_BODY", {}, "a core asks for a block that nobody made");
        this.receive(effect.to, { kind: "blocks", blocks: [{ block, finalization: undefined }] });
      }
    }
  }

  /** Every vote so far that was durable when it left. */
  get signed(): readonly Vote[] {
    return [...this.#forgotten, ...this.#remembered];
  }

  get #remembered(): readonly Vote[] {
    return [...this.#signed, ...this.solo.all("castVote").map(({ vote }) => vote)];
  }

  /** All records so far, in the order of the log. */
  get records(): readonly ConsensusRecord[] {
    return [...this.#records, ...this.solo.persisted()];
  }

  /** A new life from the first so many records of the log; whatever left before relied on no others. */
  restart(kept: readonly ConsensusRecord[]): void {
    this.#records = kept;
    this.#signed = this.#remembered.filter((vote) =>
      kept.some((record) => record.kind === "vote" && sameContent(record.vote, vote)),
    );
    const top = Math.max(0, ...this.#signed.map(({ view }) => view));
    const guardVotes = this.#signed.filter(({ view }) => view === top);
    const recovered = { records: kept, guardVotes };
    this.solo = new Solo({ validators: this.#validators, self: this.place, recovered });
  }

  /** A new life with neither log nor guard. */
  loseEverything(): void {
    this.#forgotten = this.signed;
    this.#signed = [];
    this.#records = [];
    const recovered = { signingDoubtful: true };
    this.solo = new Solo({ validators: this.#validators, self: this.place, recovered });
  }

  /** Of the log, what must be durable: everything up to the last vote that left. */
  get durableRecords(): readonly ConsensusRecord[] {
    const { records } = this;
    return records.slice(0, records.findLastIndex(({ kind }) => kind === "vote") + 1);
  }
}
