// How a state of the network is written in bits. A validator is one word: for each view the blocks it notarized, whether
// it nullified, the blocks it finalized; above that its view and how often it was restarted. The blocks' parents are one
// word. For the table all words are packed without gaps, complemented, so that an empty place (all zero) is no state.
import { quorumOf } from "../../node/types/quorum.ts";
import type { ModelOptions } from "./modelOptions.ts";

const wordBits = 32;
const bitsFor = (values: number): number => Math.ceil(Math.log2(values));

/** A state in its parts; the searches use a few of them over and over. */
export interface NetworkState {
  /** Of each honest validator: what it remembers to have signed, its view, its restarts. */
  readonly local: Int32Array;
  /** What it signed and forgot; and, after a loss, from which view it may sign. */
  readonly ghost: Int32Array;
  /** What each liar has signed, when that is recorded. */
  readonly liar: Int32Array;
  /** Of each block: 0 for genesis, or 1 + the number of the parent. One element, so that it can be changed in place. */
  readonly parents: Int32Array;
}

export class ModelLayout {
  readonly options: ModelOptions;
  readonly honest: number;
  readonly liarWords: number;
  readonly quorum: number;
  readonly views: number;
  readonly variants: number;
  /** Bits of one view in a validator's word, and masks inside them. */
  readonly viewBits: number;
  readonly viewMask: number;
  readonly notarizeMask: number;
  readonly nullifyBit: number;
  readonly finalizeShift: number;
  readonly finalizeMask: number;
  /** All votes in a word. */
  readonly votesMask: number;
  readonly viewShift: number;
  readonly currentMask: number;
  readonly restartShift: number;
  readonly restartMask: number;
  readonly localBits: number;
  readonly ghostBits: number;
  /** Are votes kept that their signer has forgotten? Only where a rule that makes them matter is left out. */
  readonly hasGhosts: boolean;
  readonly parentShift: Int32Array;
  readonly parentMask: Int32Array;
  readonly parentBits: number;
  readonly bits: number;
  readonly words: number;

  constructor(options: ModelOptions) {
    const { validators, liars, views, variants, restarts, losses, lies, without } = options;
    this.options = options;
    this.honest = validators - liars;
    this.liarWords = lies === "on-demand" ? liars : 0;
    const faulty = Math.floor((validators - 1) / 3);
    this.quorum = without.has("quorum") ? 2 * faulty + 1 : quorumOf(validators);
    this.views = views;
    this.variants = variants;
    this.viewBits = 2 * variants + 1;
    this.viewMask = (1 << this.viewBits) - 1;
    this.notarizeMask = (1 << variants) - 1;
    this.nullifyBit = 1 << variants;
    this.finalizeShift = variants + 1;
    this.finalizeMask = this.notarizeMask << this.finalizeShift;
    this.viewShift = views * this.viewBits;
    this.votesMask = this.viewShift === wordBits ? -1 : 2 ** this.viewShift - 1;
    const currentBits = bitsFor(views + 1);
    this.currentMask = 2 ** currentBits - 1;
    this.restartShift = this.viewShift + currentBits;
    const restartBits = bitsFor(restarts + 1);
    this.restartMask = 2 ** restartBits - 1;
    this.localBits = this.restartShift + restartBits;
    const forgetful = ["vote-durable", "resume-highest", "current-only", "finalize-current"] as const;
    this.hasGhosts = losses > 0 || (restarts > 0 && forgetful.some((rule) => without.has(rule)));
    this.ghostBits = this.hasGhosts ? this.viewShift + bitsFor(views + 3) : 0;
    this.parentShift = new Int32Array(views * variants);
    this.parentMask = new Int32Array(views * variants);
    let shift = 0;
    for (let block = 0; block < views * variants; block++) {
      const below = Math.floor(block / variants) * variants;
      const width = bitsFor(1 + below);
      this.parentShift[block] = shift;
      this.parentMask[block] = 2 ** width - 1;
      shift += width;
    }
    this.parentBits = shift;
    this.bits =
      this.honest * (this.localBits + this.ghostBits) + this.liarWords * this.viewShift + Math.max(1, this.parentBits);
    this.words = Math.ceil(this.bits / wordBits);
  }

