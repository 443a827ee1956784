// What a validator does about one piece of evidence against another, given what the committed state says. Pure: the
// facts come in, and the one next act goes out. All that has to outlast the process is the evidence itself and the
// chain: whoever asks again, in whatever life, is told what is still to be done.
import { unreachable } from "../types/errors.ts";

/** What the rules would say to the evidence now. */
export type Judgement =
  /** A report would be accepted. */
  | { readonly verdict: "proven" }
  /** The fault has been punished: nobody is punished twice for it. */
  | { readonly verdict: "punished" }
  /** The validator has left too long ago. */
  | { readonly verdict: "expired" }
  /** The rules know no such validator in that epoch. */
  | { readonly verdict: "noValidator" }
  /** The statements prove nothing; `code` is the rules' own word for why. */
  | { readonly verdict: "refuted"; readonly code: string };

/** What the committed state says about a piece of evidence and about who would show it. */
export interface ReportingFacts {
  readonly judgement: Judgement;
  /** The offender's key is barred, and no stake is left that a further fault could take. */
  readonly isOffenderSpent: boolean;
  /** Organisation that the reporter's account belongs to; 0 for none. */
  readonly reporterOrganisation: number;
  readonly offenderOrganisation: number;
  /** The reporter's own commitment to this evidence stands in a committed block. */
  readonly hasCommitted: boolean;
  /** The fault was punished by another's report that claimed no reward, after the reporter's own commitment. */
  readonly isRewardOpen: boolean;
}

/** A transaction: a commitment to the evidence, the evidence shown by who committed to it, or shown for nothing. */
export type ReportingAct = "commit" | "show" | "report";

export type Decision =
  | { readonly kind: "act"; readonly act: ReportingAct }
  /** It is another validator's turn. */
  | { readonly kind: "wait" }
  /** Nothing can be done now, and perhaps later. */
  | { readonly kind: "keep"; readonly reason: "noMember" | "noValidator" }
  /** Nothing is left to do about this piece, and, but for `punished` and `refuted`, about this offender. */
  | { readonly kind: "close"; readonly outcome: "punished" | "spent" | "expired" | "refuted" };

/** @param isTurn whether those that go before this validator have had their time */
export function decide(facts: ReportingFacts, isTurn: boolean): Decision {
  const { judgement } = facts;
  switch (judgement.verdict) {
    case "punished":
      return facts.isRewardOpen ? { kind: "act", act: "show" } : { kind: "close", outcome: "punished" };
    case "expired":
      return { kind: "close", outcome: "expired" };
    case "refuted":
      return { kind: "close", outcome: "refuted" };
    case "noValidator":
      return { kind: "keep", reason: "noValidator" };
    case "proven":
      return pursue(facts, isTurn);
    default:
      return unreachable(judgement);
  }
}

function pursue(facts: ReportingFacts, isTurn: boolean): Decision {
  const { isOffenderSpent, reporterOrganisation, offenderOrganisation, hasCommitted } = facts;
  if (isOffenderSpent) return { kind: "close", outcome: "spent" };
  if (reporterOrganisation === 0) return { kind: "keep", reason: "noMember" };
  // It stands in a committed block, so whatever is sent now lands in a later one. No turn is waited for: who has
  // committed must show before another does.
  if (hasCommitted) return { kind: "act", act: "show" };
  if (!isTurn) return { kind: "wait" };
  // Its own organisation's faults earn nobody a reward, and a commitment is for nothing else.
  return { kind: "act", act: reporterOrganisation === offenderOrganisation ? "report" : "commit" };
}
