// Symmetry: honest validators are alike while nobody's turn to lead matters, liars are alike, and so are the blocks of
// one view. Renaming them turns a state into one of the same kind with the same future, so one of all its renamings is
// enough. Blocks are numbered by who voted for them in the order of the validators; of the orders that sort the
// validators by what does not depend on block numbers, the one with the least words counts.
import { copyState, type ModelLayout, type NetworkState } from "./modelLayout.ts";
import { canSettle, SettledVotes } from "./settledVotes.ts";

export class CanonicalForm {
  readonly #layout: ModelLayout;
  readonly #best: NetworkState;
  readonly #trial: NetworkState;
  readonly #orders: readonly Int32Array[];
  readonly #keys: Int32Array;
  readonly #sorted: Int32Array;
  /** The new number of each block in its view, and whether anybody has voted for it. */
  readonly #renamed: Int32Array;
  readonly #isVotedFor: Uint8Array;
  readonly #ranks: Float64Array;
  readonly #settled: SettledVotes | undefined;
  /** The lowest bit of the blocks notarized and finalized, in every view; and all other bits that stand for themselves. */
  readonly #blockBits: number;
  readonly #plainBits: number;

  constructor(layout: ModelLayout) {
    this.#layout = layout;
    this.#best = layout.newState();
    this.#trial = layout.newState();
    this.#orders = permutations(layout.honest).map((order) => Int32Array.from(order));
    this.#keys = new Int32Array(layout.honest);
    this.#sorted = new Int32Array(layout.honest);
    this.#renamed = new Int32Array(layout.views * layout.variants);
    this.#isVotedFor = new Uint8Array(layout.views * layout.variants);
    this.#ranks = new Float64Array(layout.views * layout.variants);
    this.#settled = layout.options.settling && canSettle(layout) ? new SettledVotes(layout) : undefined;
    let [blocks, plain] = [0, ~layout.votesMask];
    for (let view = 1; view <= layout.views; view++) {
      blocks |= (1 | (1 << layout.finalizeShift)) << layout.shiftOf(view);
      plain |= layout.nullifyBit << layout.shiftOf(view);
    }
    this.#blockBits = blocks;
    this.#plainBits = plain;
  }

