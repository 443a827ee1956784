// The working copy of one step: a shallow copy of the state whose maps and records are copied when first changed, and
// the effects so far.
import type { Digest, View } from "../types/brands.ts";
import { InvariantError } from "../types/errors.ts";
import type { Effect } from "./effect.ts";
import type { TimerName } from "./input.ts";
import { type BlockEntry, type ConsensusState, type CurrentView, freshRecord, type ViewRecord } from "./state.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class Draft {
  readonly state: Mutable<ConsensusState>;
  readonly effects: Effect[] = [];
  readonly #base: ConsensusState;

  constructor(state: ConsensusState) {
    this.#base = state;
    this.state = { ...state };
  }

  emit(effect: Effect): void {
    this.effects.push(effect);
  }

  record(view: View): ViewRecord | undefined {
    return this.state.views.get(view);
  }

  /** Replaces parts of a view's record, which is created when there is none. */
  setRecord(view: View, change: Partial<ViewRecord>): void {
    if (this.state.views === this.#base.views) this.state.views = new Map(this.state.views);
    const views = this.state.views as Map<View, ViewRecord>;
    views.set(view, { ...(views.get(view) ?? freshRecord(view)), ...change });
  }

  dropRecord(view: View): void {
    if (this.state.views === this.#base.views) this.state.views = new Map(this.state.views);
    (this.state.views as Map<View, ViewRecord>).delete(view);
  }

  setInView(change: Partial<CurrentView>): void {
    this.state.inView = { ...this.state.inView, ...change };
  }

  #ownBlocks(): Map<Digest, BlockEntry> {
    if (this.state.blocks === this.#base.blocks) this.state.blocks = new Map(this.state.blocks);
    return this.state.blocks as Map<Digest, BlockEntry>;
  }

  addBlock(entry: BlockEntry): void {
    this.#ownBlocks().set(entry.block.digest, entry);
  }

  setBlock(digest: Digest, change: Partial<BlockEntry>): void {
    const entry = this.state.blocks.get(digest);
    if (entry === undefined) throw new InvariantError("NO_BLOCK", { digest }, `no body of ${digest} is held`);
    this.#ownBlocks().set(digest, { ...entry, ...change });
  }

  dropBlock(digest: Digest): void {
    this.#ownBlocks().delete(digest);
  }

  setTimer(timer: TimerName, durationMs: number): void {
    const id = this.state.timerIdNext++;
    this.state.timers = new Map(this.state.timers).set(timer, id);
    this.emit({ kind: "setTimer", timer, id, durationMs });
  }

  cancelTimer(timer: TimerName): void {
    if (!this.state.timers.has(timer)) return;
    const timers = new Map(this.state.timers);
    timers.delete(timer);
    this.state.timers = timers;
    this.emit({ kind: "cancelTimer", timer });
  }

  /** Takes a fired timer out; false when it had been cancelled or replaced before. */
  takeTimer(timer: TimerName, id: number): boolean {
    if (this.state.timers.get(timer) !== id) return false;
    const timers = new Map(this.state.timers);
    timers.delete(timer);
    this.state.timers = timers;
    return true;
  }
}
