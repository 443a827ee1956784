// Wires reporting into a running node: evidence as it is found, blocks as they are committed.
import type { Registry } from "prom-client";
import type { LedgerApplication } from "../application/ledger.ts";
import { deriveReporterKey } from "../crypto/reporterKey.ts";
import { validatorIdentity } from "../crypto/validatorIdentity.ts";
import type { ExecutionEngine } from "../execution/engine.ts";
import type { Log } from "../log.ts";
import { AllowList } from "../mempool/allowList.ts";
import type { CrashPoint } from "../storage/crashPoints.ts";
import type { EvidenceStore } from "../storage/evidenceStore.ts";
import type { Address, Epoch } from "../types/brands.ts";
import type { Genesis } from "../types/genesis.ts";
import { crashingChain } from "./crashingChain.ts";
import { EvidenceReporter, noMemberSentence } from "./evidenceReporter.ts";
import type { ReportingContracts } from "./ledgerChain.ts";
import { reportingMetrics } from "./reportingMetrics.ts";

export interface ReportingOptions {
  readonly genesis: Genesis;
  readonly validatorKey: Uint8Array;
  readonly engine: ExecutionEngine;
  readonly application: LedgerApplication;
  readonly evidence: EvidenceStore;
  /** Addresses of an epoch's set, ascending; undefined when it is not known here. */
  readonly validatorsOf: (epoch: Epoch) => readonly Address[] | undefined;
  /** False while the node catches up. */
  readonly isCurrent: () => boolean;
  readonly metrics: Registry;
  readonly log: Log;
  readonly crash: CrashPoint | undefined;
}

/** Shows what evidence there is and comes to be. Does nothing on a network without the rules; the evidence is kept. */
export function startReporting(options: ReportingOptions): { stop(): Promise<void> } {
  const { genesis, validatorKey, engine, application, evidence, log } = options;
  const { address, reporter } = validatorIdentity(validatorKey);
  const contracts = reportingContracts(genesis);
  let reporting: EvidenceReporter | undefined;
  const metrics = reportingMetrics(options.metrics, () => reporting?.open ?? 0);
  if (contracts === undefined) return { stop: async () => undefined };
  const state = engine.stateAt(engine.committed().context.digest);
  if (state !== undefined && !new AllowList(genesis).permits(state, reporter)) {
    log.warn({ reporter }, noMemberSentence(reporter));
  }
  const started = new EvidenceReporter({
    self: address,
    reporter,
    async chain() {
      const { LedgerChain } = await import("./ledgerChain.ts");
      const reporterKey = deriveReporterKey(validatorKey);
      const chain = new LedgerChain({ contracts, genesis, reporterKey, engine, application });
      return options.crash === undefined ? chain : crashingChain(chain, options.crash);
    },
    validatorsOf: options.validatorsOf,
    height: () => engine.committed().context.height,
    isCurrent: options.isCurrent,
    metrics,
    log,
  });
  reporting = started;
  evidence.onKept((piece) => started.add(piece));
  for (const piece of evidence.all()) started.add(piece);
  application.onCommitted(() => started.committed());
  return { stop: () => started.stop() };
}

function reportingContracts({ contracts }: Genesis): ReportingContracts | undefined {
  const { VoteEquivocation: module, ValidatorRegistry: registry, Permissions: permissions } = contracts;
  if (module === undefined || registry === undefined || permissions === undefined) return undefined;
  return { module, registry, permissions };
}
