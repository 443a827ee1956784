// "The signer": when it is in doubt what this validator has signed before, it signs nothing until n − f validators
// have reported their view, and then only in views ≥ the highest reported + 2.
import type { ValidatorIndex, View } from "../types/brands.ts";
import { faultyMax } from "../types/quorum.ts";
import type { Vote } from "../types/vote.ts";
import type { Draft } from "./draft.ts";
import type { Recovered } from "./input.ts";
import { sameContent } from "./tally.ts";

/** Compares the guard's memory with the log. Votes are logged before they are signed, so the guard never knows more. */
export function checkSigner(draft: Draft, recovered: Recovered): void {
  const { guardVotes, records, signedEpoch, signingDoubtful, committed } = recovered;
  const logged = records.flatMap((record) => (record.kind === "vote" ? [record.vote] : []));
  const isLogged = (vote: Vote): boolean => logged.some((other) => sameContent(other, vote));
  const { epoch } = draft.state.config;
  if (signedEpoch > epoch) {
    draft.state.signing = { mode: "past", signedEpoch };
    return;
  }
  const unknown = guardVotes.some((vote) => vote.epoch === epoch && vote.view >= committed.view && !isLogged(vote));
  if (draft.state.config.self === undefined || (!signingDoubtful && !unknown)) return;
  draft.state.signing = { mode: "doubtful", reports: new Map() };
  draft.emit({
    kind: "raiseAlarm",
    code: "SIGNING_DOUBTFUL",
    message: "The log and the signer's record do not agree: signing waits until the other validators have reported.",
    facts: { guardVotes: guardVotes.length, loggedVotes: logged.length },
  });
}

/**
 * A validator reported where it stands, by a status or a vote of its own. One that is ahead, in a later epoch, may have
 * heard this validator sign there: the doubt lasts until this node has followed.
 */
export function noteReport(draft: Draft, peer: ValidatorIndex, view: View | "ahead"): void {
  const { state } = draft;
  if (state.signing.mode !== "doubtful" || peer >= state.config.validators.length) return;
  const reports = new Map(state.signing.reports);
  const known = reports.get(peer);
  reports.set(peer, view === "ahead" || known === "ahead" ? "ahead" : (Math.max(view, known ?? 0) as View));
  state.signing = { mode: "doubtful", reports };
  const validators = state.config.validators.length;
  const views = [...reports.values()].filter((reported) => reported !== "ahead");
  if (views.length < reports.size || views.length < Math.min(validators - faultyMax(validators), validators - 1))
    return;
  const fromView = (Math.max(...views) + 2) as View;
  state.signing = { mode: "resumed", fromView };
  draft.emit({ kind: "resumeSigning", fromView });
}
