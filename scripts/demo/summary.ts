// The end of the main job: what happened, in figures, and whether it was as it should be.
import { table } from "../../node/cli/output.ts";
import { percentile } from "../percentile.ts";
import type { CertificateCheck } from "./certificates.ts";
import type { Conservation } from "./creditBook.ts";
import type { DisputeBoard } from "./disputeBoard.ts";
import { inCredits } from "./inCredits.ts";
import { type Behaviour, equivocates, type Market } from "./marketFile.ts";
import type { Outage } from "./outage.ts";
import type { ReputationBoard } from "./reputationBoard.ts";
import type { EvidenceKind } from "./roleConfig.ts";
import type { RoleReports } from "./roleReports.ts";
import type { Scoreboard } from "./scoreboard.ts";
import type { Timing } from "./timing.ts";

export interface Run {
  readonly market: Market;
  readonly board: Scoreboard;
  readonly panel: DisputeBoard;
  readonly reports: RoleReports;
  readonly reputation: ReputationBoard;
  /** Names of those whose refusals are not in the chain. */
  readonly unfounded: readonly string[];
  /** Address of a participant's account. */
  readonly addressOf: (name: string) => string;
  readonly certificates: CertificateCheck;
  readonly credits: Conservation;
  readonly timing: Timing;
  readonly outage: Outage;
  readonly height: number;
  /** State root at `height` of every validator, by name. */
  readonly stateRoots: Readonly<Record<string, string>>;
}

export interface Judgement {
  readonly text: string;
  /** What was not as it should be; empty for a good run. */
  readonly problems: readonly string[];
}

/** What an agent is slashed for, by what it does. */
const faultsOf: Readonly<Record<Behaviour, readonly string[]>> = {
  honest: [],
  lapses: [],
  "never-delivers": ["no-show"],
  "signs-two-bids": ["bid equivocation"],
  "signs-against-commit": ["bid equivocation"],
};

const evidenceOf: Readonly<Partial<Record<Behaviour, EvidenceKind>>> = {
  "signs-two-bids": "two signatures",
  "signs-against-commit": "a signature and a commitment",
};

function culprits({ market, board, reports }: Run): string[] {
  const slashed = new Map<string, Set<string>>();
  for (const { agentId, reason } of board.slashes) {
    const name = board.agentNames.get(agentId) ?? `agent ${agentId}`;
    slashed.set(name, (slashed.get(name) ?? new Set()).add(reason));
  }
  const problems: string[] = [];
  for (const { name, behaviour } of market.agents) {
    const reasons = [...(slashed.get(name) ?? [])];
    const expected = faultsOf[behaviour];
    if (reasons.join() !== expected.join()) {
      const what = reasons.length === 0 ? "not slashed" : `slashed for ${reasons.join(" and ")}`;
      problems.push(`${name} (${behaviour}) was ${what}`);
    }
  }
  const ids = new Map([...board.agentNames].map(([agentId, name]) => [name, agentId]));
  for (const { name, behaviour } of market.agents.filter((agent) => equivocates(agent.behaviour))) {
    const evidence = reports.evidence.get(ids.get(name) ?? -1n);
    if (evidence !== evidenceOf[behaviour]) {
      problems.push(
        `${name} (${behaviour}) was convicted by ${evidence ?? "nothing"}, not by ${evidenceOf[behaviour]}`,
      );
    }
  }
  for (const { agentId } of board.burnedLocks) {
    problems.push(`${board.agentNames.get(agentId)} lost a lock because its bid was not revealed in time`);
  }
  return problems;
}

/** Whoever bids without its capability must have been refused by the rule for it, in a block, and have no bid. */
function refusals({ market, board, reports, unfounded, addressOf }: Run): string[] {
  const problems = unfounded.map((name) => `the refusal that ${name} reported is not in the chain`);
  for (const { name } of market.agents.filter(({ behaviour }) => behaviour === "lapses")) {
    const refused = reports.refusals.filter((one) => one.name === name && one.rule === "LedgerCapabilityMissing");
    if (refused.length === 0) problems.push(`${name} (lapses) was not refused for want of a capability`);
    if (board.commitments.has(addressOf(name).toLowerCase())) problems.push(`${name} (lapses) has a bid`);
  }
  return problems;
}

/** Every wrong verdict must have been objected to, and put right by enough votes. */
function disputes({ market, panel, board }: Run): string[] {
  const all = [...panel.disputes.values()];
  const wanted = market.evaluator.misjudges;
  return [
    ...(all.length === wanted ? [] : [`${all.length} verdicts were objected to, not ${wanted}`]),
    ...all
      .filter(({ ruling }) => ruling !== "upheld")
      .map(({ taskId, ruling }) => `the panel's ruling on task ${taskId} is ${ruling ?? "open"}, not upheld`),
    ...all
      .filter(({ taskId, objector }) => board.tasks.get(taskId)?.provider?.toLowerCase() !== objector.toLowerCase())
      .map(({ taskId }) => `task ${taskId} was objected to by another than its agent`),
  ];
}

