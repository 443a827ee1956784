// What a validator said in a view that is over for it matters only as one vote more: it will not look at it again, and
// nobody asks whose it was. So of those for whom a view is over only the number counts that said a thing; and that, too,
// no longer once there is a certificate, or once there can be none. States that differ in nothing else have the same
// future: one of them is enough.
import type { ModelLayout, NetworkState } from "./modelLayout.ts";

/** Can this be done? It rests on the rules, and on nobody forgetting what it signed. */
export function canSettle({ options, hasGhosts }: ModelLayout): boolean {
  return options.without.size === 0 && !hasGhosts && options.leaders === "liars";
}

export class SettledVotes {
  readonly #layout: ModelLayout;
  /** Recorded votes that make a certificate; and honest ones that can still make one, with all liars. */
  readonly #enough: number;
  readonly #possiblyEnough: number;
  /** For what a validator said in its view: what it has said or may still say there. */
  readonly #possible: Int32Array;
  /** Each validator's last view that is over for it. */
  readonly #over: Int32Array;
  readonly #counted: Int32Array;
  /** At k - 1: what the k-th validator for whom a view is over is to have said in it. */
  readonly #said: Int32Array;
  readonly #ranks: Int32Array;

  constructor(layout: ModelLayout) {
    this.#layout = layout;
    this.#possiblyEnough = layout.quorum - layout.options.liars;
    this.#enough = layout.liarWords > 0 ? layout.quorum : this.#possiblyEnough;
    this.#over = new Int32Array(layout.honest);
    this.#counted = new Int32Array(Math.max(layout.honest, this.#enough) + 1);
    this.#counted[0] = -1;
    this.#said = new Int32Array(layout.honest);
    this.#ranks = new Int32Array(layout.views + 1);
    this.#possible = Int32Array.from({ length: layout.viewMask + 1 }, (_, said) => this.#possibleAfter(said));
  }

  #possibleAfter(said: number): number {
    const { notarizeMask, nullifyBit, finalizeMask, finalizeShift, viewMask } = this.#layout;
    if (said === 0) return viewMask;
    let possible = said;
    if ((said & finalizeMask) === 0) possible |= nullifyBit;
    if ((said & (finalizeMask | nullifyBit)) !== 0) return possible;
    const notarized = said & notarizeMask;
    return possible | ((notarized === 0 ? notarizeMask : notarized) << finalizeShift);
  }

  /** Takes in a state: which views are over for whom, and how often each thing was said there. */
  read({ local, liar }: NetworkState): void {
    const layout = this.#layout;
    const { honest } = layout;
    for (let i = 0; i < honest; i++) this.#over[i] = this.#lastOver(local[i] as number);
    this.#reset(this.#enough);
    for (let i = 0; i < honest; i++) this.#tally((local[i] as number) & layout.votesMask, this.#enough);
    for (let j = 0; j < liar.length; j++) this.#tally(liar[j] as number, this.#enough);
    const certificates = this.#counted[this.#enough] as number;
    this.#reset(this.#possiblyEnough);
    for (let i = 0; i < honest; i++) this.#tally(this.#possibleWord(i, local[i] as number), this.#possiblyEnough);
    const alive = this.#counted[this.#possiblyEnough] as number;
    this.#reset(honest);
    for (let i = 0; i < honest; i++) this.#tally((local[i] as number) & this.#overMask(i), honest);
    for (let k = 0; k < honest; k++) this.#said[k] = ((this.#counted[k + 1] as number) & alive) | certificates;
  }

  /** The part of a validator's word that still matters as its own. */
  own(i: number, word: number): number {
    return word & ~this.#overMask(i);
  }

  /** Begins to write words: validators are passed to `settled` in their new order. */
  begin(): void {
    this.#ranks.fill(0);
  }

  /** A validator's word with what it is to have said in the views that are over for it. */
  settled(i: number, word: number): number {
    const layout = this.#layout;
    let result = this.own(i, word);
    for (let view = this.#over[i] as number; view > 0; view--) {
      const rank = this.#ranks[view] as number;
      this.#ranks[view] = rank + 1;
      result |= (this.#said[rank] as number) & (layout.viewMask << layout.shiftOf(view));
    }
    return result;
  }

  #overMask(i: number): number {
    return (1 << this.#layout.shiftOf((this.#over[i] as number) + 1)) - 1;
  }

  /** A view is over for a validator once it is past it and no restart can bring it back. */
  #lastOver(word: number): number {
    const layout = this.#layout;
    if (layout.restartsOf(word) === layout.options.restarts) return layout.currentOf(word) - 1;
    for (let view = layout.views; view > 0; view--) {
      if (((word >>> layout.shiftOf(view)) & layout.viewMask) !== 0) return view - 1;
    }
    return 0;
  }

  #possibleWord(i: number, word: number): number {
    const layout = this.#layout;
    let possible = word & this.#overMask(i);
    for (let view = (this.#over[i] as number) + 1; view <= layout.views; view++) {
      const shift = layout.shiftOf(view);
      possible |= (this.#possible[(word >>> shift) & layout.viewMask] as number) << shift;
    }
    return possible;
  }

  #reset(most: number): void {
    for (let k = 1; k <= most; k++) this.#counted[k] = 0;
  }

  /** Counts votes by bits: `counted[k]` holds what was said at least k times. */
  #tally(votes: number, most: number): void {
    const counted = this.#counted;
    for (let k = most; k > 0; k--) counted[k] = (counted[k] as number) | ((counted[k - 1] as number) & votes);
  }
}
