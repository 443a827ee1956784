import type { CrashPoint } from "../storage/crashPoints.ts";
import type { ReportingChain } from "./reportingChain.ts";

/** The ledger as a reporter sees it, with the crash points behind its transactions. */
export function crashingChain(chain: ReportingChain, crash: CrashPoint): ReportingChain {
  return {
    facts: (accusation) => chain.facts(accusation),
    hasCommitted: (accusation) => chain.hasCommitted(accusation),
    async submit(accusation, act) {
      const submission = await chain.submit(accusation, act);
      crash.reached(act === "commit" ? "evidence.committed" : "evidence.shown");
      return submission;
    },
    whereabouts: (transaction) => chain.whereabouts(transaction),
  };
}
