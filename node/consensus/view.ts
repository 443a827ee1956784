// Entering a view, its timers, and giving up on it.
import type { ValidatorIndex, View } from "../types/brands.ts";
import { InvariantError } from "../types/errors.ts";
import type { Draft } from "./draft.ts";
import type { TimerName } from "./input.ts";
import { type ConsensusState, freshView, hasVoted, leaderOf, type ViewRecord } from "./state.ts";
import { castNullify } from "./voting.ts";

const timersOfView: readonly TimerName[] = ["leader", "notarization", "pace", "verify", "retry"];

/** "enter(v), once, v > current: cancel all timers of the old view; results that arrive later for it are ignored". */
export function enterView(draft: Draft, view: View): void {
  const { state } = draft;
  if (view <= state.current) {
    throw new InvariantError("VIEW_WENT_BACK", { view, current: state.current }, "a view is entered once, upwards");
  }
  for (const timer of timersOfView) draft.cancelTimer(timer);
  excuseSkipped(draft, view);
  state.current = view;
  state.inView = freshView;
  pruneViews(draft);
  // Votes for this view that came early: somebody else has something to order here.
  if (othersSpoke(draft, view)) insist(draft);
  startPace(draft);
}

/** Who jumps over many views knows nothing of what was said in them: nobody counts as silent for that. */
function excuseSkipped(draft: Draft, view: View): void {
  const { state } = draft;
  if (view - state.current <= silenceViews(state)) return;
  state.lastActive = state.lastActive.map((seen) => (seen < view ? view : seen));
}

const silenceViews = ({ config }: ConsensusState): number =>
  config.parameters.skipInactiveViews * config.validators.length;

export function othersSpoke(draft: Draft, view: View): boolean {
  const record = draft.record(view);
  if (record === undefined) return false;
  const { self } = draft.state.config;
  return [record.notarize, record.nullify, record.finalize].some((votes) => [...votes.keys()].some((i) => i !== self));
}

/** "Pace": the leader waits blockIntervalMs after entering the view, unless the block would be full. */
export function startPace(draft: Draft): void {
  const { state } = draft;
  if (leaderOf(state, state.current) !== state.config.self) return;
  draft.setTimer("pace", state.config.parameters.blockIntervalMs);
}

/** Ends the wait for something to order: "set tL (leader) and tA (notarization)". */
export function arm(draft: Draft): void {
  const { state } = draft;
  if (state.inView.armed) return;
  draft.setInView({ armed: true });
  const { leaderTimeoutMs, notarizationTimeoutMs } = state.config.parameters;
  if (draft.record(state.current)?.proposal === undefined) {
    draft.setTimer("leader", mayBeSkipped(state) ? 0 : doubled(state, leaderTimeoutMs));
  }
  draft.setTimer("notarization", doubled(state, notarizationTimeoutMs));
}

/** Ends the wait for good in this view: somebody else has said something in it. */
export function insist(draft: Draft): void {
  if (!draft.state.inView.insisted) draft.setInView({ insisted: true });
  arm(draft);
}

/** The chain has settled since the wait was ended, and nobody has said anything: the wait goes on. */
export function disarm(draft: Draft): void {
  const { armed, insisted, timedOut, building } = draft.state.inView;
  if (!armed || insisted || timedOut || building || hasVoted(draft.record(draft.state.current))) return;
  draft.setInView({ armed: false });
  draft.cancelTimer("leader");
  draft.cancelTimer("notarization");
}

/** "doubled per consecutive nullified view up to maxTimeoutMs, back to the base on a notarization". */
function doubled({ config, nullifiedStreak }: ConsensusState, baseMs: number): number {
  return Math.min(baseMs * 2 ** Math.min(nullifiedStreak, 30), config.parameters.maxTimeoutMs);
}

/** "tL = 0 if leader(v) is silent and >= q validators, me included, are not silent; the leader itself never uses it":
 * nobody finds itself silent. */
function mayBeSkipped(state: ConsensusState): boolean {
  const silent = silentValidators(state);
  return silent.has(leaderOf(state, state.current)) && state.lastActive.length - silent.size >= state.quorum;
}

/** Those of whom no valid vote or proposal of any kind was seen in the last skipInactiveViews · n views. */
export function silentValidators(state: ConsensusState): ReadonlySet<ValidatorIndex> {
  const from = state.current - silenceViews(state);
  const silent = new Set<ValidatorIndex>();
  for (const [index, last] of state.lastActive.entries()) {
    if (index !== state.config.self && last < from) silent.add(index as ValidatorIndex);
  }
  return silent;
}

/** "timeout(v) = tL or tA fired, or my own build or verify failed". Repeats what it said every tR while in v. */
export function timeOut(draft: Draft): void {
  if (draft.state.inView.timedOut) return;
  draft.setInView({ timedOut: true });
  castNullify(draft, draft.state.current);
  draft.setTimer("retry", draft.state.config.parameters.retryIntervalMs);
}

/** Lets go of views that are too far back to matter here; what was held about them is archived for evidence. */
function pruneViews(draft: Draft): void {
  const { state } = draft;
  const floor = lowestViewHeld(state);
  for (const record of state.views.values()) {
    if (record.view >= floor || record.view === state.fork?.view) continue;
    // The chain above the committed tip may need these as parents.
    if (record.view >= state.committed.view && (record.notarization ?? record.finalization) !== undefined) continue;
    draft.dropRecord(record.view);
    archiveRecord(draft, record);
  }
}

/** What was held about a view that leaves memory: served to stragglers, and kept for evidence. */
export function archiveRecord(draft: Draft, record: ViewRecord): void {
  const votes = [record.notarize, record.nullify, record.finalize].flatMap((m) => [...m.values()]);
  const certificates = [record.notarization, record.nullification, record.finalization].filter((c) => c !== undefined);
  if (votes.length > 0 || certificates.length > 0) draft.emit({ kind: "archive", votes, certificates });
}

/** Below it, votes are dropped, and certificates only verified. */
export function lowestViewHeld({ current, config }: ConsensusState): View {
  return Math.max(0, current - config.limits.pastViewsMax) as View;
}

/** A valid proposal or vote for my current view by another validator ends the wait ("Idle"). */
export function noteActivity(draft: Draft, signer: ValidatorIndex, view: View): void {
  if (view === draft.state.current && signer !== draft.state.config.self) insist(draft);
}
