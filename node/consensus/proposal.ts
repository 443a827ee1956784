// A leader's proposal, from its arrival to this validator's Notarize.
import type { SealedBlock } from "../types/block.ts";
import type { Digest, ValidatorIndex } from "../types/brands.ts";
import type { SignedVote } from "../types/vote.ts";
import { addBlock, hasRoomFor, isWanted, persistBlock, staticFault } from "./blocks.ts";
import { isCovered } from "./commit.ts";
import type { Draft } from "./draft.ts";
import type { CommittedTip, Verdict } from "./input.ts";
import { takeJustification } from "./justification.ts";
import { executedTip } from "./parent.ts";
import { type BlockEntry, hasVoted } from "./state.ts";
import { insist, timeOut } from "./view.ts";
import { castNotarize } from "./voting.ts";

/** "on a proposal (b, v, p) signed by leader(v)". The leader's vote has been verified and counted by the caller. */
export function receiveProposal(draft: Draft, block: SealedBlock, from: ValidatorIndex): void {
  const { state } = draft;
  const { view } = block.header;
  const isEarly = view > state.current;
  if (view < state.current && !isWanted(state, block)) return;
  if (view === state.current && draft.record(view)?.proposal !== undefined) return;
  const fault = staticFault(draft, block) ?? (takeJustification(draft, block) ? undefined : "BAD_JUSTIFICATION");
  // Taking the justification may have entered the block's view: its certificates reach up to view − 1.
  if (view === state.current) seeFirst(draft, block.digest);
  if (fault !== undefined) {
    draft.emit({ kind: "reportPeer", peer: from, code: fault, facts: { view, digest: block.digest } });
    if (view === state.current) reject(draft);
    return;
  }
  if (hasRoomFor(state, block) && (view === state.current || (!isEarly && isWanted(state, block))))
    addBlock(draft, block);
}

/** "v = current, the first I see: cancel tL". It also ends the wait for something to order. */
function seeFirst(draft: Draft, digest: Digest): void {
  draft.setRecord(draft.state.current, { proposal: digest });
  draft.cancelTimer("leader");
  insist(draft);
}

/** "verify(b) false -> timeout(v) if v is still current." */
function reject(draft: Draft): void {
  draft.setInView({ check: "done" });
  timeOut(draft);
}

/** Takes the check of the current proposal as far as what is known here allows. Missing data keeps it pending. */
export function advanceCheck(draft: Draft): void {
  const { state } = draft;
  const record = draft.record(state.current);
  if (record?.proposal === undefined || state.inView.check !== "none" || hasVoted(record)) return;
  const block = state.blocks.get(record.proposal)?.block;
  if (block === undefined || !isCovered(state, block)) return;
  const parent = executedTip(draft, block.header.parentDigest);
  if (parent === undefined) return;
  const fault = faultOnParent(draft, block, parent);
  if (fault === undefined) {
    draft.setInView({ check: "verifying" });
    draft.emit({ kind: "verify", block });
    return;
  }
  if (fault === "WRONG_PARENT_RESULT") countMismatch(draft, block, parent);
  draft.emit({
    kind: "reportPeer",
    peer: leaderIndex(draft, block),
    code: fault,
    facts: { view: state.current, digest: block.digest },
  });
  reject(draft);
}

function leaderIndex({ state }: Draft, { header }: SealedBlock): ValidatorIndex {
  return state.config.validators.indexOf(header.proposer) as ValidatorIndex;
}

/** The part of "verify(b)" that needs nothing but the parent's header and result. */
function faultOnParent({ state }: Draft, { header }: SealedBlock, parent: CommittedTip): string | undefined {
  if (header.height !== parent.height + 1 || header.parentView !== parent.view) return "WRONG_POSITION";
  const { maxStepMs } = state.config.parameters;
  if (header.timestampMs <= parent.timestampMs) return "TIME_WENT_BACK";
  // After a halt, ledger time catches up in steps. Genesis may be of any age.
  if (parent.height > 0 && header.timestampMs > parent.timestampMs + maxStepMs) return "TIME_JUMPED";
  if (header.parentExecutionHash !== parent.executionHash) return "WRONG_PARENT_RESULT";
  return undefined;
}

/** "one that sees k refusals for that reason raises an alarm". */
function countMismatch(draft: Draft, { header }: SealedBlock, parent: CommittedTip): void {
  const { state } = draft;
  state.executionMismatches++;
  if (state.executionMismatches !== state.config.limits.executionMismatchesMax) return;
  draft.emit({
    kind: "raiseAlarm",
    code: "EXECUTION_MISMATCHES",
    message: `The other validators computed another result for block ${parent.height}: compare software and data.`,
    facts: { height: parent.height, own: parent.executionHash, theirs: header.parentExecutionHash },
  });
}

/** The application's word on a block. */
export function receiveVerdict(draft: Draft, digest: Digest, result: Verdict): void {
  const { state } = draft;
  const { inView } = state;
  // "results that arrive later for it are ignored"
  if (draft.record(state.current)?.proposal !== digest || inView.check !== "verifying") return;
  switch (result.verdict) {
    case "valid":
      draft.setInView({ check: "done" });
      draft.setBlock(digest, { valid: true });
      state.executionMismatches = 0;
      persistBlock(draft, digest);
      castNotarize(draft, state.current, digest);
      return;
    case "invalid":
      draft.emit({
        kind: "reportPeer",
        peer: leaderIndex(draft, (state.blocks.get(digest) as BlockEntry).block),
        code: result.code,
        facts: { digest, reason: result.reason },
      });
      return reject(draft);
    case "pending":
      draft.setInView({ check: "waiting" });
      draft.setTimer("verify", result.retryAfterMs ?? state.config.parameters.retryIntervalMs);
  }
}

/** Counts the vote that signs a proposal. False when the message is not what a leader sends. */
export function isProposalOf(draft: Draft, block: SealedBlock, { vote, signer }: SignedVote): boolean {
  return (
    vote.kind === "notarize" &&
    vote.digest === block.digest &&
    vote.view === block.header.view &&
    draft.state.config.validators[signer] === block.header.proposer
  );
}
