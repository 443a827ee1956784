// What happens in the model when a rule of the protocol is left out: the size in which it shows.
import type { ModelOptions, ModelRule } from "./modelOptions.ts";
import type { ModelViolation } from "./modelProperties.ts";

export interface RemovedRule {
  readonly rules: readonly ModelRule[];
  readonly size: Partial<ModelOptions>;
  /** What breaks; undefined when nothing does. */
  readonly breaks: ModelViolation | undefined;
  readonly checksProgress?: boolean;
}

export const removedRules: readonly RemovedRule[] = [
  { rules: ["any-kind"], size: { views: 1 }, breaks: "evidence" },
  { rules: ["no-nullify"], size: { views: 1 }, breaks: "evidence" },
  { rules: ["finalize-other"], size: { views: 1 }, breaks: "evidence" },
  { rules: ["covered-gap"], size: { views: 2 }, breaks: "offChain" },
  { rules: ["notarized-parent"], size: { views: 2 }, breaks: "offChain" },
  { rules: ["quorum"], size: { validators: 6, views: 1 }, breaks: "twoNotarized" },
  { rules: ["vote-durable"], size: { views: 1, restarts: 1 }, breaks: "evidence" },
  { rules: ["resume-highest"], size: { views: 2, restarts: 1 }, breaks: "evidence" },
  // These two are what lets the guard remember no more than the highest view: without a restart nothing breaks.
  { rules: ["current-only"], size: { views: 2, restarts: 1 }, breaks: "evidence" },
  { rules: ["current-only"], size: { views: 2 }, breaks: undefined },
  { rules: ["finalize-current"], size: { views: 2, restarts: 1 }, breaks: "evidence" },
  { rules: ["finalize-current"], size: { views: 2 }, breaks: undefined },
  { rules: ["signing-doubt"], size: { views: 1, losses: 1 }, breaks: "evidence" },
  { rules: ["resume-margin"], size: { views: 2, losses: 1 }, breaks: "evidence" },
  { rules: ["fresh-reports"], size: { views: 3, losses: 1 }, breaks: "evidence" },
  { rules: ["nullify-after-notarize"], size: { views: 2 }, breaks: "stuck", checksProgress: true },
  // Never needed: Finalize and leaving its view are one step, and whoever is restarted comes back above that view.
  { rules: ["no-finalize"], size: { views: 2, restarts: 1 }, breaks: undefined },
];
