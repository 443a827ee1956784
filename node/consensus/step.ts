// The consensus core: Simplex (Chan and Pass, IACR ePrint 2023/463) with deferred execution, as docs/consensus.md
// tells it. Pure and total: the same state and input give the same effects, byte for byte. What is done about an
// input stands in the switch; what follows from it (votes, commits, requests) is found by `settle`.

import type { FinalizedBlock } from "../types/block.ts";
import type { Epoch, ValidatorIndex } from "../types/brands.ts";
import { InvariantError, unreachable } from "../types/errors.ts";
import type { PeerMessage } from "../types/message.ts";
import type { SignedVote } from "../types/vote.ts";
import { takeFetchedBlock } from "./blocks.ts";
import { formCertificate, receiveCertificate } from "./certificates.ts";
import { advanceCommits, advanceExecution } from "./commit.ts";
import { Draft } from "./draft.ts";
import type { Effect } from "./effect.ts";
import { advanceFetch, retryFetch } from "./fetch.ts";
import { advanceFork, beginFork, foreignFinalization, forkRound } from "./fork.ts";
import { advanceIdle } from "./idle.ts";
import type { Input, TimerName } from "./input.ts";
import { advanceCheck, isProposalOf, receiveProposal, receiveVerdict } from "./proposal.ts";
import { advanceProposal, receiveBuildFailure, receiveBuilt } from "./propose.ts";
import { greet, mayReply, replyTo, resend, statusOf } from "./reply.ts";
import { answer } from "./serve.ts";
import { noteReport } from "./signing.ts";
import { start } from "./start.ts";
import type { ConsensusState } from "./state.ts";
import { addVote, sameContent } from "./tally.ts";
import { lowestViewHeld, noteActivity, timeOut } from "./view.ts";
import { messageOfOwnVote, requireOwnVote } from "./voting.ts";

export interface Step {
  readonly state: ConsensusState;
  /** To be carried out in this order (see effect.ts). */
  readonly effects: readonly Effect[];
}

export function step(state: ConsensusState, input: Input): Step {
  if (state.phase === "stopped" || state.phase === "ended") return { state, effects: [] };
  if ((state.phase === "created") !== (input.kind === "start")) {
    throw new InvariantError("WRONG_PHASE", { phase: state.phase, input: input.kind }, "start comes first, and once");
  }
  const draft = new Draft(state);
  take(draft, input);
  settle(draft);
  return { state: draft.state, effects: upToEnd(draft.effects) };
}

/** Nothing leaves after `stop` or `endEpoch`. */
function upToEnd(effects: readonly Effect[]): readonly Effect[] {
  const at = effects.findIndex(({ kind }) => kind === "stop" || kind === "endEpoch");
  return at < 0 ? effects : effects.slice(0, at + 1);
}

function take(draft: Draft, input: Input): void {
  switch (input.kind) {
    // "Restart"
    case "start":
      return start(draft, input.recovered);
    // "Rules"
    case "message":
      return takeMessage(draft, input.from, input.message);
    // A peer that was away is told where this node stands ("stale reply")
    case "peerConnected":
      return greet(draft, input.peer);
    case "timerFired":
      return draft.takeTimer(input.timer, input.id) ? takeTimer(draft, input.timer) : undefined;
    // "build; persist; broadcast block and my Notarize"
    case "built":
      return receiveBuilt(draft, input.block);
    // "my own build ... failed -> timeout(v)"
    case "buildFailed":
      return receiveBuildFailure(draft, input.view);
    // "verify(b)"
    case "verified":
      return receiveVerdict(draft, input.digest, input.result);
    // "Deferred execution"
    case "executed": {
      const entry = draft.state.blocks.get(input.digest);
      if (entry?.execution !== "requested") return;
      const { executionHash, changedState } = input;
      return draft.setBlock(input.digest, { execution: { executionHash, changedState } });
    }
    // "Idle"
    case "available":
      if (draft.state.available?.parent !== input.parent) return;
      draft.state.available = { parent: input.parent, transactions: input.transactions };
      return;
    // "then the signer's guard, fsync; then send"
    case "voteSigned":
      return takeOwnVote(draft, input.vote);
    // "The signer": the guard has the last word
    case "voteRefused":
      return draft.emit({
        kind: "raiseAlarm",
        code: "GUARD_REFUSED",
        message: `The signer's guard refused a vote: ${input.reason}`,
        facts: { kind: input.vote.kind, view: input.vote.view },
      });
    default:
      return unreachable(input);
  }
}

