// What is repeated, and what is told to peers that are behind.
import type { ValidatorIndex, View } from "../types/brands.ts";
import type { Certificate } from "../types/certificate.ts";
import type { PeerMessage } from "../types/message.ts";
import type { SignedVote } from "../types/vote.ts";
import type { Draft } from "./draft.ts";
import type { ConsensusState } from "./state.ts";
import { messageOfOwnVote } from "./voting.ts";

/** "my best certificate for v (finalization over nullification over notarization)". */
function bestCertificate(state: ConsensusState, view: View): Certificate | undefined {
  const record = state.views.get(view);
  return record?.finalization ?? record?.nullification ?? record?.notarization;
}

function certificateMessages(certificates: readonly (Certificate | undefined)[]): PeerMessage[] {
  const distinct = new Set(certificates.filter((certificate) => certificate !== undefined));
  return [...distinct].map((certificate) => ({ kind: "certificate", certificate }));
}

const standing = (state: ConsensusState): PeerMessage[] =>
  certificateMessages([bestCertificate(state, (state.current - 1) as View), state.highestFinalization]);

/** This validator's signed votes of the current view, the leader's with its block. */
function ownVotes(draft: Draft): PeerMessage[] {
  const { state } = draft;
  const record = draft.record(state.current);
  if (record === undefined || state.config.self === undefined) return [];
  const self = state.config.self;
  const votes = [record.notarize.get(self), record.nullify.get(self), record.finalize.get(self)];
  return votes.filter((vote): vote is SignedVote => vote !== undefined).map((vote) => messageOfOwnVote(draft, vote));
}

/** "every tR while in v: resend my votes of v and my best certificate for v-1, and my highest finalization". */
export function resend(draft: Draft): void {
  for (const message of [...standing(draft.state), ...ownVotes(draft)]) draft.emit({ kind: "broadcast", message });
}

export function statusOf({ config, current, committed, signing }: ConsensusState): PeerMessage {
  const { epoch } = config;
  const signedEpoch = signing.mode === "past" ? signing.signedEpoch : epoch;
  return { kind: "status", epoch, view: current, height: committed.height, signedEpoch };
}

/** Tells one peer everything it needs to stand where this node stands. */
export function greet(draft: Draft, peer: ValidatorIndex): void {
  for (const message of [statusOf(draft.state), ...standing(draft.state), ...ownVotes(draft)]) {
    draft.emit({ kind: "send", to: peer, message });
  }
}

/** "stale reply: a vote for a view below mine is answered, rate-limited per peer, with my certificate for current-1 and
 * my highest finalization; a vote for my current view, with the latter". */
export function replyTo(draft: Draft, peer: ValidatorIndex, view: View): void {
  const { state } = draft;
  if (view > state.current) return;
  const kind = view < state.current ? "stale" : "current";
  const messages = kind === "stale" ? standing(state) : certificateMessages([state.highestFinalization]);
  if (messages.length === 0 || !mayReply(draft, peer, kind)) return;
  for (const message of messages) draft.emit({ kind: "send", to: peer, message });
}

/** One answer of a kind to a peer within half of tR, so that a peer that asks every tR is always answered. */
export function mayReply(draft: Draft, peer: ValidatorIndex, kind: string): boolean {
  const { state } = draft;
  const key = `${peer}/${kind}`;
  if (state.replied.has(key)) return false;
  state.replied = new Set(state.replied).add(key);
  if (!state.timers.has("reply")) draft.setTimer("reply", Math.floor(state.config.parameters.retryIntervalMs / 2));
  return true;
}
