// Shows the evidence that this validator holds against others to the rules, in the name of its reporter account. It
// promises:
//   - evidence that the rules accept ends in a punishment as long as one honest validator that holds it runs and its
//     transactions get ordered, also when the process is killed at any point on the way;
//   - one transaction of an offender is under way at a time, and a conviction takes two of them; the validators go one
//     after the other, so that as a rule one of them does;
//   - an offender whose key is barred and whose stake is gone costs nothing more, however much it signs.
//
// What is to be done is `decide`'s business; here it is done, once after each commit.
import {
  reportingAttemptsMax,
  reportingRecheckBlocks,
  reportingSearchedMax,
  reportingTurnBlocks,
} from "../config/limits.ts";
import type { Log } from "../log.ts";
import type { Address, Digest, Epoch } from "../types/brands.ts";
import { unreachable } from "../types/errors.ts";
import type { Evidence } from "../types/evidence.ts";
import { type Decision, decide, type ReportingAct } from "./decide.ts";
import type { ReportingChain } from "./reportingChain.ts";
import type { CaseOutcome, ReportingMetrics } from "./reportingMetrics.ts";
import { reportingRank } from "./reportingRank.ts";

export interface EvidenceReporterOptions {
  /** This validator. */
  readonly self: Address;
  /** Account that shows the evidence. */
  readonly reporter: Address;
  /** Called at the first piece of evidence: a node that never sees any loads nothing for it. */
  readonly chain: () => Promise<ReportingChain>;
  /** The set of an epoch, sorted by address; undefined when it is not known here. */
  readonly validatorsOf: (epoch: Epoch) => readonly Address[] | undefined;
  /** Height of the last committed block. */
  readonly height: () => number;
  /** False while the node catches up: what it knows may have been dealt with long ago. */
  readonly isCurrent: () => boolean;
  readonly metrics: ReportingMetrics;
  readonly log: Log;
}

/** Everything held against one validator. */
interface Case {
  readonly validator: Address;
  /** The first is dealt with next. */
  readonly pieces: Evidence[];
  readonly sinceHeight: number;
  /** The first is the one that this validator has committed to in an earlier life, if it has to any. */
  isSearched: boolean;
  /** Nothing is done about it below this height. */
  fromHeight: number;
  failures: number;
  sent: { readonly transaction: Digest; readonly act: ReportingAct } | undefined;
}

export class EvidenceReporter {
  readonly #options: EvidenceReporterOptions;
  readonly #cases = new Map<Address, Case>();
  readonly #closed = new Set<Address>();
  /** What has been said in the log and need not be repeated. */
  readonly #said = new Set<string>();
  #chain: Promise<ReportingChain> | undefined;
  #running: Promise<void> | undefined;
  #isDue = false;
  #isStopped = false;

  constructor(options: EvidenceReporterOptions) {
    this.#options = options;
  }

  /** Validators whose evidence waits. */
  get open(): number {
    return this.#cases.size;
  }

  /** Takes up a piece of evidence that is durable. One that it has taken up already is closed with the other. */
  add(evidence: Evidence): void {
    const { epoch } = evidence.first.vote;
    const validator = this.#options.validatorsOf(epoch)?.[evidence.offender];
    if (validator === undefined) {
      const facts = { epoch, offender: evidence.offender };
      this.#options.log.warn(facts, "evidence against a validator of a set that is not known here is kept");
      return;
    }
    if (this.#closed.has(validator)) return;
    const known = this.#cases.get(validator);
    const height = this.#options.height();
    const fresh = {
      validator,
      sinceHeight: height,
      fromHeight: height,
      isSearched: false,
      failures: 0,
      sent: undefined,
    };
    if (known !== undefined) known.pieces.push(evidence);
    else this.#cases.set(validator, { ...fresh, pieces: [evidence] });
    this.#wake();
  }

  /** A block was committed. */
  committed(): void {
    if (this.#cases.size > 0) this.#wake();
  }

  /** Resolves when what is under way is done; nothing is sent after it. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  #wake(): void {
    this.#isDue = true;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Not within the call that wakes: who wakes may be in the middle of something.
    await undefined;
    try {
      while (this.#isDue && !this.#isStopped) {
        this.#isDue = false;
        await this.#pass();
      }
    } catch (error) {
      // A defect here must not take the validator, and with it all that hold the same evidence, out of consensus.
      this.#isStopped = true;
      const code = error instanceof Error && "code" in error ? String(error.code) : "UNEXPECTED";
      const facts = { code, err: error };
      this.#options.log.error(
        facts,
        "reporting has failed and stays off until the node is restarted; evidence is kept",
      );
    } finally {
      this.#running = undefined;
    }
  }

  async #pass(): Promise<void> {
    if (!this.#options.isCurrent()) return;
    this.#chain ??= this.#options.chain();
    const chain = await this.#chain;
    for (const one of [...this.#cases.values()]) {
      if (this.#isStopped) return;
      if (this.#isUnderWay(one, chain) || this.#options.height() < one.fromHeight) continue;
      await this.#attend(one, chain);
    }
  }

  /** Takes note of what became of the last transaction. */
  #isUnderWay(one: Case, chain: ReportingChain): boolean {
    if (one.sent === undefined) return false;
    const { transaction, act } = one.sent;
    const whereabouts = chain.whereabouts(transaction);
    if (whereabouts === "waiting") return true;
    one.sent = undefined;
    this.#options.metrics.transaction(act, whereabouts);
    const facts = { validator: one.validator, act, transaction };
    if (whereabouts === "executed") this.#options.log.info(facts, executedSentences[act]);
    else this.#failed(one, `a transaction with evidence was ${whereabouts}`, facts);
    return false;
  }

  async #attend(one: Case, chain: ReportingChain): Promise<void> {
    if (!one.isSearched) await this.#search(one, chain);
    const evidence = one.pieces[0];
    if (evidence === undefined) return;
    const facts = await chain.facts({ validator: one.validator, evidence });
    if (this.#isStopped) return;
    const decision = decide(facts, this.#options.height() >= this.#turnOf(one, evidence));
    switch (decision.kind) {
      case "act":
        return this.#act(one, evidence, decision.act, chain);
      case "wait":
        one.fromHeight = this.#turnOf(one, evidence);
        return;
      case "keep":
        return this.#keep(one, evidence, decision.reason);
      case "close": {
        const code = facts.judgement.verdict === "refuted" ? facts.judgement.code : undefined;
        return this.#closePiece(one, evidence, decision.outcome, code);
      }
      default:
        return unreachable(decision);
    }
  }

  /** Goes on with the piece that an earlier life has committed to, rather than commit to another. */
  async #search(one: Case, chain: ReportingChain): Promise<void> {
    const { validator, pieces } = one;
    one.isSearched = true;
    for (const [i, evidence] of pieces.slice(0, reportingSearchedMax).entries()) {
      if (!(await chain.hasCommitted({ validator, evidence }))) continue;
      pieces.unshift(...pieces.splice(i, 1));
      return;
    }
  }

  #turnOf({ sinceHeight }: Case, { offender, first }: Evidence): number {
    const validators = this.#options.validatorsOf(first.vote.epoch) ?? [];
    return sinceHeight + reportingTurnBlocks * reportingRank(validators, this.#options.self, offender);
  }

  async #act(one: Case, evidence: Evidence, act: ReportingAct, chain: ReportingChain): Promise<void> {
    const submission = await chain.submit({ validator: one.validator, evidence }, act);
    if (submission.submitted) {
      one.sent = { transaction: submission.transaction, act };
      return;
    }
    const { code, reason } = submission;
    this.#options.metrics.transaction(act, "refused");
    this.#failed(one, `a transaction with evidence was refused: ${reason}`, { validator: one.validator, act, code });
  }

