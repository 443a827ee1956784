// Can the chain go on? From a state, with nothing more heard from the liars: everybody is brought to the highest view by
// the certificates there are, gives it up, and in the next one an honest block must become final. Only in states that
// leave room for that below the last view.
import { copyState, type ModelLayout, type NetworkState } from "./modelLayout.ts";
import { ModelProtocol } from "./modelProtocol.ts";

export class ModelProgress {
  readonly #layout: ModelLayout;
  readonly #state: NetworkState;
  readonly #wanted: NetworkState;
  /** With everything the liars have signed, for what lies behind; and without, for what is still to come. */
  readonly #past: ModelProtocol;
  readonly #future: ModelProtocol;
  progressing = 0;

  constructor(layout: ModelLayout) {
    this.#layout = layout;
    this.#state = layout.newState();
    this.#wanted = layout.newState();
    this.#past = new ModelProtocol(layout, this.#state, "speaking");
    this.#future = new ModelProtocol(layout, this.#state, "silent");
  }

  isStuck(from: NetworkState): boolean {
    const { honest, views } = this.#layout;
    copyState(from, this.#state);
    const top = Math.max(...Array.from({ length: honest }, (_, i) => this.#viewOf(i)));
    if (top >= views) return false;
    const nullified = this.#layout.nullifyBit << this.#layout.shiftOf(top);
    const everybody = (does: (i: number) => boolean): boolean => {
      for (let i = 0; i < honest; i++) if (!does(i)) return false;
      return true;
    };
    const isFinal =
      everybody((i) => this.#reaches(i, top)) &&
      everybody((i) => this.#hasSaid(i, nullified) || this.#does(this.#past, i, "timeout", top)) &&
      everybody((i) => this.#does(this.#future, i, "acceptNullification", top)) &&
      everybody((i) => this.#does(this.#past, i, "notarize", top + 1)) &&
      everybody((i) => this.#does(this.#future, i, "acceptNotarization", top + 1)) &&
      (this.#future.certificates() & (1 << (this.#layout.shiftOf(top + 1) + this.#layout.finalizeShift))) !== 0;
    if (isFinal) this.progressing++;
    return !isFinal;
  }

  #viewOf(i: number): number {
    return this.#layout.currentOf(this.#state.local[i] as number);
  }

  #hasSaid(i: number, vote: number): boolean {
    return ((this.#state.local[i] as number) & vote) !== 0;
  }

  #reaches(i: number, view: number): boolean {
    while (this.#viewOf(i) < view) {
      if (!this.#take(this.#past, i, () => this.#past.action.kind.startsWith("accept") && this.#viewOf(i) <= view)) {
        return false;
      }
    }
    return true;
  }

  /** In the fresh view everybody votes for the first block there: it has number 0. */
  #does(protocol: ModelProtocol, i: number, kind: string, view: number): boolean {
    const { action } = protocol;
    return this.#take(protocol, i, () => action.kind === kind && action.view === view && action.variant === 0);
  }

  /** The first action of a validator that suits; false when there is none. */
  #take(protocol: ModelProtocol, i: number, suits: () => boolean): boolean {
    let isFound = false;
    protocol.expandOne(i, () => {
      if (isFound || !suits()) return;
      isFound = true;
      copyState(this.#state, this.#wanted);
    });
    if (isFound) copyState(this.#wanted, this.#state);
    return isFound;
  }
}