  /** A sentence when a state of this size cannot be written; undefined when it can. */
  get tooLarge(): string | undefined {
    const widest = Math.max(this.localBits, this.ghostBits, this.parentBits);
    if (widest <= wordBits) return undefined;
    return `a validator or the blocks' parents would take ${widest} bits, at most ${wordBits} are possible: fewer views, variants or restarts`;
  }

  newState(): NetworkState {
    return {
      local: new Int32Array(this.honest),
      ghost: new Int32Array(this.honest),
      liar: new Int32Array(this.liarWords),
      parents: new Int32Array(1),
    };
  }

  currentOf(local: number): number {
    return ((local >>> this.viewShift) & this.currentMask) + 1;
  }

  withCurrent(local: number, view: number): number {
    return (local & ~(this.currentMask << this.viewShift)) | ((view - 1) << this.viewShift);
  }

  restartsOf(local: number): number {
    return (local >>> this.restartShift) & this.restartMask;
  }

  shiftOf(view: number): number {
    return (view - 1) * this.viewBits;
  }

  /** From which view a validator that lost everything may sign; 0 when it never did. */
  signsFrom(ghost: number): number {
    return this.ghostBits === 0 ? 0 : ghost >>> this.viewShift;
  }

  /** Number of a block, from 0. */
  blockOf(view: number, variant: number): number {
    return (view - 1) * this.variants + variant;
  }

  parentOf(parents: number, block: number): number {
    return (parents >>> (this.parentShift[block] as number)) & (this.parentMask[block] as number);
  }

  withParent(parents: number, block: number, parent: number): number {
    const shift = this.parentShift[block] as number;
    return (parents & ~((this.parentMask[block] as number) << shift)) | (parent << shift);
  }

  pack(state: NetworkState, out: Uint32Array): void {
    this.#at = 0;
    this.#filled = 0;
    this.#word = 0;
    for (let i = 0; i < this.honest; i++) this.#append(out, state.local[i] as number, this.localBits);
    if (this.ghostBits > 0) {
      for (let i = 0; i < this.honest; i++) this.#append(out, state.ghost[i] as number, this.ghostBits);
    }
    for (let i = 0; i < this.liarWords; i++) this.#append(out, state.liar[i] as number, this.viewShift);
    if (this.parentBits > 0) this.#append(out, state.parents[0] as number, this.parentBits);
    if (this.#at < this.words) out[this.#at] = ~this.#word;
  }

  #at = 0;
  #filled = 0;
  #word = 0;

  #append(out: Uint32Array, value: number, bits: number): void {
    this.#word |= value << this.#filled;
    const filled = this.#filled + bits;
    if (filled < wordBits) {
      this.#filled = filled;
      return;
    }
    out[this.#at++] = ~this.#word;
    this.#filled = filled - wordBits;
    this.#word = this.#filled === 0 ? 0 : value >>> (bits - this.#filled);
  }

  /** Reads the state packed at `from`. */
  unpack(words: Uint32Array, from: number, state: NetworkState): void {
    this.#at = from;
    this.#filled = 0;
    for (let i = 0; i < this.honest; i++) state.local[i] = this.#take(words, this.localBits);
    if (this.ghostBits > 0) {
      for (let i = 0; i < this.honest; i++) state.ghost[i] = this.#take(words, this.ghostBits);
    }
    for (let i = 0; i < this.liarWords; i++) state.liar[i] = this.#take(words, this.viewShift);
    state.parents[0] = this.parentBits > 0 ? this.#take(words, this.parentBits) : 0;
  }

  #take(words: Uint32Array, bits: number): number {
    let value = ~(words[this.#at] as number) >>> this.#filled;
    const end = this.#filled + bits;
    if (end >= wordBits) {
      this.#at++;
      if (end > wordBits) value |= ~(words[this.#at] as number) << (wordBits - this.#filled);
      this.#filled = end - wordBits;
    } else this.#filled = end;
    return bits === wordBits ? value | 0 : value & ((1 << bits) - 1);
  }
}

export function copyState(from: NetworkState, to: NetworkState): void {
  to.local.set(from.local);
  to.ghost.set(from.ghost);
  to.liar.set(from.liar);
  to.parents[0] = from.parents[0] as number;
}
