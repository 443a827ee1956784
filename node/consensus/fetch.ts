// Asking peers for what is missing: one request at a time, another peer after each tR, nothing asked that is not
// needed to vote, to build or to commit.
import type { Digest, ValidatorIndex, View } from "../types/brands.ts";
import { Height } from "../types/brands.ts";
import type { FetchRequest } from "../types/message.ts";
import { isCovered, lastFinal } from "./commit.ts";
import type { Draft } from "./draft.ts";
import { highestMissing } from "./intervals.ts";
import { isMissing, parentFor } from "./parent.ts";
import { type BlockEntry, type ConsensusState, leaderOf } from "./state.ts";

/** Blocks that may be missing below a finalized one before they are fetched by height instead of one by one. */
const nearHeightsMax = 2;

/** `request`, `fromFinal` and `otherwise` of a need. */
const ways = 3;

interface Need {
  readonly request: FetchRequest;
  /** Another way, tried in turn with the first: who has not yet committed a block can still have its body, and the reverse. */
  readonly otherwise?: FetchRequest;
  /** The same from the last final block on, tried in turn: what is held above it may be certified and yet no ancestor of
   * what is final. */
  readonly fromFinal?: FetchRequest;
  /** A body that is probably on its way: worth a short wait before it is asked for. */
  readonly isNear: boolean;
  /** Who should be asked first, if that is known. */
  readonly holders: readonly ValidatorIndex[];
}

/** Keeps the outstanding request in line with what is needed now. */
export function advanceFetch(draft: Draft): void {
  const { state } = draft;
  // The only validator of a set has nobody to ask; who follows it has.
  if (state.config.validators.length < 2 && state.config.self !== undefined) return;
  const need = needed(state);
  if (need === undefined) {
    draft.cancelTimer("fetch");
    state.fetch = undefined;
    return;
  }
  const key = JSON.stringify(need.request);
  if (state.fetch?.key === key) return;
  state.fetch = { request: need.request, key, attempts: 0, asked: new Set() };
  if (need.isNear) draft.setTimer("fetch", Math.floor(state.config.parameters.retryIntervalMs / 4));
  else ask(draft, need);
}

/** The `fetch` timer: ask, or ask somebody else. */
export function retryFetch(draft: Draft): void {
  const need = needed(draft.state);
  if (need !== undefined && draft.state.fetch !== undefined) ask(draft, need);
}

function ask(draft: Draft, need: Need): void {
  const { state } = draft;
  const attempts = state.fetch?.attempts ?? 0;
  const others = state.config.validators.map((_, i) => i as ValidatorIndex).filter((i) => i !== state.config.self);
  const preferred = state.helper === undefined ? need.holders : [state.helper, ...need.holders];
  const candidates = [...new Set([...preferred.filter((i) => i !== state.config.self), ...others])];
  const to = candidates[attempts % candidates.length] as ValidatorIndex;
  const asked = new Set(state.fetch?.asked).add(to);
  state.fetch = { request: need.request, key: JSON.stringify(need.request), attempts: attempts + 1, asked };
  const { request, otherwise = request, fromFinal = request } = need;
  const message = [request, fromFinal, otherwise][wayOf(attempts, candidates.length)] ?? request;
  draft.emit({ kind: "send", to, message });
  draft.setTimer("fetch", state.config.parameters.retryIntervalMs);
}

/** Which of a need's ways an attempt goes: the next one with each peer, and with each round, so that within three rounds
 * everybody has been asked in every way, whatever their number. */
export function wayOf(attempts: number, candidates: number): number {
  return (Math.floor(attempts / candidates) + (attempts % candidates)) % ways;
}

type HeightsRequest = Extract<FetchRequest, { kind: "fetchHeights" }>;

function heightsAbove(state: ConsensusState, { height }: { height: number }): HeightsRequest {
  return { kind: "fetchHeights", fromHeight: Height(height + 1), count: state.config.limits.blocksPerMessageMax };
}

