// A path of the model in words, with names that stay the same all along.

import { InvariantError } from "../../node/types/errors.ts";
import { CanonicalForm } from "./canonicalForm.ts";
import { copyState, type ModelLayout, type NetworkState } from "./modelLayout.ts";
import { type ModelAction, ModelProtocol } from "./modelProtocol.ts";

export interface Move {
  readonly action: ModelAction;
  /** The state it led to, validators and blocks as they were named at the start. */
  readonly state: NetworkState;
}

/** The actions along a path of packed states: of each state only one of its renamings is known. */
export function movesAlong(layout: ModelLayout, path: readonly Uint32Array[]): Move[] {
  const state = layout.newState();
  const protocol = new ModelProtocol(layout, state, "speaking");
  const canonical = layout.options.symmetry ? new CanonicalForm(layout) : undefined;
  const packed = new Uint32Array(layout.words);
  const moves: Move[] = [];
  for (const wanted of path.slice(1)) {
    let found: Move | undefined;
    protocol.expand(() => {
      if (found !== undefined) return;
      layout.pack(canonical?.of(state) ?? state, packed);
      if (packed.some((word, w) => word !== wanted[w])) return;
      found = { action: { ...protocol.action }, state: cloned(layout, state) };
    });
    if (found === undefined) throw new InvariantError("NO_SUCH_MOVE", { at: moves.length }, "a path has a gap");
    moves.push(found);
    copyState(found.state, state);
  }
  return moves;
}

export function cloned(layout: ModelLayout, state: NetworkState): NetworkState {
  const copy = layout.newState();
  copyState(state, copy);
  return copy;
}

const nameOf = (validator: number): string => String.fromCharCode("A".charCodeAt(0) + validator);
const blockName = (view: number, variant: number): string =>
  `${view}${String.fromCharCode("a".charCodeAt(0) + variant)}`;

function parentName(layout: ModelLayout, { parents }: NetworkState, view: number, variant: number): string {
  const parent = layout.parentOf(parents[0] as number, layout.blockOf(view, variant));
  if (parent === 0) return "genesis";
  return blockName(Math.floor((parent - 1) / layout.variants) + 1, (parent - 1) % layout.variants);
}

/** One line for each move: who did what, and what it has made that validator say. */
export function describeMove(layout: ModelLayout, { action, state }: Move): string {
  const { kind, validator, view, variant, isNew } = action;
  const block = blockName(view, variant);
  const name = nameOf(validator);
  const now = `, is in view ${layout.currentOf(state.local[validator] as number)}`;
  const said = (((state.local[validator] as number) >>> layout.shiftOf(Math.max(view, 1))) & layout.viewMask) >>> 0;
  switch (kind) {
    case "timeout":
      return `${name} gives up view ${view}: Nullify(${view})`;
    case "notarize":
      return `${name}: Notarize(${block})${isNew ? `, a new block on ${parentName(layout, state, view, variant)}` : ""}`;
    case "acceptNotarization": {
      const finalizes = (said & (1 << (layout.finalizeShift + variant))) !== 0;
      return `${name} accepts the notarization of ${block}${finalizes ? `: Finalize(${block})` : ""}${now}`;
    }
    case "acceptNullification":
      return `${name} accepts the nullification of view ${view}${now}`;
    case "acceptFinalization":
      return `${name} accepts the finalization of ${block}${now}`;
    case "acceptAndRestart":
      return `${name} accepts the notarization of ${block} and is restarted before it says Finalize${now}`;
    case "restart":
      return `${name} is restarted${now}`;
    case "loseEverything":
      return `${name} loses log and guard, will sign from view ${layout.signsFrom(state.ghost[validator] as number)}${now}`;
    case "liarsSign":
      return `liars complete a certificate in view ${view}: ${certificateName(layout, view, variant)}`;
  }
}

/** @param bit of the vote among those of its view */
function certificateName(layout: ModelLayout, view: number, bit: number): string {
  if (bit < layout.variants) return `notarization of ${blockName(view, bit)}`;
  if (bit === layout.variants) return "nullification";
  return `finalization of ${blockName(view, bit - layout.finalizeShift)}`;
}

/** What everybody has signed, in the end. */
export function describeVotes(layout: ModelLayout, state: NetworkState): string[] {
  const lines: string[] = [];
  const write = (name: string, votes: number): void => {
    const said: string[] = [];
    for (let view = 1; view <= layout.views; view++) {
      for (let bit = 0; bit < layout.viewBits; bit++) {
        if (((votes >>> (layout.shiftOf(view) + bit)) & 1) === 0) continue;
        if (bit < layout.variants) said.push(`Notarize(${blockName(view, bit)})`);
        else if (bit === layout.variants) said.push(`Nullify(${view})`);
        else said.push(`Finalize(${blockName(view, bit - layout.finalizeShift)})`);
      }
    }
    lines.push(`${name} signed: ${said.join(" ") || "nothing"}`);
  };
  for (let i = 0; i < layout.honest; i++) {
    write(nameOf(i), ((state.local[i] as number) | (state.ghost[i] as number)) & layout.votesMask);
  }
  for (let j = 0; j < layout.liarWords; j++) write(`liar ${j + 1}`, state.liar[j] as number);
  return lines;
}
