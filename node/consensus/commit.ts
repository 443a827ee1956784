// From finalizations to commits: "commit b and its uncommitted ancestors in order, each only after its own
// justification has been verified". Bodies and results may come later than the finalization; commits wait for them.
import type { SealedBlock } from "../types/block.ts";
import type { Digest, View } from "../types/brands.ts";
import type { Finalization } from "../types/certificate.ts";
import type { Draft } from "./draft.ts";
import { beginFork, contradictsChain } from "./fork.ts";
import { coversBetween, dropThrough } from "./intervals.ts";
import type { BlockEntry, ConsensusState, ExecutedResult, FinalBlock } from "./state.ts";
import { archiveRecord } from "./view.ts";

/** A new finalization: remembered until its ancestry down to the last final block is here. */
export function takeFinalization(draft: Draft, finalization: Finalization): void {
  const { state } = draft;
  const { view, digest } = finalization.vote;
  const highest = state.highestFinalization;
  if (highest === undefined || highest.vote.view < view) state.highestFinalization = finalization;
  if (contradictsChain(state, view, digest)) return beginFork(draft, finalization);
  if (view <= lastFinal(state).view) return;
  state.unjoined = boundedUnjoined(state, finalization);
  joinFinal(draft);
}

/** While this node is far behind, the finalizations of blocks that it will fetch later need not pile up. */
function boundedUnjoined(state: ConsensusState, added: Finalization): Map<View, Finalization> {
  const all = new Map(state.unjoined).set(added.vote.view, added);
  if (all.size <= state.config.limits.blocksPerMessageMax) return all;
  const keep = ({ vote }: Finalization): boolean =>
    vote.view === state.highestFinalization?.vote.view || state.blocks.has(vote.digest);
  return new Map([...all].filter(([, finalization]) => keep(finalization)));
}

/** The last block that is known to be final and connected, committed or not yet. */
export function lastFinal(state: ConsensusState): { digest: Digest; view: View; height: number } {
  const last = state.final.at(-1);
  if (last === undefined) return state.committed;
  const { view, height } = (state.blocks.get(last.digest) as BlockEntry).block.header;
  return { digest: last.digest, view, height };
}

/** Connects the highest finalization whose ancestry is complete to the chain; earlier ones come with it. */
export function joinFinal(draft: Draft): void {
  const views = [...draft.state.unjoined.keys()].sort((a, b) => b - a);
  for (const view of views) {
    const finalization = draft.state.unjoined.get(view) as Finalization;
    const path = pathTo(draft, finalization);
    if (path === "fork") return beginFork(draft, finalization);
    if (path === undefined) continue;
    const foreign = passedOver(draft.state, path);
    return foreign === undefined ? join(draft, path) : beginFork(draft, foreign);
  }
}

/** Blocks above the last final one up to the finalized one, ascending; undefined while a body is missing. */
function pathTo({ state }: Draft, finalization: Finalization): SealedBlock[] | "fork" | undefined {
  const base = lastFinal(state);
  const path: SealedBlock[] = [];
  let digest = finalization.vote.digest;
  while (digest !== base.digest) {
    const block = state.blocks.get(digest)?.block;
    if (block === undefined) return undefined;
    if (block.header.height <= base.height + 1 && block.header.parentDigest !== base.digest) return "fork";
    path.push(block);
    digest = block.header.parentDigest;
  }
  return path.reverse();
}

/** A finalization, of a view that this path passes, of a block that is not on it. */
function passedOver({ unjoined }: ConsensusState, path: readonly SealedBlock[]): Finalization | undefined {
  const top = path.at(-1)?.header.view as View;
  const digests = new Set(path.map(({ digest }) => digest));
  return [...unjoined.values()].find(({ vote }) => vote.view <= top && !digests.has(vote.digest));
}

function join(draft: Draft, path: readonly SealedBlock[]): void {
  const { state } = draft;
  const joined: FinalBlock[] = [];
  let finalization: Finalization | undefined;
  for (const block of path.toReversed()) {
    finalization = state.unjoined.get(block.header.view) ?? finalization;
    joined.unshift({ digest: block.digest, finalization: finalization as Finalization });
    draft.setBlock(block.digest, { certified: true });
  }
  state.final = [...state.final, ...joined];
  const top = path.at(-1)?.header.view as View;
  state.unjoined = new Map([...state.unjoined].filter(([view]) => view > top));
}