/** Height of the last final block, or of the highest that follows it among the certified bodies held. */
function highestHeld(state: ConsensusState): { height: number } {
  const base = lastFinal(state);
  const joined = new Set<Digest>([base.digest]);
  let { height } = base;
  const certified = [...state.blocks.values()].filter((entry) => entry.certified).map(({ block }) => block);
  for (const { digest, header } of certified.sort((a, b) => a.header.height - b.header.height)) {
    if (!joined.has(header.parentDigest)) continue;
    joined.add(digest);
    height = header.height;
  }
  return { height };
}

function needed(state: ConsensusState): Need | undefined {
  return neededForCommit(state) ?? neededForProposal(state) ?? neededForTip(state);
}

/** Bodies between the last final block and the highest finalization, and gaps of final blocks. */
function neededForCommit(state: ConsensusState): Need | undefined {
  for (const { digest } of state.final) {
    const { block } = state.blocks.get(digest) as BlockEntry;
    const gap = isCovered(state, block) ? undefined : neededViews(state, block.header.parentView, block.header.view);
    if (gap !== undefined) return gap;
  }
  const highest = state.highestFinalization;
  if (highest === undefined || state.unjoined.size === 0) return undefined;
  return missingBelow(state, highest.vote.digest, highest.signers, highest.vote.view);
}

/** The first missing body on the way from `digest` down to the last final block. */
function missingBelow(
  state: ConsensusState,
  digest: Digest,
  holders: readonly ValidatorIndex[],
  view: View,
): Need | undefined {
  const base = lastFinal(state);
  let missing = digest;
  let height: number | undefined;
  while (missing !== base.digest) {
    const block = state.blocks.get(missing)?.block;
    if (block === undefined) break;
    if (block.header.height <= base.height + 1) return undefined;
    missing = block.header.parentDigest;
    height = block.header.height - 1;
  }
  if (missing === base.digest) return undefined;
  const isNear = height === undefined ? view - base.view <= 2 * nearHeightsMax : height - base.height <= nearHeightsMax;
  const body: FetchRequest = { kind: "fetchBlock", digest: missing };
  const heights = heightsAbove(state, highestHeld(state));
  const fromFinal = heightsAbove(state, base);
  if (isNear) return { request: body, otherwise: heights, isNear: true, holders };
  // Heights are asked for no faster than blocks leave memory by being committed.
  const { uncommittedBlocksMax, blocksPerMessageMax } = state.config.limits;
  if (heights.fromHeight + blocksPerMessageMax > state.committed.height + uncommittedBlocksMax) return undefined;
  return { request: heights, fromFinal, otherwise: body, isNear: false, holders };
}

/** Bodies of the notarized chain that the next block extends, and certificates of skipped views. */
function neededForTip(state: ConsensusState): Need | undefined {
  const parent = parentFor(state, state.current);
  if (isMissing(parent)) {
    return {
      request: { kind: "fetchViews", epoch: state.config.epoch, ...parent },
      isNear: true,
      holders: [leaderOf(state, state.current)],
    };
  }
  if (parent.certificate === undefined || parent.view <= state.committed.view) return undefined;
  return missingBelow(state, parent.digest, parent.certificate.signers, parent.view);
}

/** What stands between the leader's proposal and a verdict on it. */
function neededForProposal(state: ConsensusState): Need | undefined {
  const digest = state.views.get(state.current)?.proposal;
  const block = digest === undefined ? undefined : state.blocks.get(digest)?.block;
  if (block === undefined || block.header.parentView < state.committed.view) return undefined;
  const { header, justification } = block;
  if (!isCovered(state, block)) return neededViews(state, header.parentView, header.view);
  const parent = justification.parent;
  return parent === undefined ? undefined : missingBelow(state, header.parentDigest, parent.signers, header.parentView);
}

function neededViews(state: ConsensusState, from: View, to: View): Need | undefined {
  const toView = highestMissing(state.nullified, from, to);
  if (toView === undefined) return undefined;
  const holders = [leaderOf(state, to)];
  const { epoch } = state.config;
  return { request: { kind: "fetchViews", epoch, fromView: (from + 1) as View, toView }, isNear: false, holders };
}