/** Every outcome must have become reputation, once. */
function recorded({ board, reputation: { tasks, outcomes } }: Run): string[] {
  const all = [...board.tasks.values()];
  const paid = all.filter(({ outcome }) => outcome === "paid").length;
  const noShows = all.reduce((sum, task) => sum + task.noShows, 0);
  return [
    ...all.filter(({ taskId }) => !tasks.has(taskId)).map(({ taskId }) => `task ${taskId} is not recorded`),
    ...(outcomes.paid === paid && outcomes["no-show"] === noShows && outcomes.rejected === 0
      ? []
      : ["the outcomes recorded are not those of the tasks"]),
  ];
}

export function judge(run: Run): Judgement {
  const { market, board, panel, reports, reputation, certificates, credits, timing, outage, height, stateRoots } = run;
  const tasks = [...board.tasks.values()];
  const count = (outcome: string): number => tasks.filter((task) => task.outcome === outcome).length;
  const reassigned = tasks.filter((task) => task.assignments > 1).length;
  const assignments = tasks.reduce((sum, task) => sum + task.assignments, 0);
  const roots = new Set(Object.values(stateRoots));
  const taken = (reason: string): string =>
    inCredits(board.slashes.filter((one) => one.reason === reason).reduce((sum, { amount }) => sum + amount, 0n));
  const ms = (share: number): string => percentile(timing.latenciesMs, share).toFixed(0);

  const problems = [
    ...(tasks.length === market.tasks.length ? [] : [`${tasks.length} of ${market.tasks.length} tasks were posted`]),
    ...tasks.filter((task) => task.outcome !== "paid").map((task) => `task ${task.taskId} ended ${task.outcome}`),
    ...(tasks.every((task) => task.noShows === task.assignments - 1)
      ? []
      : ["a no-show was not followed by another agent"]),
    ...(certificates.verified === assignments
      ? []
      : [`${certificates.verified} of ${assignments} certificates verified`]),
    ...certificates.failures,
    ...culprits(run),
    ...refusals(run),
    ...disputes(run),
    ...recorded(run),
    ...(credits.conserved ? [] : [`credits are not conserved (${credits.differing.join(", ") || "the sums differ"})`]),
    ...(roots.size === 1 ? [] : ["the validators' state roots differ"]),
  ];
  const slashed = [...new Set(board.slashes.map(({ agentId }) => board.agentNames.get(agentId) ?? String(agentId)))];
  const rows = [
    [
      "tasks",
      `${tasks.length}: ${count("paid")} paid (${reassigned} after reassignment), ${count("refunded")} refunded`,
    ],
    ["bids", String(tasks.reduce((sum, task) => sum + task.bids, 0))],
    ["certificates", `${certificates.verified} of ${assignments} assignments verified offline`],
    [
      "slashed",
      `${slashed.join(", ")}: ${taken("no-show")} credits for no-shows, ${taken("bid equivocation")} for equivocation, by ${[...reports.evidence.values()].join(" and by ") || "no evidence"}`,
    ],
    ["refused", `${reports.refusals.map(({ name, rule }) => `${name} on chain by ${rule}`).join(", ") || "nobody"}`],
    ["disputes", disputesText(panel)],
    [
      "reputation",
      `${reputation.tasks.size} tasks recorded: ${reputation.outcomes.paid} units paid, ${reputation.outcomes.rejected} rejected, ${reputation.outcomes["no-show"]} no-shows`,
    ],
    [
      "credits",
      `${inCredits(credits.issued)} issued − ${inCredits(credits.burned)} burned = ${inCredits(credits.held)} held by ${credits.holders} accounts: ${credits.conserved ? "conserved" : "NOT CONSERVED"}`,
    ],
    ["finality", `p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms over ${timing.latenciesMs.length} transactions`],
    [
      "throughput",
      `${(timing.transactions / timing.seconds).toFixed(1)} transactions per second (${timing.transactions} in ${timing.seconds.toFixed(0)} s, ${timing.blocks} blocks)`,
    ],
    ["outage", `one validator killed and back in step after ${(outage.recoveryMs / 1_000).toFixed(1)} s`],
    [
      "state root",
      `${roots.size === 1 ? "equal" : "DIFFERENT"} on all ${Object.keys(stateRoots).length} validators at height ${height}: ${[...roots].join(" ")}`,
    ],
  ];
  return { text: table(rows), problems };
}

function disputesText({ disputes: all }: DisputeBoard): string {
  if (all.size === 0) return "none";
  return [...all.values()]
    .map(({ taskId, ruling, votes, seats }) => `task ${taskId}: ${ruling ?? "open"} by ${votes} votes of ${seats}`)
    .join(", ");
}