  /** The state that stands for all renamings of the given one. Overwritten by the next call. */
  of(given: NetworkState): NetworkState {
    const { honest } = this.#layout;
    this.#settled?.read(given);
    for (let i = 0; i < honest; i++) {
      const local = given.local[i] as number;
      const ghost = this.#blind(given.ghost[i] as number);
      this.#keys[i] = (this.#blind(this.#settled?.own(i, local) ?? local) + Math.imul(ghost, 0x9e3779b1)) | 0;
    }
    const hasTies = this.#sort();
    this.#rename(given, this.#orders[0] as Int32Array, this.#best);
    if (!hasTies) return this.#best;
    for (let o = 1; o < this.#orders.length; o++) {
      const order = this.#orders[o] as Int32Array;
      if (!this.#keepsKeys(order)) continue;
      this.#rename(given, order, this.#trial);
      if (isLess(this.#trial, this.#best)) copyState(this.#trial, this.#best);
    }
    return this.#best;
  }

  /** "Voted for a block" instead of for which. */
  #blind(word: number): number {
    let any = word;
    for (let k = 1; k < this.#layout.variants; k++) any |= word >>> k;
    return (any & this.#blockBits) | (word & this.#plainBits);
  }

  /** Sorts the validators by key; are there equal ones? */
  #sort(): boolean {
    let hasTies = false;
    for (let i = 0; i < this.#sorted.length; i++) {
      const key = this.#keys[i] as number;
      let at = i;
      while (at > 0 && (this.#keys[this.#sorted[at - 1] as number] as number) > key) {
        this.#sorted[at] = this.#sorted[at - 1] as number;
        at--;
      }
      if (at > 0 && this.#keys[this.#sorted[at - 1] as number] === key) hasTies = true;
      this.#sorted[at] = i;
    }
    return hasTies;
  }

  #keepsKeys(order: Int32Array): boolean {
    for (let at = 0; at < order.length; at++) {
      const here = this.#sorted[at] as number;
      if (this.#keys[here] !== this.#keys[this.#sorted[order[at] as number] as number]) return false;
    }
    return true;
  }

  /** Writes the given state with the validators in this order, and the blocks numbered accordingly. */
  #rename(given: NetworkState, order: Int32Array, to: NetworkState): void {
    this.#settled?.begin();
    for (let at = 0; at < order.length; at++) {
      const i = this.#sorted[order[at] as number] as number;
      const local = given.local[i] as number;
      to.local[at] = this.#settled?.settled(i, local) ?? local;
      to.ghost[at] = given.ghost[i] as number;
    }
    for (let j = 0; j < to.liar.length; j++) to.liar[j] = given.liar[j] as number;
    to.parents[0] = given.parents[0] as number;
    let [votes, isRenamed] = [0, false];
    for (let at = 0; at < order.length; at++) votes |= (to.local[at] as number) | (to.ghost[at] as number);
    for (let view = 1; view <= this.#layout.views; view++) {
      const votedFor = (votes >>> this.#layout.shiftOf(view)) & this.#layout.notarizeMask;
      if (votedFor > 1 ? this.#numberBlocks(view, to) : this.#keepNumbers(view, votedFor, to)) isRenamed = true;
    }
    if (isRenamed) this.#renumber(given, to);
    to.liar.sort();
  }

  /** Where at most the first block of a view has votes: true when others are to be forgotten. */
  #keepNumbers(view: number, votedFor: number, { parents }: NetworkState): boolean {
    const { variants } = this.#layout;
    const base = (view - 1) * variants;
    let isChanged = false;
    for (let k = 0; k < variants; k++) {
      this.#renamed[base + k] = k;
      this.#isVotedFor[base + k] = votedFor >>> k;
      if (votedFor >>> k === 0 && this.#layout.parentOf(parents[0] as number, base + k) !== 0) isChanged = true;
    }
    return isChanged;
  }

  /** Numbers the blocks of a view by their voters, and of equals by their parents; false when nothing changes. */
  #numberBlocks(view: number, to: NetworkState): boolean {
    const { variants } = this.#layout;
    const base = (view - 1) * variants;
    let isChanged = false;
    for (let k = 0; k < variants; k++) {
      const rank = this.#rankOf(view, k, to);
      this.#ranks[base + k] = rank;
      this.#isVotedFor[base + k] = rank > 0 ? 1 : 0;
      if (rank === 0 && this.#layout.parentOf(to.parents[0] as number, base + k) !== 0) isChanged = true;
    }
    for (let k = 0; k < variants; k++) {
      let number = 0;
      for (let other = 0; other < variants; other++) {
        const difference = (this.#ranks[base + other] as number) - (this.#ranks[base + k] as number);
        if (difference > 0 || (difference === 0 && other < k)) number++;
      }
      this.#renamed[base + k] = number;
      if (number !== k) isChanged = true;
    }
    return isChanged;
  }

  /** The more, the earlier somebody voted for the block; 0 when nobody did. */
  #rankOf(view: number, variant: number, { local, ghost, parents }: NetworkState): number {
    const layout = this.#layout;
    const shift = layout.shiftOf(view) + variant;
    let [notarized, finalized] = [0, 0];
    for (let at = 0; at < local.length; at++) {
      const votes = ((local[at] as number) | (ghost[at] as number)) >>> shift;
      notarized = (notarized << 1) | (votes & 1);
      finalized = (finalized << 1) | ((votes >>> layout.finalizeShift) & 1);
    }
    if (notarized === 0) return 0;
    const parent = layout.parentOf(parents[0] as number, layout.blockOf(view, variant));
    const named = parent === 0 ? 0 : 1 + this.#numberOf(parent - 1);
    return (notarized * 2 ** local.length + finalized) * 64 + named;
  }

  #renumber(given: NetworkState, to: NetworkState): void {
    const layout = this.#layout;
    for (let at = 0; at < to.local.length; at++) {
      to.local[at] = this.#renumberWord(to.local[at] as number);
      to.ghost[at] = this.#renumberWord(to.ghost[at] as number);
    }
    for (let j = 0; j < to.liar.length; j++) to.liar[j] = this.#renumberWord(to.liar[j] as number);
    const before = given.parents[0] as number;
    let parents = 0;
    for (let block = layout.variants; block < this.#renamed.length; block++) {
      const parent = layout.parentOf(before, block);
      if (parent === 0 || this.#isVotedFor[block] === 0) continue;
      parents = layout.withParent(parents, this.#numberOf(block), 1 + this.#numberOf(parent - 1));
    }
    to.parents[0] = parents;
  }

  #numberOf(block: number): number {
    const { variants } = this.#layout;
    return block - (block % variants) + (this.#renamed[block] as number);
  }

  #renumberWord(word: number): number {
    const { variants, views, viewBits, finalizeShift } = this.#layout;
    let result = word & this.#plainBits;
    for (let view = 0; view < views; view++) {
      const shift = view * viewBits;
      for (let k = 0; k < variants; k++) {
        const bits = (word >>> (shift + k)) & (1 | (1 << finalizeShift));
        if (bits !== 0) result |= bits << (shift + (this.#renamed[view * variants + k] as number));
      }
    }
    return result;
  }
}

function isLess(a: NetworkState, b: NetworkState): boolean {
  for (let i = 0; i < a.local.length; i++) {
    if (a.local[i] !== b.local[i]) return (a.local[i] as number) < (b.local[i] as number);
    if (a.ghost[i] !== b.ghost[i]) return (a.ghost[i] as number) < (b.ghost[i] as number);
  }
  if (a.parents[0] !== b.parents[0]) return (a.parents[0] as number) < (b.parents[0] as number);
  for (let j = 0; j < a.liar.length; j++) {
    if (a.liar[j] !== b.liar[j]) return (a.liar[j] as number) < (b.liar[j] as number);
  }
  return false;
}

/** All orders of `count` things, the given one first. */
function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  const all: number[][] = [];
  for (const shorter of permutations(count - 1)) {
    for (let at = count - 1; at >= 0; at--) all.push([...shorter.slice(0, at), count - 1, ...shorter.slice(at)]);
  }
  return all;
}
