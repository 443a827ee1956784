import { Counter, Gauge, type Registry } from "prom-client";
import type { ReportingAct } from "./decide.ts";
import type { Whereabouts } from "./reportingChain.ts";

/** How a validator's evidence against another ended. */
export type CaseOutcome = "punished" | "spent" | "expired" | "refuted" | "abandoned";

/** What reporting measures. */
export interface ReportingMetrics {
  transaction(act: ReportingAct, outcome: Exclude<Whereabouts, "waiting"> | "refused"): void;
  closed(outcome: CaseOutcome): void;
}

export const noReportingMetrics: ReportingMetrics = { transaction: () => undefined, closed: () => undefined };

/** @param open reads how many validators' evidence waits */
export function reportingMetrics(registry: Registry, open: () => number): ReportingMetrics {
  const registers = [registry];
  const transactions = new Counter({
    name: "allot_evidence_submitted_total",
    help: "Transactions with evidence that this node sent since the start, by act and what became of them",
    labelNames: ["act", "outcome"],
    registers,
  });
  const closed = new Counter({
    name: "allot_evidence_closed_total",
    help: "Evidence with which nothing is left to do, since the start, by outcome",
    labelNames: ["outcome"],
    registers,
  });
  new Gauge({
    name: "allot_evidence_open",
    help: "Validators against whom evidence waits to be shown",
    registers,
    collect() {
      this.set(open());
    },
  });
  return {
    transaction: (act, outcome) => transactions.inc({ act, outcome }),
    closed: (outcome) => closed.inc({ outcome }),
  };
}
