// The node's own reporter over the simulation's ledger.
import { keccak256Hex } from "../../node/crypto/keccak.ts";
import { silentLog } from "../../node/log.ts";
import type { ReportingAct, ReportingFacts } from "../../node/reporting/decide.ts";
import { EvidenceReporter } from "../../node/reporting/evidenceReporter.ts";
import type { Accusation, ReportingChain, Submission, Whereabouts } from "../../node/reporting/reportingChain.ts";
import { noReportingMetrics } from "../../node/reporting/reportingMetrics.ts";
import type { Digest, ValidatorIndex } from "../../node/types/brands.ts";
import type { Ledger } from "./ledger.ts";
import { addressOf, machineOf } from "./machines.ts";
import { commitmentTo, evidenceIn, evidenceText, isEvidence, type SimulatedRules } from "./simulatedRules.ts";

interface SimulatedChainOptions {
  readonly self: ValidatorIndex;
  readonly ledger: Ledger;
  readonly rules: SimulatedRules;
  /** To this validator's mempool, and by gossip to the others'. */
  readonly send: (transaction: string) => void;
}

class SimulatedChain implements ReportingChain {
  readonly #options: SimulatedChainOptions;
  readonly #sent = new Map<Digest, string>();

  constructor(options: SimulatedChainOptions) {
    this.#options = options;
  }

  async facts({ validator, evidence }: Accusation): Promise<ReportingFacts> {
    const { rules, self } = this.#options;
    return {
      judgement: rules.judge(evidence),
      isOffenderSpent: rules.barred.has(machineOf(validator)),
      reporterOrganisation: self + 1,
      offenderOrganisation: machineOf(validator) + 1,
      hasCommitted: await this.hasCommitted({ evidence }),
      // Nobody shows evidence for nothing here.
      isRewardOpen: false,
    };
  }

  async hasCommitted({ evidence }: Pick<Accusation, "evidence">): Promise<boolean> {
    return this.#options.rules.hasCommitted(evidence, this.#options.self);
  }

  async submit({ evidence }: Accusation, act: ReportingAct): Promise<Submission> {
    const { self: reporter, ledger, rules, send } = this.#options;
    const own = [...ledger.waiting].filter((text) => isEvidence(text) && evidenceIn(text).reporter === reporter);
    const head = { reporter, nonce: rules.nonceOf(reporter) + own.length, act };
    const content = act === "commit" ? { commitment: commitmentTo(evidence, reporter) } : { evidence };
    const text = evidenceText({ ...head, ...content });
    const transaction = keccak256Hex(new TextEncoder().encode(text));
    this.#sent.set(transaction, text);
    send(text);
    return { submitted: true, transaction };
  }

  whereabouts(transaction: Digest): Whereabouts {
    const { ledger, rules } = this.#options;
    const text = this.#sent.get(transaction) as string;
    return rules.outcomeOf(text) ?? (ledger.waiting.has(text) ? "waiting" : "lost");
  }
}

interface SimulatedReportingOptions extends SimulatedChainOptions {
  readonly height: () => number;
  readonly isAlive: () => boolean;
}

export function simulatedReporter(options: SimulatedReportingOptions): EvidenceReporter {
  const chain = new SimulatedChain(options);
  return new EvidenceReporter({
    self: addressOf(options.self),
    reporter: addressOf(options.self),
    chain: async () => chain,
    validatorsOf: (epoch) => options.rules.membersOf(epoch).map(addressOf),
    height: options.height,
    isCurrent: options.isAlive,
    metrics: noReportingMetrics,
    log: silentLog,
  });
}
