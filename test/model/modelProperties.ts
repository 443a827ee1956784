// What must hold in every state of the network.
import { faultyMax } from "../../node/types/quorum.ts";
import type { ModelLayout, NetworkState } from "./modelLayout.ts";
import type { ModelProtocol } from "./modelProtocol.ts";

export const modelViolations = {
  evidence: "an honest validator has signed two statements that convict it",
  twoNotarized: "two blocks of one view are notarized",
  nullifiedAndFinalized: "a view is both nullified and finalized",
  notNotarized: "a finalized block is not notarized",
  twoFinalized: "two blocks of one view are finalized",
  offChain: "a notarized block passes over a finalized one, or stands beside it",
  unpunished: "two blocks on different chains are finalized and convict no more than a third of the validators",
  stuck: "the honest cannot come together, give up their view and finalize a block in the next one",
} as const;

export type ModelViolation = keyof typeof modelViolations;

export class ModelProperties {
  readonly #layout: ModelLayout;
  readonly #protocol: ModelProtocol;
  readonly #state: NetworkState;
  /** For the votes of one validator in one view: do two of them convict it? */
  readonly #contradicts: Uint8Array;
  /** More liars than the protocol stands: forks are allowed, but must convict. */
  readonly #isOverrun: boolean;
  readonly #finalizations: number;
  /** States with a fork so far. */
  forks = 0;

  constructor(layout: ModelLayout, protocol: ModelProtocol, state: NetworkState) {
    this.#layout = layout;
    this.#protocol = protocol;
    this.#state = state;
    this.#isOverrun = layout.options.liars > faultyMax(layout.options.validators);
    let finalizations = 0;
    for (let view = 1; view <= layout.views; view++) finalizations |= layout.finalizeMask << layout.shiftOf(view);
    this.#finalizations = finalizations;
    this.#contradicts = Uint8Array.from({ length: layout.viewMask + 1 }, (_, votes) => {
      const notarized = votes & layout.notarizeMask;
      const finalized = (votes & layout.finalizeMask) >>> layout.finalizeShift;
      const isNullified = (votes & layout.nullifyBit) !== 0;
      const isTwofold = (blocks: number): boolean => (blocks & (blocks - 1)) !== 0;
      const pairs = [
        isTwofold(notarized),
        isTwofold(finalized),
        isNullified && finalized !== 0,
        finalized !== 0 && isTwofold(notarized | finalized),
      ];
      return pairs.includes(true) ? 1 : 0;
    });
  }

  /** Has the action just taken made an honest validator sign what convicts it? */
  get isEvidence(): boolean {
    const { kind, validator, view } = this.#protocol.action;
    if (view === 0 || kind === "liarsSign") return false;
    const said = (this.#protocol.pool(validator) >>> this.#layout.shiftOf(view)) & this.#layout.viewMask;
    return this.#contradicts[said] === 1;
  }

  /** The first property that the state breaks, evidence against the honest apart. */
  violation(): ModelViolation | undefined {
    const { liarWords, options } = this.#layout;
    const certificates = this.#protocol.certificates();
    const within = this.#withinViews(certificates);
    if (within !== undefined) return within;
    if ((certificates & this.#finalizations) === 0) return undefined;
    if (!this.#isOverrun) return this.#strayBlock(certificates, true) ? "offChain" : undefined;
    if (!this.#strayBlock(certificates, false)) return undefined;
    this.forks++;
    if (liarWords === 0) return undefined;
    let convicted = 0;
    for (let j = 0; j < liarWords; j++) if (this.#isConvicted(this.#state.liar[j] as number)) convicted++;
    return 3 * convicted > options.validators ? undefined : "unpunished";
  }

  #isConvicted(votes: number): boolean {
    const { viewBits, viewMask } = this.#layout;
    for (let rest = votes; rest !== 0; rest >>>= viewBits) {
      if (this.#contradicts[rest & viewMask] === 1) return true;
    }
    return false;
  }

  #withinViews(certificates: number): ModelViolation | undefined {
    const { viewBits, viewMask, notarizeMask, nullifyBit, finalizeMask, finalizeShift } = this.#layout;
    for (let rest = certificates; rest !== 0; rest >>>= viewBits) {
      const here = rest & viewMask;
      const notarized = here & notarizeMask;
      const finalized = (here & finalizeMask) >>> finalizeShift;
      if ((finalized & ~notarized) !== 0) return "notNotarized";
      if (this.#isOverrun) continue;
      if ((finalized & (finalized - 1)) !== 0) return "twoFinalized";
      if ((notarized & (notarized - 1)) !== 0) return "twoNotarized";
      if (finalized !== 0 && (here & nullifyBit) !== 0) return "nullifiedAndFinalized";
    }
    return undefined;
  }

  /** Is there a certified block that passes over a finalized one, or stands beside it? */
  #strayBlock(certificates: number, amongNotarized: boolean): boolean {
    const { views, variants, finalizeShift } = this.#layout;
    for (let view = views; view > 0; view--) {
      const here = certificates >>> this.#layout.shiftOf(view);
      for (let k = 0; k < variants; k++) {
        const bit = 1 << (amongNotarized ? k : finalizeShift + k);
        if ((here & bit) !== 0 && this.#strays(view, k, certificates)) return true;
      }
    }
    return false;
  }

  #strays(view: number, variant: number, certificates: number): boolean {
    const { variants } = this.#layout;
    let [at, k] = [view, variant];
    for (;;) {
      if ((this.#finalizedIn(at, certificates) & ~(1 << k)) !== 0) return true;
      const parent = this.#layout.parentOf(this.#state.parents[0] as number, this.#layout.blockOf(at, k));
      const below = parent === 0 ? 0 : Math.floor((parent - 1) / variants) + 1;
      for (let skipped = below + 1; skipped < at; skipped++) {
        if (this.#finalizedIn(skipped, certificates) !== 0) return true;
      }
      if (below === 0) return false;
      k = (parent - 1) % variants;
      at = below;
    }
  }

  /** The finalized blocks of a view. */
  #finalizedIn(view: number, certificates: number): number {
    const { finalizeShift, notarizeMask } = this.#layout;
    return (certificates >>> (this.#layout.shiftOf(view) + finalizeShift)) & notarizeMask;
  }
}
