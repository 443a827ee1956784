// The four pairs of statements about one view that no honest validator signs both of (docs/consensus.md,
// "Accountability").
import type { Digest } from "../types/brands.ts";
import type { Evidence, EvidenceKind } from "../types/evidence.ts";
import type { SignedVote, Vote } from "../types/vote.ts";
import type { Draft } from "./draft.ts";
import type { ViewRecord } from "./state.ts";

const digestOf = (vote: Vote): Digest | undefined => (vote.kind === "nullify" ? undefined : vote.digest);

function pair(kind: EvidenceKind, first: SignedVote, second: SignedVote): Evidence {
  return { kind, offender: first.signer, first, second };
}

function ordered(kind: EvidenceKind, a: SignedVote, b: SignedVote): Evidence {
  return (digestOf(a.vote) ?? "") < (digestOf(b.vote) ?? "") ? pair(kind, a, b) : pair(kind, b, a);
}

/** Every fault that `signed` proves together with what its signer has said before about the same view. */
export function contradictions(record: ViewRecord, signed: SignedVote): Evidence[] {
  const { vote, signer } = signed;
  const [notarize, nullify, finalize] = [record.notarize, record.nullify, record.finalize].map((m) => m.get(signer));
  const digest = digestOf(vote);
  const differs = (other: SignedVote | undefined): other is SignedVote =>
    other !== undefined && digestOf(other.vote) !== digest;
  const found: Evidence[] = [];
  switch (vote.kind) {
    case "notarize":
      if (differs(notarize)) found.push(ordered("conflictingNotarize", notarize, signed));
      if (differs(finalize)) found.push(pair("finalizeOther", signed, finalize));
      break;
    case "nullify":
      if (finalize !== undefined) found.push(pair("nullifyFinalize", signed, finalize));
      break;
    case "finalize":
      if (differs(finalize)) found.push(ordered("conflictingFinalize", finalize, signed));
      if (differs(notarize)) found.push(pair("finalizeOther", notarize, signed));
      if (nullify !== undefined) found.push(pair("nullifyFinalize", nullify, signed));
      break;
  }
  return found;
}

/** Reports each kind of fault of a signer in a view once. */
export function reportContradictions(draft: Draft, record: ViewRecord, signed: SignedVote): void {
  for (const evidence of contradictions(record, signed)) {
    const key = `${evidence.offender}/${evidence.kind}`;
    const reported = (draft.record(record.view) ?? record).reported;
    if (reported.has(key)) continue;
    draft.setRecord(record.view, { reported: new Set(reported).add(key) });
    if (evidence.offender === draft.state.config.self) {
      const facts = { kind: evidence.kind, view: record.view };
      draft.emit({
        kind: "raiseAlarm",
        code: "OWN_KEY_EQUIVOCATED",
        message: "Somebody else signs with this validator's key: stop both, and find out where the key is.",
        facts,
      });
    } else {
      draft.emit({ kind: "reportEvidence", evidence });
    }
  }
}
