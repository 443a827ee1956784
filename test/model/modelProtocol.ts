// The protocol of docs/consensus.md as it bears on safety: what each honest validator may do in a state of the network.
// Messages are not modelled as such: whatever was ever signed may reach anybody, or nobody, at any time, so a
// certificate is there for everybody as soon as its votes are. A block comes into being with the first honest Notarize
// of it: until then nothing can depend on which blocks a proposer had in mind.
import { honestPlaces } from "./honestPlaces.ts";
import type { ModelLayout, NetworkState } from "./modelLayout.ts";
import type { ModelRule } from "./modelOptions.ts";

export type ActionKind =
  | "timeout"
  | "notarize"
  | "acceptNotarization"
  | "acceptNullification"
  | "acceptFinalization"
  /** The notarization was durable, the Finalize not yet, when the validator was restarted. */
  | "acceptAndRestart"
  | "restart"
  | "loseEverything"
  | "liarsSign";

export interface ModelAction {
  readonly kind: ActionKind;
  /** Its place among the honest; without meaning for `liarsSign`. */
  readonly validator: number;
  readonly view: number;
  readonly variant: number;
  /** The block came into being with this Notarize. */
  readonly isNew: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class ModelProtocol {
  readonly layout: ModelLayout;
  /** What was done last: overwritten by the next action. */
  readonly action: Mutable<ModelAction> = { kind: "timeout", validator: 0, view: 0, variant: 0, isNew: false };
  readonly #state: NetworkState;
  readonly #certified: Int32Array;
  /** Honest (or all recorded) votes that make a certificate together with what the liars have signed anyway. */
  readonly #enough: number;
  /** For each view the honest validator that leads it, or -1 where anybody may propose anything. */
  readonly #leaders: Int32Array;
  readonly #isOnDemand: boolean;
  readonly #skipsTwins: boolean;
  /** Rules in force. */
  readonly #anyKind: boolean;
  readonly #currentOnly: boolean;
  readonly #noNullify: boolean;
  readonly #finalizeOther: boolean;
  readonly #finalizeCurrent: boolean;
  readonly #noFinalize: boolean;
  readonly #coveredGap: boolean;
  readonly #notarizedParent: boolean;
  readonly #voteDurable: boolean;
  readonly #resumeHighest: boolean;
  readonly #nullifyAfterNotarize: boolean;
  readonly #signingDoubt: boolean;
  readonly #resumeMargin: number;
  readonly #freshReports: boolean;
  #visit: () => void = () => undefined;

  /**
   * @param state in which the actions are taken: `expand` changes it and puts everything back
   * @param liarsAre whether what they may have signed counts
   */
  constructor(layout: ModelLayout, state: NetworkState, liarsAre: "speaking" | "silent") {
    this.layout = layout;
    this.#state = state;
    const { without, liars, validators, leaders, lies, symmetry } = layout.options;
    const has = (rule: ModelRule): boolean => !without.has(rule);
    this.#isOnDemand = lies === "on-demand";
    this.#enough = this.#isOnDemand || liarsAre === "silent" ? layout.quorum : layout.quorum - liars;
    this.#certified = new Int32Array(this.#enough + 1);
    this.#certified[0] = -1;
    this.#skipsTwins = symmetry;
    this.#anyKind = has("any-kind");
    this.#currentOnly = has("current-only");
    this.#noNullify = has("no-nullify");
    this.#finalizeOther = has("finalize-other");
    this.#finalizeCurrent = has("finalize-current");
    this.#noFinalize = has("no-finalize");
    this.#coveredGap = has("covered-gap");
    this.#notarizedParent = has("notarized-parent");
    this.#voteDurable = has("vote-durable");
    this.#resumeHighest = has("resume-highest");
    this.#nullifyAfterNotarize = has("nullify-after-notarize");
    this.#signingDoubt = has("signing-doubt");
    this.#resumeMargin = has("resume-margin") ? 2 : 1;
    this.#freshReports = has("fresh-reports");
    this.#leaders = new Int32Array(layout.views + 1).fill(-1);
    if (leaders === "liars") return;
    const honest = honestPlaces(validators, leaders.liarsAt);
    for (let view = 1; view <= layout.views; view++) this.#leaders[view] = honest.indexOf(view % validators);
  }

  /** Every vote that the validator has signed, remembered or not. */
  pool(validator: number): number {
    const { local, ghost } = this.#state;
    return ((local[validator] as number) | (ghost[validator] as number)) & this.layout.votesMask;
  }

  /** All certificates there are, each at the place of its vote in a validator's word. */
  certificates(): number {
    const { honest, liarWords } = this.layout;
    const enough = this.#enough;
    const counted = this.#certified;
    for (let k = 1; k <= enough; k++) counted[k] = 0;
    for (let i = 0; i < honest + liarWords; i++) {
      const votes = i < honest ? this.pool(i) : (this.#state.liar[i - honest] as number);
      for (let k = enough; k > 0; k--) counted[k] = (counted[k] as number) | ((counted[k - 1] as number) & votes);
    }
    return counted[enough] as number;
  }

  /** Goes to each state that one action leads to, and calls `visit` there. */
  expand(visit: () => void): void {
    const { honest } = this.layout;
    for (let i = 0; i < honest; i++) {
      if (!this.#skipsTwins || !this.#hasTwinBefore(i)) this.expandOne(i, visit);
    }
    if (this.#isOnDemand) this.#liarsSign(this.certificates());
  }

  /** The same for the actions of one honest validator. */
  expandOne(i: number, visit: () => void): void {
    this.#visit = visit;
    const certificates = this.certificates();
    this.action.validator = i;
    this.#timeOut(i);
    this.#notarize(i, certificates);
    this.#accept(i, certificates);
    this.#restart(i);
    this.#loseEverything(i);
  }

  /** Somebody in exactly the same position: what this one does leads to the same states but for the names. */
  #hasTwinBefore(i: number): boolean {
    const { local, ghost } = this.#state;
    for (let j = 0; j < i; j++) if (local[j] === local[i] && ghost[j] === ghost[i]) return true;
    return false;
  }

  #goTo(kind: ActionKind, i: number, local: number, view: number, variant: number): void {
    if (local !== this.#state.local[i]) this.#goThere(kind, i, local, view, variant);
  }

  #goThere(kind: ActionKind, i: number, local: number, view: number, variant: number): void {
    const before = this.#state.local[i] as number;
    this.action.kind = kind;
    this.action.view = view;
    this.action.variant = variant;
    this.action.isNew = false;
    this.#state.local[i] = local;
    this.#visit();
    this.#state.local[i] = before;
  }

  #maySign(i: number, view: number): boolean {
    return this.layout.signsFrom(this.#state.ghost[i] as number) <= view;
  }

  /** "timeout(v): if I have not sent Finalize(v): persist, broadcast Nullify(v)" */
  #timeOut(i: number): void {
    const { layout } = this;
    const local = this.#state.local[i] as number;
    const view = layout.currentOf(local);
    if (view > layout.views || !this.#maySign(i, view)) return;
    const said = (local >>> layout.shiftOf(view)) & layout.viewMask;
    if (this.#noFinalize && (said & layout.finalizeMask) !== 0) return;
    if (!this.#nullifyAfterNotarize && (said & layout.notarizeMask) !== 0) return;
    this.#goTo("timeout", i, local | (layout.nullifyBit << layout.shiftOf(view)), view, 0);
  }

  /** "if p is notarized, the gap is covered, and I have sent no vote of any kind in v: persist, broadcast Notarize" */
  #notarize(i: number, certificates: number): void {
    const { layout } = this;
    const current = layout.currentOf(this.#state.local[i] as number);
    const last = Math.min(current, layout.views);
    for (let view = this.#currentOnly ? current : 1; view <= last; view++) {
      const said = ((this.#state.local[i] as number) >>> layout.shiftOf(view)) & layout.viewMask;
      if ((this.#anyKind && said !== 0) || !this.#maySign(i, view)) continue;
      this.#notarizeIn(i, view, said, certificates);
    }
  }

  #notarizeIn(i: number, view: number, said: number, certificates: number): void {
    const { layout } = this;
    const local = this.#state.local[i] as number;
    const shift = layout.shiftOf(view);
    let known = 0;
    for (let j = 0; j < layout.honest; j++) known |= this.pool(j) >>> shift;
    known &= layout.notarizeMask;
    for (let variant = 0; variant < layout.variants; variant++) {
      const bit = 1 << variant;
      if ((known & bit) !== 0) {
        if ((said & bit) === 0) this.#goTo("notarize", i, local | (bit << shift), view, variant);
        continue;
      }
      const leader = this.#leaders[view] as number;
      if (leader < 0 || (leader === i && known === 0)) this.#propose(i, view, variant, certificates);
      return;
    }
  }

  /** A new block: on each parent that it can be justified with. */
  #propose(i: number, view: number, variant: number, certificates: number): void {
    const { layout } = this;
    const before = this.#state.parents[0] as number;
    const block = layout.blockOf(view, variant);
    const local = (this.#state.local[i] as number) | (1 << (layout.shiftOf(view) + variant));
    for (let below = view - 1; below >= 0; below--) {
      for (let k = 0; k < (below === 0 ? 1 : layout.variants); k++) {
        if (below > 0 && !this.#mayExtend(below, k, certificates)) continue;
        this.#state.parents[0] = layout.withParent(before, block, below === 0 ? 0 : 1 + layout.blockOf(below, k));
        this.#goToNew(i, local, view, variant);
      }
      const isNullified = below > 0 && (certificates & (layout.nullifyBit << layout.shiftOf(below))) !== 0;
      if (this.#coveredGap && !isNullified) break;
    }
    this.#state.parents[0] = before;
  }

  #goToNew(i: number, local: number, view: number, variant: number): void {
    const before = this.#state.local[i] as number;
    this.#state.local[i] = local;
    this.action.kind = "notarize";
    this.action.view = view;
    this.action.variant = variant;
    this.action.isNew = true;
    this.#visit();
    this.#state.local[i] = before;
  }

  #mayExtend(view: number, variant: number, certificates: number): boolean {
    const bit = 1 << (this.layout.shiftOf(view) + variant);
    if (this.#notarizedParent) return (certificates & bit) !== 0;
    for (let j = 0; j < this.layout.honest; j++) if ((this.pool(j) & bit) !== 0) return true;
    return false;
  }

  /** "certificates for any view >= current move me past it"; a notarization has me send Finalize, unless ... */
  #accept(i: number, certificates: number): void {
    const { layout } = this;
    const local = this.#state.local[i] as number;
    const current = layout.currentOf(local);
    for (let view = this.#finalizeCurrent ? current : 1; view <= layout.views; view++) {
      const shift = layout.shiftOf(view);
      const here = (certificates >>> shift) & layout.viewMask;
      if (here === 0) continue;
      const moved = view >= current ? layout.withCurrent(local, view + 1) : local;
      if ((here & layout.nullifyBit) !== 0) this.#goTo("acceptNullification", i, moved, view, 0);
      const finalized = (here & layout.finalizeMask) >>> layout.finalizeShift;
      if (finalized !== 0) this.#goTo("acceptFinalization", i, moved, view, Math.clz32(1) - Math.clz32(finalized));
      const said = (local >>> shift) & layout.viewMask;
      for (let k = 0; k < layout.variants; k++) {
        if ((here & (1 << k)) !== 0) this.#acceptNotarization(i, view, k, said, moved);
      }
    }
  }

  #acceptNotarization(i: number, view: number, variant: number, said: number, moved: number): void {
    const { layout } = this;
    const mayFinalize =
      (!this.#noNullify || (said & layout.nullifyBit) === 0) &&
      (said & layout.finalizeMask) === 0 &&
      (!this.#finalizeOther || (said & layout.notarizeMask & ~(1 << variant)) === 0) &&
      this.#maySign(i, view);
    if (!mayFinalize) return this.#goTo("acceptNotarization", i, moved, view, variant);
    const finalize = 1 << (layout.shiftOf(view) + layout.finalizeShift + variant);
    this.#goTo("acceptNotarization", i, moved | finalize, view, variant);
    const mayRestart = layout.restartsOf(moved) < layout.options.restarts;
    if (mayRestart) this.#goTo("acceptAndRestart", i, moved + (1 << layout.restartShift), view, variant);
    // From which view it may sign depends on what was reported to it: the model lets it sign as early as it can, so it
    // must also be able to abstain.
    if (layout.signsFrom(this.#state.ghost[i] as number) > 0) this.#goTo("acceptNotarization", i, moved, view, variant);
  }

  /** The highest view in which the votes show the validator to have been; they are durable, and so is what moved it there. */
  #durableView(votes: number): number {
    const { layout } = this;
    for (let view = layout.views; view > 0; view--) {
      const said = (votes >>> layout.shiftOf(view)) & layout.viewMask;
      if (said !== 0) return (said & layout.finalizeMask) !== 0 ? view + 1 : view;
    }
    return 1;
  }

  /** Everything that is not durable is lost; the certificates that moved it may come again. */
  #restart(i: number): void {
    const { layout } = this;
    const local = this.#state.local[i] as number;
    if (layout.restartsOf(local) >= layout.options.restarts) return;
    const votes = local & layout.votesMask;
    const durable = this.#durableView(votes);
    const current = this.#voteDurable ? (this.#resumeHighest ? durable : 1) : layout.currentOf(local);
    const kept = layout.hasGhosts ? this.#remembered(votes) : votes;
    if (current === layout.currentOf(local) && kept === votes) return;
    const counted = (local & ~layout.votesMask) + (1 << layout.restartShift);
    const ghost = this.#state.ghost[i] as number;
    this.#state.ghost[i] = ghost | (votes & ~kept);
    this.#goTo("restart", i, layout.withCurrent(counted, current) | kept, 0, 0);
    this.#state.ghost[i] = ghost;
  }

  /** The guard keeps what was signed in the highest view; the log below the committed block may be gone. */
  #remembered(votes: number): number {
    const { layout } = this;
    if (!this.#voteDurable) return 0;
    for (let view = layout.views; view > 0; view--) {
      const here = votes & (layout.viewMask << layout.shiftOf(view));
      if (here !== 0) return here;
    }
    return 0;
  }

  /** Log and guard are gone: silent "until n−f validators have reported their current view, and then only in views ≥ the
   * highest reported + 2". Later reports would only be higher, so the earliest are taken: those of this moment. */
  #loseEverything(i: number): void {
    const { layout } = this;
    const { local, ghost } = this.#state;
    const before = { local: local[i] as number, ghost: ghost[i] as number };
    let losses = 0;
    for (let j = 0; j < layout.honest; j++) if (layout.signsFrom(ghost[j] as number) > 0) losses++;
    if (losses >= layout.options.losses || layout.signsFrom(before.ghost) > 0) return;
    const from = this.#signingDoubt ? Math.min(this.#highestReported(i) + this.#resumeMargin, layout.views + 1) : 1;
    ghost[i] = (before.ghost & layout.votesMask) | (before.local & layout.votesMask) | (from << layout.viewShift);
    // Even where there was nothing to lose: it does not know that.
    this.#goThere("loseEverything", i, layout.withCurrent(before.local & ~layout.votesMask, 1), 0, 0);
    ghost[i] = before.ghost;
  }

  /** The highest of the reports that suffice, when those come that suit the adversary best. A liar reports view 1. */
  #highestReported(i: number): number {
    const { layout } = this;
    const { validators, liars } = layout.options;
    const views: number[] = [];
    for (let j = 0; j < layout.honest; j++) if (j !== i) views.push(this.#reportOf(j));
    views.sort((a, b) => a - b);
    const needed = Math.min(validators - Math.floor((validators - 1) / 3), validators - 1) - liars;
    return needed <= 0 ? 1 : (views[needed - 1] as number);
  }

  /** Where the validator is; or, when old votes count as reports, the lowest view in which it ever voted. */
  #reportOf(j: number): number {
    const { layout } = this;
    const current = layout.currentOf(this.#state.local[j] as number);
    if (this.#freshReports) return current;
    const votes = this.pool(j);
    for (let view = 1; view < current; view++) {
      if (((votes >>> layout.shiftOf(view)) & layout.viewMask) !== 0) return view;
    }
    return current;
  }

  /** Liars add the votes that complete a certificate: as few as are needed, in all ways. */
  #liarsSign(certificates: number): void {
    const { layout } = this;
    const { liar } = this.#state;
    for (let bit = 0; bit < layout.viewShift; bit++) {
      if ((certificates & (1 << bit)) !== 0) continue;
      let missing = layout.quorum;
      for (let j = 0; j < layout.honest; j++) missing -= (this.pool(j) >>> bit) & 1;
      for (let j = 0; j < layout.liarWords; j++) missing -= ((liar[j] as number) >>> bit) & 1;
      this.action.view = Math.floor(bit / layout.viewBits) + 1;
      this.action.variant = bit % layout.viewBits;
      this.#signed(bit, missing, 0);
    }
  }

  #signed(bit: number, missing: number, from: number): void {
    const { liar } = this.#state;
    if (missing === 0) {
      this.action.kind = "liarsSign";
      return this.#visit();
    }
    for (let j = from; j <= liar.length - missing; j++) {
      const before = liar[j] as number;
      if (((before >>> bit) & 1) !== 0) continue;
      liar[j] = before | (1 << bit);
      this.#signed(bit, missing - 1, j + 1);
      liar[j] = before;
    }
  }
}
