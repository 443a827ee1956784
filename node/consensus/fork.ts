// "A finalization that does not descend from my committed tip: stop, keep both, extract evidence." Only more than a
// third of the validators, lying, can bring it about ("Accountability"). From the moment a node sees it, it signs and
// commits nothing. It tells the others for a few retries, and asks them for what its own chain lacks to convict the
// liars: their certificate of the view in which one chain passed over the other's finalized block. Then it stops.
import type { FinalizedBlock } from "../types/block.ts";
import type { Digest, ValidatorIndex, View } from "../types/brands.ts";
import type { Certificate, Finalization } from "../types/certificate.ts";
import { isValidCertificate } from "./certificates.ts";
import { lastFinal } from "./commit.ts";
import type { Draft } from "./draft.ts";
import type { BlockEntry, ConsensusState, Fork } from "./state.ts";
import { addVote } from "./tally.ts";

/** Is a block finalized in this view that is not on my chain, although my chain has passed it? */
export function contradictsChain(state: ConsensusState, view: View, digest: Digest): boolean {
  const other = state.views.get(view)?.finalization;
  if (other !== undefined && other.vote.digest !== digest) return true;
  for (const { digest: final } of state.final) {
    const { header } = (state.blocks.get(final) as BlockEntry).block;
    if (header.view === view ? final !== digest : header.parentView < view && view < header.view) return true;
  }
  if (view === state.committed.view) return digest !== state.committed.digest;
  for (const { view: at, committed } of state.views.values()) {
    if (committed === undefined) continue;
    if (at === view ? committed.digest !== digest : committed.parentView < view && view < at) return true;
  }
  return false;
}

/**
 * The finalization in a peer's run of final blocks that starts above my last final block on another parent: what a
 * node sees first that is far behind the other chain. Undefined when the run proves nothing.
 */
export function foreignFinalization(draft: Draft, blocks: readonly FinalizedBlock[]): Finalization | undefined {
  const base = lastFinal(draft.state);
  const first = blocks[0]?.block.header;
  if (first === undefined || first.height !== base.height + 1 || first.parentDigest === base.digest) return undefined;
  for (const [i, { block, finalization }] of blocks.entries()) {
    // The digests are recomputed on decoding: each block vouches for the one before.
    if (i > 0 && block.header.parentDigest !== blocks[i - 1]?.block.digest) return undefined;
    if (finalization === undefined) continue;
    return finalization.vote.digest === block.digest && isValidCertificate(draft, finalization)
      ? finalization
      : undefined;
  }
  return undefined;
}

/** Takes note of a finalization off my chain, once. */
export function beginFork(draft: Draft, finalization: Finalization): void {
  const { state } = draft;
  if (state.fork !== undefined) return;
  const base = lastFinal(state);
  const { view: otherView, digest } = finalization.vote;
  // The chain that is longer in views has passed the other's final view, by a certificate that contradicts its finality.
  state.fork = { finalization, view: Math.min(base.view, otherView) as View, rounds: 0 };
  // While the log is replayed, it is there already.
  if (state.phase === "running")
    draft.emit({ kind: "persist", record: { kind: "certificate", certificate: finalization } });
  for (const signed of state.config.scheme.votesOf(finalization)) addVote(draft, signed);
  draft.emit({
    kind: "raiseAlarm",
    code: "FORK",
    message: "More than a third of the validators finalized two chains: nothing is signed or committed any more.",
    facts: {
      view: otherView,
      digest,
      committedHeight: state.committed.height,
      committedDigest: state.committed.digest,
    },
  });
}

/** Starts telling and asking, in the step that found the fork. */
export function advanceFork(draft: Draft): void {
  if (draft.state.fork?.rounds === 0) forkRound(draft);
}

/** Once every tR: tell everybody, ask one more peer; at the end, stop. */
export function forkRound(draft: Draft): void {
  const { state } = draft;
  const { fork, config } = state;
  if (fork === undefined) return;
  const isProven = convicted(state).size >= leastCulprits(state);
  const { forkRoundsMin, forkRoundsMax } = config.limits;
  if ((isProven && fork.rounds >= forkRoundsMin) || fork.rounds >= forkRoundsMax) {
    return stopForFork(draft, fork, isProven);
  }
  state.fork = { ...fork, rounds: fork.rounds + 1 };
  for (const certificate of certificatesOf(state)) {
    draft.emit({ kind: "broadcast", message: { kind: "certificate", certificate } });
  }
  const candidates = isProven ? [] : holders(state);
  const to = candidates[fork.rounds % candidates.length];
  if (to !== undefined) {
    const { view } = fork;
    const message = { kind: "fetchViews", epoch: config.epoch, fromView: view, toView: view } as const;
    draft.emit({ kind: "send", to, message });
  }
  draft.setTimer("fetch", config.parameters.retryIntervalMs);
}

/** Any two quorums have at least so many in common, and whoever stands in both has contradicted himself. */
const leastCulprits = ({ quorum, config }: ConsensusState): number => 2 * quorum - config.validators.length;

function convicted({ views }: ConsensusState): ReadonlySet<string> {
  const offenders = new Set<string>();
  for (const { reported } of views.values()) for (const key of reported) offenders.add(key.split("/", 1)[0] as string);
  return offenders;
}

/** Who should know the other chain, before everybody else. */
function holders({ config, fork }: ConsensusState): readonly ValidatorIndex[] {
  const all = config.validators.map((_, i) => i as ValidatorIndex);
  return [...new Set([...(fork?.finalization.signers ?? []), ...all])].filter((i) => i !== config.self);
}

/** My chain's, then the other's: what shows the fork to anybody. */
function certificatesOf({ views, fork, committed, highestFinalization }: ConsensusState): readonly Certificate[] {
  const contested = fork === undefined ? undefined : views.get(fork.view);
  const held = [
    views.get(committed.view)?.finalization,
    highestFinalization,
    contested?.notarization,
    contested?.nullification,
    contested?.finalization,
    fork?.finalization,
  ];
  return [...new Set(held.filter((certificate) => certificate !== undefined))];
}

function stopForFork(draft: Draft, { finalization }: Fork, isProven: boolean): void {
  const { state } = draft;
  const culprits = [...convicted(state)].join(" ");
  const proof = isProven
    ? "the evidence against them is kept"
    : "no other validator had the certificate that convicts them all: compare their evidence with this node's";
  const { view, digest } = finalization.vote;
  state.phase = "stopped";
  draft.emit({
    kind: "stop",
    code: "FORK",
    reason: `More than a third of the validators finalized two chains. Both certificates are kept, and ${proof}.`,
    certificates: certificatesOf(state),
    facts: {
      view,
      digest,
      committedHeight: state.committed.height,
      committedDigest: state.committed.digest,
      convicted: culprits,
    },
  });
}