/** Are all views between a block and its parent nullified, also those that found no room in its justification? */
export function isCovered(state: ConsensusState, { header, justification }: SealedBlock): boolean {
  const lowest = (header.view - justification.nullifications.length) as View;
  return coversBetween(state.nullified, header.parentView, lowest);
}

/** Commits what is final and executed, up to the epoch's last block. */
export function advanceCommits(draft: Draft): void {
  while (draft.state.phase === "running") {
    const next = draft.state.final[0];
    if (next === undefined) return;
    const entry = draft.state.blocks.get(next.digest) as BlockEntry;
    if (!isCovered(draft.state, entry.block)) return;
    // A final header states the result of its parent: who has another one must not go on.
    if (entry.block.header.parentExecutionHash !== draft.state.committed.executionHash)
      return stopDiverged(draft, entry);
    if (typeof entry.execution === "string") return;
    commit(draft, entry.block, next.finalization, entry.execution);
    if (entry.block.header.height === draft.state.config.lastHeight) endEpoch(draft);
  }
}

/** "The new epoch starts from that finalization": nothing more comes from this core. */
function endEpoch(draft: Draft): void {
  for (const record of draft.state.views.values()) archiveRecord(draft, record);
  draft.state.phase = "ended";
  draft.emit({ kind: "endEpoch", tip: draft.state.committed });
}

/** The blocks behind the epoch's last one that lead to what its finalization names: with them, whoever stands in the
 * epoch ends it as this node does. */
function tailTo({ final, blocks }: ConsensusState, { vote }: Finalization): readonly SealedBlock[] {
  const path = final.map(({ digest }) => (blocks.get(digest) as BlockEntry).block);
  return path.slice(1, path.findIndex(({ digest }) => digest === vote.digest) + 1);
}

function stopDiverged(draft: Draft, { block }: BlockEntry): void {
  const { committed } = draft.state;
  const reason = `This node computed another result for block ${committed.height} than the quorum: do not restart it with this software or data; keep both and compare.`;
  const { height, digest, executionHash: own } = committed;
  const facts = { height, digest, own, final: block.header.parentExecutionHash };
  draft.state.phase = "stopped";
  draft.emit({ kind: "stop", code: "EXECUTION_DIVERGED", reason, certificates: [], facts });
}

function commit(draft: Draft, block: SealedBlock, finalization: Finalization, result: ExecutedResult): void {
  const { state } = draft;
  const { view, height, timestampMs, parentView } = block.header;
  const isLast = height === state.config.lastHeight;
  draft.emit({ kind: "commit", block, finalization, ...(isLast && { tail: tailTo(state, finalization) }) });
  state.final = state.final.slice(1);
  state.committed = { digest: block.digest, view, height, timestampMs, ...result };
  state.nullified = dropThrough(state.nullified, view);
  if (state.views.has(view)) draft.setRecord(view, { committed: { digest: block.digest, parentView } });
  // The block itself is served from storage from now on; its siblings are discarded.
  for (const other of state.blocks.values()) {
    if (other.block.header.height <= height) draft.dropBlock(other.block.digest);
  }
}

/** "A validator executes block h as soon as it has seen it": once its parent's result is known and the block is valid
 * by the application's word, or certified. */
export function advanceExecution(draft: Draft): void {
  const { state } = draft;
  for (const { block, execution, valid, certified } of [...state.blocks.values()]) {
    if (execution !== "none" || !(valid || certified) || !hasResult(state, block.header.parentDigest)) continue;
    draft.setBlock(block.digest, { execution: "requested" });
    draft.emit({ kind: "execute", block });
  }
}

export function hasResult(state: ConsensusState, digest: Digest): boolean {
  if (digest === state.committed.digest) return true;
  const entry = state.blocks.get(digest);
  return entry !== undefined && typeof entry.execution !== "string";
}