function takeMessage(draft: Draft, from: ValidatorIndex, message: PeerMessage): void {
  if (from === draft.state.config.self) return;
  const epoch = epochOf(message);
  if (epoch !== undefined && epoch !== draft.state.config.epoch) return meetOtherEpoch(draft, from, message, epoch);
  switch (message.kind) {
    // "on a proposal (b, v, p) signed by leader(v)"
    case "proposal":
      if (!isProposalOf(draft, message.block, message.vote)) return blame(draft, from, "BAD_PROPOSAL");
      if (takeVote(draft, from, message.vote)) receiveProposal(draft, message.block, from);
      return;
    case "vote":
      takeVote(draft, from, message.vote);
      return;
    // "form or accept"
    case "certificate":
      if (!receiveCertificate(draft, message.certificate)) blame(draft, from, "INVALID_CERTIFICATE");
      return;
    // "signs nothing until n−f validators have reported their current view"
    case "status":
      noteReport(draft, from, message.signedEpoch > message.epoch ? "ahead" : message.view);
      return replyTo(draft, from, message.view);
    // "Limits and fetching"
    case "fetchBlock":
    case "fetchHeights":
    case "fetchViews":
      return answer(draft, from, message);
    case "blocks":
      return takeBlocks(draft, from, message.blocks);
    case "certificates":
      for (const certificate of message.certificates) {
        if (certificate.vote.epoch !== draft.state.config.epoch) continue;
        if (!receiveCertificate(draft, certificate)) return blame(draft, from, "INVALID_CERTIFICATE");
      }
      return;
    default:
      return unreachable(message);
  }
}

/** The epoch in which the sender speaks; undefined where it may ask or answer about any. */
export function epochOf(message: PeerMessage): Epoch | undefined {
  switch (message.kind) {
    case "proposal":
    case "vote":
      return message.vote.vote.epoch;
    case "certificate":
      return message.certificate.vote.epoch;
    case "status":
      return message.epoch;
    case "fetchBlock":
    case "fetchHeights":
    case "fetchViews":
    case "blocks":
    case "certificates":
      return undefined;
    default:
      return unreachable(message);
  }
}

/** "the old one is served until the new one finalizes", and for good: a peer in an earlier epoch is handed what ended
 * it. One in a later epoch is told where this node stands, and does the same. */
function meetOtherEpoch(draft: Draft, from: ValidatorIndex, message: PeerMessage, epoch: Epoch): void {
  const { config } = draft.state;
  if (epoch < config.epoch) {
    // It has said nothing in this epoch yet, unless its state was taken back. (A certificate may be older than its sender.)
    if (message.kind === "status") {
      noteReport(draft, from, message.signedEpoch >= config.epoch ? "ahead" : config.epochStartView);
    }
    if (mayReply(draft, from, "handOver")) draft.emit({ kind: "handOver", to: from, epoch });
    return;
  }
  noteReport(draft, from, "ahead");
  if (mayReply(draft, from, "behind")) draft.emit({ kind: "send", to: from, message: statusOf(draft.state) });
}

const blame = (draft: Draft, peer: ValidatorIndex, code: string): void =>
  draft.emit({ kind: "reportPeer", peer, code, facts: { view: draft.state.current } });

