// Accepting certificates, whether formed here, received, or found in a justification, and what each kind moves.
import type { View } from "../types/brands.ts";
import type { Certificate, Finalization, Notarization, Nullification } from "../types/certificate.ts";
import { unreachable } from "../types/errors.ts";
import type { Vote } from "../types/vote.ts";
import { takeFinalization } from "./commit.ts";
import type { Draft } from "./draft.ts";
import { beginFork } from "./fork.ts";
import { addView } from "./intervals.ts";
import { addVote, certificateOf, formedBy, sameContent } from "./tally.ts";
import { enterView, lowestViewHeld } from "./view.ts";
import { castFinalize } from "./voting.ts";

/** Structure before signatures: epoch, view, and signers inside the set. The scheme checks their number and order. */
function isWellFormed({ state }: Draft, { vote, signers, signatures }: Certificate): boolean {
  const last = signers.at(-1);
  return (
    vote.epoch === state.config.epoch &&
    vote.view > 0 &&
    signers.length === state.quorum &&
    signatures.length === state.quorum &&
    last !== undefined &&
    last < state.config.validators.length
  );
}

/** Is the certificate good? Signatures that have been verified as votes before are not verified again. */
export function isValidCertificate(draft: Draft, certificate: Certificate): boolean {
  if (!isWellFormed(draft, certificate)) return false;
  const held = draft.record(certificate.vote.view)?.[certificate.vote.kind];
  return draft.state.config.scheme.verifyCertificate(certificate, (signer) => {
    const signed = held?.get(signer);
    return signed !== undefined && sameContent(signed.vote, certificate.vote) ? signed.signature : undefined;
  });
}

/**
 * A certificate from a peer. What is held already is not verified again, unless it names signers not heard of: their
 * statements may contradict others. False when it is invalid.
 */
export function receiveCertificate(draft: Draft, certificate: Certificate): boolean {
  const { vote, signers } = certificate;
  const record = draft.record(vote.view);
  const held = certificateOf(record, vote.kind);
  if (held !== undefined && sameContent(held.vote, vote)) {
    if (signers.every((signer) => record?.[vote.kind].has(signer))) return true;
  }
  if (!isValidCertificate(draft, certificate)) return false;
  acceptCertificate(draft, certificate);
  return true;
}

/** Takes up a certificate that is known to be valid: "form or accept, broadcast it once". */
export function acceptCertificate(draft: Draft, certificate: Certificate): void {
  const { vote } = certificate;
  if (vote.view <= draft.state.config.base.view) return acceptFromOtherBase(draft, certificate);
  if (vote.view < lowestViewHeld(draft.state) && vote.view !== draft.state.fork?.view)
    return acceptOld(draft, certificate);
  for (const signed of draft.state.config.scheme.votesOf(certificate)) addVote(draft, signed);
  const held = certificateOf(draft.record(vote.view), vote.kind);
  if (held !== undefined) {
    // A second block finalized in one view: the chain itself is in doubt.
    if (vote.kind === "finalize" && !sameContent(held.vote, vote)) takeFinalization(draft, certificate as Finalization);
    return;
  }
  store(draft, certificate);
  // Whatever moves me, or one of my votes relies on, is durable before that vote leaves.
  draft.emit({ kind: "persist", record: { kind: "certificate", certificate } });
  apply(draft, certificate);
}

/** The epoch began elsewhere for its signers. That a quorum finalized there what this node passed is a fork. */
export function acceptFromOtherBase(draft: Draft, certificate: Certificate): void {
  if (certificate.vote.kind === "finalize") beginFork(draft, certificate as Finalization);
}

/** Far behind: nothing moves, but it may cover a gap or carry blocks that are still to be committed. */
function acceptOld(draft: Draft, certificate: Certificate): void {
  const { state } = draft;
  const { vote } = certificate;
  if (vote.kind === "nullify") {
    if (vote.view > state.committed.view) state.nullified = addView(state.nullified, vote.view);
    return;
  }
  if (state.blocks.has(vote.digest)) draft.setBlock(vote.digest, { certified: true });
  if (vote.kind === "finalize") takeFinalization(draft, certificate as Finalization);
}

/** Files the certificate under its view. */
export function store(draft: Draft, certificate: Certificate): void {
  const { kind, view } = certificate.vote;
  if (kind === "notarize") draft.setRecord(view, { notarization: certificate as Notarization });
  if (kind === "finalize") draft.setRecord(view, { finalization: certificate as Finalization });
  if (kind === "nullify") {
    draft.setRecord(view, { nullification: certificate as Nullification });
    if (view > draft.state.committed.view) draft.state.nullified = addView(draft.state.nullified, view);
    return;
  }
  const { digest } = certificate.vote as Extract<Vote, { kind: "notarize" | "finalize" }>;
  if (draft.state.blocks.has(digest)) draft.setBlock(digest, { certified: true });
}

function apply(draft: Draft, certificate: Certificate): void {
  const { state } = draft;
  const { vote } = certificate;
  const moves = vote.view >= state.current;
  switch (vote.kind) {
    // on q Notarize(v, b)
    case "notarize":
      state.nullifiedStreak = 0;
      restartHeartbeat(draft);
      castFinalize(draft, vote.view, vote.digest);
      break;
    // on q Nullify(v)
    case "nullify":
      if (moves) state.nullifiedStreak++;
      break;
    // on q Finalize(v, b)
    case "finalize":
      state.nullifiedStreak = 0;
      takeFinalization(draft, certificate as Finalization);
      break;
    default:
      unreachable(vote);
  }
  draft.emit({ kind: "broadcast", message: { kind: "certificate", certificate } });
  // Certificates for any view >= current move me past it, with or without the body.
  if (moves && state.phase === "running") enterView(draft, (vote.view + 1) as View);
}

/** "Idle": the heartbeat runs from the last notarization that was accepted. */
export function restartHeartbeat(draft: Draft): void {
  draft.state.heartbeatDue = false;
  draft.setTimer("heartbeat", draft.state.config.parameters.heartbeatMs);
}

/** After a vote was counted: form the certificate when it completes a quorum. */
export function formCertificate(draft: Draft, vote: Vote): void {
  const certificate = formedBy(draft, vote);
  if (certificate !== undefined) acceptCertificate(draft, certificate);
}
