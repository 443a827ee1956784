// Counting votes: apart from the rules that say what a quorum means.
import type { View } from "../types/brands.ts";
import type { Certificate, Finalization, Notarization, Nullification } from "../types/certificate.ts";
import type { SignedVote, Vote, VoteKind } from "../types/vote.ts";
import type { Draft } from "./draft.ts";
import { reportContradictions } from "./evidence.ts";
import { freshRecord, leaderOf, type ViewRecord } from "./state.ts";

const digestOf = (vote: Vote) => (vote.kind === "nullify" ? undefined : vote.digest);

export const sameContent = (a: Vote, b: Vote): boolean =>
  a.kind === b.kind && a.view === b.view && a.epoch === b.epoch && digestOf(a) === digestOf(b);

/**
 * Takes up a verified vote: reports contradictions, counts the first of its kind, exchanges the leader's Notarize
 * with those who saw another block. The view must have room in memory.
 */
export function addVote(draft: Draft, signed: SignedVote): void {
  const { vote, signer } = signed;
  const record = draft.record(vote.view) ?? freshRecord(vote.view);
  noteActive(draft, signer, vote.view);
  const existing = record[vote.kind].get(signer);
  if (existing !== undefined && sameContent(existing.vote, vote)) return;
  reportContradictions(draft, record, signed);
  if (existing !== undefined) return;
  draft.setRecord(vote.view, { [vote.kind]: new Map(record[vote.kind]).set(signer, signed) });
  exchange(draft, signed);
}

function noteActive(draft: Draft, signer: number, view: View): void {
  if ((draft.state.lastActive[signer] ?? view) >= view) return;
  draft.state.lastActive = draft.state.lastActive.with(signer, view);
}

/** "On a vote for another digest than mine, exchange the leader-signed Notarizes with the voter." Each side that holds
 * one sends it, so that whoever voted learns that its leader signed two blocks. */
function exchange(draft: Draft, { vote, signer }: SignedVote): void {
  if (vote.kind === "nullify") return;
  const record = draft.record(vote.view) as ViewRecord;
  const leader = leaderOf(draft.state, vote.view);
  const leaderVote = record.notarize.get(leader);
  if (leaderVote === undefined) return;
  const others = signer === leader ? [...record.notarize.values(), ...record.finalize.values()] : [{ vote, signer }];
  for (const other of others) {
    if (other.signer === leader || other.signer === draft.state.config.self) continue;
    if (digestOf(other.vote) === digestOf(leaderVote.vote) || sentLeaderVote(draft, vote.view, other.signer)) continue;
    draft.emit({ kind: "send", to: other.signer, message: { kind: "vote", vote: leaderVote } });
  }
}

/** Marks that the peer has been sent the leader's Notarize; true when it had been before. */
function sentLeaderVote(draft: Draft, view: View, peer: SignedVote["signer"]): boolean {
  const exchangedWith = draft.record(view)?.exchangedWith ?? new Set();
  if (exchangedWith.has(peer)) return true;
  draft.setRecord(view, { exchangedWith: new Set(exchangedWith).add(peer) });
  return false;
}

/** Which certificate of a kind is held for the view. */
export function certificateOf(
  record: ViewRecord | undefined,
  kind: VoteKind,
): Notarization | Nullification | Finalization | undefined {
  if (record === undefined) return undefined;
  if (kind === "notarize") return record.notarization;
  return kind === "nullify" ? record.nullification : record.finalization;
}

/** The certificate that the votes of `vote`'s content make, when they are a quorum and none of the kind is held. */
export function formedBy(draft: Draft, vote: Vote): Certificate | undefined {
  const record = draft.record(vote.view);
  if (record === undefined || certificateOf(record, vote.kind) !== undefined) return undefined;
  const votes = [...record[vote.kind].values()].filter((other) => sameContent(other.vote, vote));
  return votes.length >= draft.state.quorum ? draft.state.config.scheme.form(vote, votes) : undefined;
}
