// The leader's side of a view.
import type { SealedBlock } from "../types/block.ts";
import type { View } from "../types/brands.ts";
import { Height } from "../types/brands.ts";
import { InvariantError } from "../types/errors.ts";
import { addBlock, isTail, persistBlock } from "./blocks.ts";
import type { Draft } from "./draft.ts";
import type { CommittedTip } from "./input.ts";
import { executedTip, isMissing, justificationFor, type Parent, parentFor } from "./parent.ts";
import { type ConsensusState, hasVoted, leaderOf } from "./state.ts";
import { timeOut } from "./view.ts";
import { castNotarize, maySign } from "./voting.ts";

/** "if I am leader(v): parent p = highest notarized view whose gap (p, v) is covered; fetch what is missing; build". */
export function advanceProposal(draft: Draft): void {
  const { state } = draft;
  if (!mayBuild(draft)) return;
  const parent = parentFor(state, state.current);
  if (isMissing(parent)) return;
  const tip = executedTip(draft, parent.digest);
  if (tip === undefined || !paceAllows(state)) return;
  const own = ownBlock(state);
  if (own !== undefined) return propose(draft, own);
  requestBuild(draft, parent, tip);
}

function mayBuild(draft: Draft): boolean {
  const { state } = draft;
  const { armed, timedOut, building } = state.inView;
  if (!armed || timedOut || building || leaderOf(state, state.current) !== state.config.self) return false;
  return !hasVoted(draft.record(state.current)) && maySign(draft, state.current);
}

function paceAllows({ inView, available }: ConsensusState): boolean {
  return inView.paceElapsed || available?.transactions === "full";
}

/** A block of this view that was logged before a restart: it is proposed again, never another one beside it. */
function ownBlock(state: ConsensusState): SealedBlock | undefined {
  const self = state.config.validators[state.config.self as number];
  for (const { block } of state.blocks.values()) {
    if (block.header.view === state.current && block.header.proposer === self) return block;
  }
  return undefined;
}

function requestBuild(draft: Draft, parent: Parent, tip: CommittedTip): void {
  const { state } = draft;
  const { config, current } = state;
  const justification = justificationFor(state, current, parent);
  if ("fromView" in justification) return;
  draft.setInView({ building: true });
  draft.emit({
    kind: "build",
    request: {
      chainId: config.chainId,
      epoch: config.epoch,
      view: current,
      height: Height(tip.height + 1),
      parentView: parent.view,
      parentDigest: parent.digest,
      proposer: config.validators[config.self as number] as (typeof config.validators)[number],
      parentExecutionHash: tip.executionHash,
      justification,
      timestampMinMs: tip.timestampMs + 1,
      timestampMaxMs: tip.height > 0 ? tip.timestampMs + config.parameters.maxStepMs : Number.MAX_SAFE_INTEGER,
      empty: isTail(config, tip.height + 1) || state.blocks.size >= config.limits.uncommittedBlocksMax / 2,
    },
  });
}

/** Answer to `build`. One that comes after the view has passed is ignored. */
export function receiveBuilt(draft: Draft, block: SealedBlock): void {
  const { state } = draft;
  const { header } = block;
  if (header.view !== state.current || !state.inView.building) return;
  draft.setInView({ building: false });
  if (header.proposer !== state.config.validators[state.config.self as number]) {
    throw new InvariantError("NOT_MY_BLOCK", { proposer: header.proposer }, "the driver built somebody else's block");
  }
  propose(draft, block);
}

/** "build; persist; broadcast block and my Notarize": the vote, once signed, takes the block along. */
function propose(draft: Draft, block: SealedBlock): void {
  const view = draft.state.current;
  if (hasVoted(draft.record(view))) return;
  addBlock(draft, block);
  draft.setBlock(block.digest, { valid: true });
  draft.setRecord(view, { proposal: block.digest });
  draft.setInView({ check: "done" });
  draft.cancelTimer("leader");
  persistBlock(draft, block.digest);
  castNotarize(draft, view, block.digest);
}

export function receiveBuildFailure(draft: Draft, view: View): void {
  if (view !== draft.state.current || !draft.state.inView.building) return;
  draft.setInView({ building: false });
  timeOut(draft);
}
