// This validator's own votes. The three rules that keep it from ever contradicting itself stand here and nowhere
// else; each vote is logged before the guard is asked to sign it.
import type { Digest, View } from "../types/brands.ts";
import { InvariantError } from "../types/errors.ts";
import type { SignedVote, Vote } from "../types/vote.ts";
import type { Draft } from "./draft.ts";
import { type ConsensusState, freshRecord, hasVoted, leaderOf } from "./state.ts";

const nothingSaid = freshRecord(0 as View).own;

const ownOf = (draft: Draft, view: View) => draft.record(view)?.own ?? nothingSaid;

/** Whether this node signs votes of the view at all. "The signer" */
export function maySign({ state }: { readonly state: ConsensusState }, view: View): boolean {
  if (state.config.self === undefined || state.fork !== undefined) return false;
  if (state.signing.mode === "normal") return true;
  return state.signing.mode === "resumed" && view >= state.signing.fromView;
}

/** "persist, broadcast Notarize(v, b)": only in the current view, and only as the first vote of any kind in it. */
export function castNotarize(draft: Draft, view: View, digest: Digest): boolean {
  if (view !== draft.state.current || hasVoted(draft.record(view)) || !maySign(draft, view)) return false;
  draft.setRecord(view, { own: { ...nothingSaid, notarize: digest } });
  cast(draft, { kind: "notarize", epoch: draft.state.config.epoch, view, digest });
  return true;
}

/** "if I have not sent Finalize(v): persist, broadcast Nullify(v)": allowed after Notarize(v). */
export function castNullify(draft: Draft, view: View): void {
  const own = ownOf(draft, view);
  if (own.finalize !== undefined || own.nullify || !maySign(draft, view)) return;
  draft.setRecord(view, { own: { ...own, nullify: true } });
  cast(draft, { kind: "nullify", epoch: draft.state.config.epoch, view });
}

/** "if v >= current at acceptance, and I have sent no Nullify(v) and no Finalize(v), and notarized nothing else in v":
 * the caller has persisted the notarization before. */
export function castFinalize(draft: Draft, view: View, digest: Digest): void {
  const own = ownOf(draft, view);
  if (view < draft.state.current || own.nullify || own.finalize !== undefined || !maySign(draft, view)) return;
  if (own.notarize !== undefined && own.notarize !== digest) return;
  draft.setRecord(view, { own: { ...own, finalize: digest } });
  cast(draft, { kind: "finalize", epoch: draft.state.config.epoch, view, digest });
}

function cast(draft: Draft, vote: Vote): void {
  draft.emit({ kind: "persist", record: { kind: "vote", vote } });
  draft.emit({ kind: "castVote", vote });
}

/** Sends one of this validator's signed votes: the leader's Notarize travels with its block. */
export function messageOfOwnVote(draft: Draft, signed: SignedVote) {
  const { vote, signer } = signed;
  if (vote.kind === "notarize" && leaderOf(draft.state, vote.view) === signer) {
    const entry = draft.state.blocks.get(vote.digest);
    if (entry !== undefined) return { kind: "proposal", block: entry.block, vote: signed } as const;
  }
  return { kind: "vote", vote: signed } as const;
}

/** The guard's answer must be about a vote that was asked for: anything else is a defect between core and driver. */
export function requireOwnVote(draft: Draft, { vote, signer }: SignedVote): void {
  const { own } = draft.record(vote.view) ?? {};
  // The view may have left memory while the guard was busy.
  if (own === undefined) return;
  const asked = vote.kind === "nullify" ? own.nullify : own[vote.kind] === vote.digest;
  if (!asked || signer !== draft.state.config.self) {
    throw new InvariantError("UNASKED_VOTE", { kind: vote.kind, view: vote.view }, "a vote was signed unasked");
  }
}