/** Structure before signatures, nothing beyond the future window, each vote verified once. True when it is valid. */
function takeVote(draft: Draft, from: ValidatorIndex, signed: SignedVote): boolean {
  const { state } = draft;
  const { vote, signer } = signed;
  const { base, validators } = state.config;
  if (vote.view < 1 || signer >= validators.length) {
    blame(draft, from, "MISPLACED_VOTE");
    return false;
  }
  if (vote.view <= base.view || vote.view > state.current + state.config.limits.futureViewsMax) return false;
  // "stale reply": also to votes heard before, for they are repeated by whoever does not get on.
  if (from === signer) replyTo(draft, from, vote.view);
  if (vote.view < lowestViewHeld(state)) return false;
  const existing = draft.record(vote.view)?.[vote.kind].get(signer);
  if (existing !== undefined && sameContent(existing.vote, vote)) return true;
  if (isKnownOffender(state, signed)) return false;
  if (!state.config.scheme.verifyVote(signed)) {
    blame(draft, from, "INVALID_SIGNATURE");
    return false;
  }
  addVote(draft, signed);
  // A vote that somebody else passes on may be an old one.
  if (from === signer) noteReport(draft, signer, vote.view);
  noteActivity(draft, signer, vote.view);
  formCertificate(draft, vote);
  return true;
}

/** "A second, different vote of a kind: compare, report, drop": a third is not even compared. */
function isKnownOffender({ views }: ConsensusState, { vote, signer }: SignedVote): boolean {
  const kind = vote.kind === "notarize" ? "conflictingNotarize" : "conflictingFinalize";
  return vote.kind !== "nullify" && views.get(vote.view)?.reported.has(`${signer}/${kind}`) === true;
}

function takeBlocks(draft: Draft, from: ValidatorIndex, received: readonly FinalizedBlock[]): void {
  // What follows an epoch's last block is the next epoch's to take.
  const later = received.findIndex(({ block }) => block.header.epoch !== draft.state.config.epoch);
  const blocks = later < 0 ? received : received.slice(0, later);
  const foreign = foreignFinalization(draft, blocks);
  if (foreign !== undefined) return beginFork(draft, foreign);
  for (const { block, finalization } of blocks) {
    if (!takeFetchedBlock(draft, block, from)) return;
    if (finalization === undefined) continue;
    if (finalization.vote.digest !== block.digest || !receiveCertificate(draft, finalization)) {
      return blame(draft, from, "INVALID_CERTIFICATE");
    }
  }
}

function takeOwnVote(draft: Draft, signed: SignedVote): void {
  requireOwnVote(draft, signed);
  if (signed.vote.view < lowestViewHeld(draft.state)) return;
  addVote(draft, signed);
  draft.emit({ kind: "broadcast", message: messageOfOwnVote(draft, signed) });
  formCertificate(draft, signed.vote);
}

function takeTimer(draft: Draft, timer: TimerName): void {
  switch (timer) {
    // "timeout(v) = tL or tA fired"
    case "leader":
    case "notarization":
      return timeOut(draft);
    // "Pace"
    case "pace":
      return draft.setInView({ paceElapsed: true });
    // "Missing data, or a timestamp ahead of my clock, keeps it pending"
    case "verify":
      return draft.setInView({ check: "none" });
    // "every tR while in v: resend"
    case "retry":
      resend(draft);
      return draft.setTimer("retry", draft.state.config.parameters.retryIntervalMs);
    // "less than heartbeatMs passed since I last accepted a notarization"
    case "heartbeat":
      draft.state.heartbeatDue = true;
      return;
    // "retry another peer each tR"
    case "fetch":
      return draft.state.fork === undefined ? retryFetch(draft) : forkRound(draft);
    // "rate-limited per peer"
    case "reply":
      draft.state.replied = new Set();
      return;
    default:
      return unreachable(timer);
  }
}

/** What follows from where things stand now, in this order after every input. */
function settle(draft: Draft): void {
  if (draft.state.phase === "running" && draft.state.fork !== undefined) return advanceFork(draft);
  if (draft.state.phase === "running") advanceCommits(draft);
  if (draft.state.phase !== "running") return;
  advanceExecution(draft);
  advanceCheck(draft);
  advanceIdle(draft);
  advanceProposal(draft);
  advanceFetch(draft);
}