  /** Tries again later, each time after a longer while, and not for ever. */
  #failed(one: Case, sentence: string, facts: Readonly<Record<string, unknown>>): void {
    one.failures++;
    // A lost one may have made way for one of an earlier life.
    one.isSearched = false;
    this.#options.log.warn(facts, sentence);
    one.fromHeight = this.#options.height() + reportingTurnBlocks * 2 ** (one.failures - 1);
    if (one.failures >= reportingAttemptsMax) this.#closeCase(one, "abandoned");
  }

  #keep(one: Case, evidence: Evidence, reason: (Decision & { kind: "keep" })["reason"]): void {
    const { validator, pieces } = one;
    const { reporter, log } = this.#options;
    const isOfAll = reason === "noMember";
    const key = `${reason}/${isOfAll ? "" : validator}`;
    if (!this.#said.has(key)) {
      this.#said.add(key);
      if (isOfAll) log.warn({ reporter }, noMemberSentence(reporter));
      else
        log.warn({ validator, epoch: evidence.first.vote.epoch }, "the rules know no such validator; evidence is kept");
    }
    // Other pieces may be of an epoch that the rules do know.
    if (!isOfAll) pieces.push(...pieces.splice(0, 1));
    const isNextAnother = !isOfAll && pieces.length > 1;
    one.fromHeight = this.#options.height() + (isNextAnother ? 1 : reportingRecheckBlocks);
  }

  #closePiece(one: Case, evidence: Evidence, outcome: CaseOutcome, code: string | undefined): void {
    if (outcome === "spent" || outcome === "expired") return this.#closeCase(one, outcome);
    const facts = { validator: one.validator, kind: evidence.kind, view: evidence.first.vote.view };
    if (outcome === "refuted")
      this.#options.log.error({ ...facts, code }, "the rules refuse this evidence; it is kept");
    else this.#options.log.info(facts, "a validator has been punished for this evidence");
    this.#options.metrics.closed(outcome);
    one.pieces.shift();
    // Another piece has its turn after the next block: a spent offender is closed as a whole then.
    if (one.pieces.length === 0) this.#cases.delete(one.validator);
  }

  #closeCase({ validator, pieces }: Case, outcome: CaseOutcome): void {
    const { log, metrics } = this.#options;
    metrics.closed(outcome);
    this.#closed.add(validator);
    this.#cases.delete(validator);
    const facts = { validator, pieces: pieces.length };
    if (outcome === "abandoned") log.error(facts, "evidence could not be shown; it is kept: export and submit it");
    else if (outcome === "expired") log.warn(facts, "evidence is too old to count: the validator has left; it is kept");
    else log.debug(facts, "the rest of the evidence is not needed: the validator is barred and its stake is gone");
  }
}

const executedSentences = {
  commit: "committed to evidence on chain",
  show: "showed evidence on chain: the validator is convicted",
  report: "showed evidence on chain: the validator is convicted",
} as const satisfies Record<ReportingAct, string>;

export const noMemberSentence = (reporter: Address): string =>
  `the reporter account ${reporter} belongs to no organisation: evidence is kept and not shown until the operators add it (allot governance add-members)`;
