// "Idle": when there is nothing to order, the timers wait and no blocks are made.

import type { Digest } from "../types/brands.ts";
import type { Draft } from "./draft.ts";
import { executedTip, isMissing, parentFor } from "./parent.ts";
import type { BlockEntry, ConsensusState } from "./state.ts";
import { arm, disarm } from "./view.ts";

/** Asks the application about the block that would be extended, and ends the wait when there is something to order. */
export function advanceIdle(draft: Draft): void {
  watchTip(draft);
  if (nothingToOrder(draft.state)) disarm(draft);
  else arm(draft);
}

function watchTip(draft: Draft): void {
  const { state } = draft;
  const parent = parentFor(state, state.current);
  if (isMissing(parent) || state.available?.parent === parent.digest) return;
  if (executedTip(draft, parent.digest) === undefined) return;
  state.available = { parent: parent.digest, transactions: "none" };
  draft.emit({ kind: "watch", parent: parent.digest });
}

/**
 * "no transaction is executable on the tip I would extend; *and* every non-empty block on my chain is finalized and its
 * result is in a finalized header; *and* less than heartbeatMs passed since I last accepted a notarization".
 */
function nothingToOrder(state: ConsensusState): boolean {
  if (state.heartbeatDue) return false;
  const parent = parentFor(state, state.current);
  if (isMissing(parent)) return false;
  if (state.available?.parent === parent.digest && state.available.transactions !== "none") return false;
  return isSettled(state, parent.digest);
}

/** From the tip down to the committed block, itself included, has no block changed the state? The committed block
 * counts because its result stands only in its successor. What is not known yet decides nothing: the wait goes on. */
function isSettled(state: ConsensusState, tip: Digest): boolean {
  let digest = tip;
  while (digest !== state.committed.digest) {
    const entry = state.blocks.get(digest);
    if (entry === undefined) return true;
    if (changesState(entry)) return false;
    digest = entry.block.header.parentDigest;
  }
  return !state.committed.changedState;
}

/** "A block is empty only if it changes no state": one with transactions is known to be so only when executed. */
function changesState({ block, execution }: BlockEntry): boolean {
  return typeof execution === "string" ? block.transactions.length > 0 : execution.changedState;
}
