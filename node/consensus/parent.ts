// What a block of a view may extend, and why.
import type { Justification } from "../types/block.ts";
import type { Digest, View } from "../types/brands.ts";
import type { Finalization, Notarization, Nullification } from "../types/certificate.ts";
import type { Draft } from "./draft.ts";
import type { CommittedTip } from "./input.ts";
import { highestMissing } from "./intervals.ts";
import type { ConsensusState } from "./state.ts";

export interface Parent {
  readonly view: View;
  readonly digest: Digest;
  /** Undefined for the block that the epoch starts from. */
  readonly certificate: Notarization | Finalization | undefined;
}

/** Views about which certificates are missing, both ends included. */
export interface MissingViews {
  readonly fromView: View;
  readonly toView: View;
}

/** "parent p = highest notarized view whose gap (p, v) is covered by nullifications". */
export function parentFor(state: ConsensusState, view: View): Parent | MissingViews {
  let best: Parent = { ...state.config.base, certificate: undefined };
  for (const { view: candidate, notarization, finalization } of state.views.values()) {
    const certificate = finalization ?? notarization;
    if (certificate === undefined || candidate >= view || candidate <= best.view) continue;
    best = { view: candidate, digest: certificate.vote.digest, certificate };
  }
  if (best.view < state.committed.view) return { fromView: state.committed.view, toView: (view - 1) as View };
  const missing = highestMissing(state.nullified, best.view, view);
  return missing === undefined ? best : { fromView: (best.view + 1) as View, toView: missing };
}

export const isMissing = (parent: Parent | MissingViews): parent is MissingViews => "fromView" in parent;

/** The certificates that let a block of `view` extend `parent`, as many as a block may carry. */
export function justificationFor(state: ConsensusState, view: View, parent: Parent): Justification | MissingViews {
  const from = Math.max(parent.view + 1, view - state.config.limits.certificatesPerMessageMax);
  const nullifications: Nullification[] = [];
  for (let skipped = from; skipped < view; skipped++) {
    const nullification = state.views.get(skipped as View)?.nullification;
    if (nullification === undefined) return { fromView: skipped as View, toView: skipped as View };
    nullifications.push(nullification);
  }
  return { parent: parent.certificate, nullifications };
}

/** What is known of a parent whose result is known here; undefined while body or result are missing. */
export function executedTip({ state }: Draft, digest: Digest): CommittedTip | undefined {
  if (digest === state.committed.digest) return state.committed;
  const entry = state.blocks.get(digest);
  if (entry === undefined || typeof entry.execution === "string") return undefined;
  const { view, height, timestampMs } = entry.block.header;
  return { digest, view, height, timestampMs, ...entry.execution };
}
