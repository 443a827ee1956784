// Traces of the model that the real core can follow: liars at given places, honest leaders that extend the highest
// notarized block they know. What a validator knows is not part of the model's state (anything sent may be known), but
// it is of a trace.
import type { Random } from "../simulation/random.ts";
import { cloned, type Move } from "./counterexample.ts";
import { honestPlaces } from "./honestPlaces.ts";
import { copyState, type ModelLayout, type NetworkState } from "./modelLayout.ts";
import { ModelProtocol } from "./modelProtocol.ts";

/** For each honest validator the highest view of which it knows a notarization; and of those, what is durable. */
export class Knowledge {
  readonly #layout: ModelLayout;
  readonly #leaders: readonly number[];
  readonly #known: number[];
  readonly #durable: number[];

  constructor(layout: ModelLayout, liarsAt: readonly number[]) {
    const { validators } = layout.options;
    this.#layout = layout;
    const honest = honestPlaces(validators, liarsAt);
    this.#leaders = Array.from({ length: layout.views + 1 }, (_, view) => honest.indexOf(view % validators));
    this.#known = honest.map(() => 0);
    this.#durable = honest.map(() => 0);
  }

  /** Would an honest leader extend this parent? Everybody else may do whatever the model allows. */
  allows({ action, state }: Move): boolean {
    if (!action.isNew || this.#leaders[action.view] !== action.validator) return true;
    return this.#parentView(state, action) >= (this.#known[action.validator] as number);
  }

  #parentView({ parents }: NetworkState, { view, variant }: { view: number; variant: number }): number {
    const parent = this.#layout.parentOf(parents[0] as number, this.#layout.blockOf(view, variant));
    return parent === 0 ? 0 : Math.floor((parent - 1) / this.#layout.variants) + 1;
  }

  learn({ action, state }: Move): void {
    const { kind, validator, view } = action;
    const know = (seen: number): void => {
      this.#known[validator] = Math.max(this.#known[validator] as number, seen);
    };
    if (kind === "acceptNotarization" || kind === "acceptFinalization" || kind === "acceptAndRestart") know(view);
    if (kind === "notarize") know(this.#parentView(state, action));
    if (kind === "restart") this.#known[validator] = this.#durable[validator] as number;
    const word = state.local[validator] as number;
    const hasFinalized = ((word >>> this.#layout.shiftOf(Math.max(1, view))) & this.#layout.finalizeMask) !== 0;
    const isVote = kind === "timeout" || kind === "notarize" || (kind === "acceptNotarization" && hasFinalized);
    if (isVote || kind === "acceptAndRestart") this.#durable[validator] = this.#known[validator] as number;
  }
}

/** Is the trace one that real leaders can take part in? */
export function isFollowable(layout: ModelLayout, liarsAt: readonly number[], moves: readonly Move[]): boolean {
  const knowledge = new Knowledge(layout, liarsAt);
  return moves.every((move) => {
    const isAllowed = knowledge.allows(move);
    knowledge.learn(move);
    return isAllowed;
  });
}

/** A random trace from the start until nothing more can happen. */
export function randomWalk(layout: ModelLayout, liarsAt: readonly number[], random: Random): Move[] {
  const state = layout.newState();
  const protocol = new ModelProtocol(layout, state, "speaking");
  const knowledge = new Knowledge(layout, liarsAt);
  const moves: Move[] = [];
  for (;;) {
    const open: Move[] = [];
    protocol.expand(() => open.push({ action: { ...protocol.action }, state: cloned(layout, state) }));
    const possible = open.filter((move) => knowledge.allows(move));
    if (possible.length === 0) return moves;
    // Each kind of action is as likely as any other, however many ways there are of taking it.
    const kinds = [...new Set(possible.map(({ action }) => action.kind))];
    const kind = random.pick(kinds);
    const move = random.pick(possible.filter(({ action }) => action.kind === kind));
    knowledge.learn(move);
    moves.push(move);
    copyState(move.state, state);
  }
}
