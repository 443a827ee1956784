// "Restart: replay the log completely, merge the guard's record, re-arm timers and retries, then listen."
import type { View } from "../types/brands.ts";
import type { Certificate, Finalization } from "../types/certificate.ts";
import { unreachable } from "../types/errors.ts";
import { type ConsensusRecord, epochOfRecord } from "../types/record.ts";
import type { Vote } from "../types/vote.ts";
import { addBlock } from "./blocks.ts";
import { acceptFromOtherBase, restartHeartbeat, store } from "./certificates.ts";
import { takeFinalization } from "./commit.ts";
import type { Draft } from "./draft.ts";
import type { Recovered } from "./input.ts";
import { resend, statusOf } from "./reply.ts";
import { checkSigner } from "./signing.ts";
import { freshRecord, hasVoted, type ViewRecord } from "./state.ts";
import { addVote, certificateOf } from "./tally.ts";
import { enterView, insist } from "./view.ts";
import { maySign } from "./voting.ts";

export function start(draft: Draft, recovered: Recovered): void {
  const { state } = draft;
  state.committed = recovered.committed;
  const { committed } = recovered;
  for (const record of recovered.records) {
    if (epochOfRecord(record) === state.config.epoch) replay(draft, record);
  }
  if (draft.record(committed.view) !== undefined) {
    draft.setRecord(committed.view, { committed: { digest: committed.digest, parentView: committed.view } });
  }
  certifyParents(draft);
  state.phase = "running";
  checkSigner(draft, recovered);
  const highest = [...state.views.values()].reduce((view, record) => Math.max(view, viewAfter(record)), 1);
  enterView(draft, Math.max(highest, committed.view + 1) as View);
  // Nobody is silent before this node has listened.
  state.lastActive = state.lastActive.map(() => state.current);
  restartHeartbeat(draft);
  repeatVotes(draft);
  resend(draft);
  // Whoever is in the epoch already says where it stands, and whoever is not is handed over.
  const { config } = state;
  if (config.epoch > 0 && committed.digest === config.base.digest)
    draft.emit({ kind: "broadcast", message: statusOf(state) });
}

/** The view in which a record of the log leaves this validator. */
function viewAfter({ view, notarization, nullification, finalization, own }: ViewRecord): number {
  if ((notarization ?? nullification ?? finalization) !== undefined || own.finalize !== undefined) return view + 1;
  return own.nullify || own.notarize !== undefined ? view : 0;
}

function replay(draft: Draft, record: ConsensusRecord): void {
  switch (record.kind) {
    case "block":
      return addBlock(draft, record.block, { persisted: true });
    case "certificate":
      return replayCertificate(draft, record.certificate);
    case "vote":
      return replayVote(draft, record.vote);
    default:
      return unreachable(record);
  }
}

/** The log holds only what was verified before it was written. */
function replayCertificate(draft: Draft, certificate: Certificate): void {
  if (certificate.vote.view <= draft.state.config.base.view) return acceptFromOtherBase(draft, certificate);
  for (const signed of draft.state.config.scheme.votesOf(certificate)) addVote(draft, signed);
  // A second block finalized in one view does not take the first one's place.
  const held = certificateOf(draft.record(certificate.vote.view), certificate.vote.kind);
  if (held === undefined) store(draft, certificate);
  if (certificate.vote.kind === "finalize") takeFinalization(draft, certificate as Finalization);
}

function replayVote(draft: Draft, vote: Vote): void {
  const record = draft.record(vote.view) ?? freshRecord(vote.view);
  switch (vote.kind) {
    case "notarize":
      // Voting for a block means that it was the first proposal seen.
      draft.setRecord(vote.view, { own: { ...record.own, notarize: vote.digest }, proposal: vote.digest });
      return;
    case "nullify":
      return draft.setRecord(vote.view, { own: { ...record.own, nullify: true } });
    case "finalize":
      return draft.setRecord(vote.view, { own: { ...record.own, finalize: vote.digest } });
    default:
      return unreachable(vote);
  }
}

/** Bodies whose certificate stands in the justification of another. */
function certifyParents(draft: Draft): void {
  for (const { block } of [...draft.state.blocks.values()]) {
    const parent = block.justification.parent?.vote.digest;
    if (parent !== undefined && draft.state.blocks.has(parent)) draft.setBlock(parent, { certified: true });
  }
}

/** "The node resends its votes of the current view": they are signed again, which gives the same bytes. The Finalize
 * that may have been lost in the crash stands in the view before. */
function repeatVotes(draft: Draft): void {
  const { state } = draft;
  const { current } = state;
  if (hasVoted(draft.record(current))) {
    const { notarize, nullify } = (draft.record(current) as ViewRecord).own;
    if (notarize !== undefined)
      recast(draft, { kind: "notarize", epoch: state.config.epoch, view: current, digest: notarize });
    if (nullify) recast(draft, { kind: "nullify", epoch: state.config.epoch, view: current });
    insist(draft);
    if (nullify) draft.setInView({ timedOut: true });
    draft.setTimer("retry", state.config.parameters.retryIntervalMs);
    return;
  }
  const previous = (current - 1) as View;
  const finalize = draft.record(previous)?.own.finalize;
  if (finalize !== undefined)
    recast(draft, { kind: "finalize", epoch: state.config.epoch, view: previous, digest: finalize });
}

function recast(draft: Draft, vote: Vote): void {
  if (maySign(draft, vote.view)) draft.emit({ kind: "castVote", vote });
}
