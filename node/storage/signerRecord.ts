// What a validator has signed in the highest view it signed in, and what it may still sign (docs/consensus.md, "Order
// of effects"). Pure: the guard makes it durable, the log's replay computes it a second time, and the two must agree.
import { type Digest, Epoch, View } from "../types/brands.ts";
import { unreachable } from "../types/errors.ts";
import type { Vote } from "../types/vote.ts";

export interface SignerRecord {
  readonly epoch: Epoch;
  readonly view: View;
  readonly notarize: Digest | undefined;
  readonly nullify: boolean;
  readonly finalize: Digest | undefined;
}

/** Nothing signed in `view`, and nothing may be signed below it. */
export function emptyRecord(epoch: Epoch, view: View): SignerRecord {
  return { epoch, view, notarize: undefined, nullify: false, finalize: undefined };
}

/** Of a key that has never been used: view 0 is genesis, so voting starts in view 1. */
export const unusedRecord: SignerRecord = emptyRecord(Epoch(0), View(1));

export type SignerVerdict = "sign" | "repeat" | "below" | "contradiction";

/** May `vote` be signed after what `record` says? `repeat`: it is what was signed already, byte for byte. */
export function judgeVote(record: SignerRecord, vote: Vote): SignerVerdict {
  if (vote.epoch !== record.epoch) return vote.epoch > record.epoch ? "sign" : "below";
  if (vote.view !== record.view) return vote.view > record.view ? "sign" : "below";
  const { notarize, nullify, finalize } = record;
  switch (vote.kind) {
    case "notarize":
      if (notarize === vote.digest) return "repeat";
      return notarize === undefined && !nullify && finalize === undefined ? "sign" : "contradiction";
    case "nullify":
      if (nullify) return "repeat";
      return finalize === undefined ? "sign" : "contradiction";
    case "finalize":
      if (finalize === vote.digest) return "repeat";
      if (finalize !== undefined || nullify) return "contradiction";
      return notarize === undefined || notarize === vote.digest ? "sign" : "contradiction";
    default:
      return unreachable(vote);
  }
}

/** The record after signing `vote`, which `judgeVote` allowed. */
export function recordVote(record: SignerRecord, vote: Vote): SignerRecord {
  const same = vote.epoch === record.epoch && vote.view === record.view;
  const base = same ? record : emptyRecord(vote.epoch, vote.view);
  switch (vote.kind) {
    case "notarize":
      return { ...base, notarize: vote.digest };
    case "nullify":
      return { ...base, nullify: true };
    case "finalize":
      return { ...base, finalize: vote.digest };
    default:
      return unreachable(vote);
  }
}

export function sameRecord(a: SignerRecord, b: SignerRecord): boolean {
  return (
    a.epoch === b.epoch &&
    a.view === b.view &&
    a.notarize === b.notarize &&
    a.nullify === b.nullify &&
    a.finalize === b.finalize
  );
}

/** A step of the signer as the log remembers it: a vote, or the floor set after a loss. */
export type SignerStep =
  | { readonly kind: "vote"; readonly vote: Vote }
  | { readonly kind: "floor"; readonly epoch: Epoch; readonly view: View };

export type Reconciliation =
  | { readonly verdict: "agree"; readonly record: SignerRecord }
  | { readonly verdict: "disagree"; readonly reason: string };

/**
 * Compares the guard's record with the steps that the log remembers. A vote is in the log before it is in the guard,
 * so the guard may lag by what the last write of the log added, and by nothing else.
 * @param guard undefined when the guard's file is missing or unreadable
 * @param steps all steps in the log, oldest first
 * @param lagMax how many of the last steps the guard may not know
 */
export function reconcile(
  guard: SignerRecord | undefined,
  steps: readonly SignerStep[],
  lagMax: number,
): Reconciliation {
  if (guard === undefined) return { verdict: "disagree", reason: "the signer's guard is missing or unreadable" };
  const states: SignerRecord[] = [unusedRecord];
  for (const step of steps) {
    const before = states.at(-1) ?? unusedRecord;
    if (step.kind === "floor") states.push(emptyRecord(step.epoch, step.view));
    // A vote that the guard must have refused (below a floor) stands in the log, but was never signed.
    else if (judgeVote(before, step.vote) === "sign") states.push(recordVote(before, step.vote));
  }
  const newest = states.at(-1) ?? unusedRecord;
  if (states.slice(-1 - lagMax).some((state) => sameRecord(state, guard))) return { verdict: "agree", record: newest };
  const at = `the guard stands at view ${guard.view}, the log's last vote at view ${newest.view}`;
  return { verdict: "disagree", reason: `the signer's guard and the write-ahead log do not belong together: ${at}` };
}
