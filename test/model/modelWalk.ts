// Traces of the model that the real core can follow: liars at given places, honest leaders that extend the highest
// notarized block they know. What a validator knows is not part of the model's state (anything sent may be known), but
// it is of a trace.
import type { Random } from "../simulation/random.ts";
import { cloned, type Move } from "./counterexample.ts";
import { honestPlaces } from "./honestPlaces.ts";
import { copyState, type ModelLayout, type NetworkState } from "./modelLayout.ts";
import { ModelProtocol } from "./modelProtocol.ts";

/** For each honest validator the highest notarized block it knows, the first one it heard of; and of those, what is
 * durable. Blocks as parents are written: 0 for genesis. */
class Knowledge {
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
    const { isNew, view, variant, validator } = action;
    if (!isNew || this.#leaders[view] !== validator) return true;
    const known = this.#known[validator] as number;
    const parent = this.#parentOf(state, view, variant);
    return parent === known || this.#viewOf(parent) > this.#viewOf(known);
  }

  #parentOf({ parents }: NetworkState, view: number, variant: number): number {
    return this.#layout.parentOf(parents[0] as number, this.#layout.blockOf(view, variant));
  }

  #viewOf(block: number): number {
    return Math.ceil(block / this.#layout.variants);
  }

  learn({ action, state }: Move): void {
    const { kind, validator, view, variant } = action;
    const know = (block: number): void => {
      if (this.#viewOf(block) > this.#viewOf(this.#known[validator] as number)) this.#known[validator] = block;
    };
    const isBlock = kind === "acceptNotarization" || kind === "acceptFinalization" || kind === "acceptAndRestart";
    if (isBlock) know(1 + this.#layout.blockOf(view, variant));
    if (kind === "notarize") know(this.#parentOf(state, view, variant));
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
