// What a node finds on its disk when it starts, put together for the consensus core: the application's tip, the log's
// records, the guard's word. Pure but for reading and completing the chain store.

import type { Recovered } from "./consensus/input.ts";
import type { ChainStore } from "./storage/chainStore.ts";
import type { EpochStore } from "./storage/epochStore.ts";
import type { LogRecord } from "./storage/logRecord.ts";
import type { SignerRecord, SignerStep } from "./storage/signerRecord.ts";
import type { Application } from "./types/application.ts";
import type { SealedBlock } from "./types/block.ts";
import { type Digest, Epoch, Height, View } from "./types/brands.ts";
import type { Finalization } from "./types/certificate.ts";
import type { EpochBase } from "./types/epochBase.ts";
import { AllotError } from "./types/errors.ts";
import type { ConsensusRecord } from "./types/record.ts";
import type { Vote } from "./types/vote.ts";

/** The signer's steps in the log, and how many of the last ones the guard may not know: those of the last write. */
export function signerSteps(
  records: readonly LogRecord[],
  lastWriteRecords: number,
): { readonly steps: readonly SignerStep[]; readonly lagMax: number } {
  const stepOf = (record: LogRecord): SignerStep[] => {
    if (record.kind === "floor") return [record];
    return record.record.kind === "vote" ? [{ kind: "vote", vote: record.record.vote }] : [];
  };
  const steps = records.flatMap(stepOf);
  const lagMax = records.slice(Math.max(0, records.length - lastWriteRecords)).flatMap(stepOf).length;
  return { steps, lagMax };
}

export interface RecoverySources {
  readonly application: Pick<Application, "info" | "resultOf">;
  /** The epoch that the application's tip is followed by. */
  readonly epoch: Epoch;
  readonly genesisDigest: Digest;
  readonly genesisTimestampMs: number;
  readonly chain: ChainStore;
  readonly records: readonly LogRecord[];
  /** Undefined when it is in doubt what was signed. */
  readonly signer: SignerRecord | undefined;
  /** The latest epoch in which something was signed, by guard or log, whether or not the two agree. */
  readonly signedEpoch: Epoch;
}

/** The latest epoch that the guard or the log's steps speak of. */
export const latestSigned = (guard: SignerRecord | undefined, steps: readonly SignerStep[]): Epoch =>
  Epoch(Math.max(guard?.epoch ?? 0, ...steps.map((step) => (step.kind === "vote" ? step.vote.epoch : step.epoch))));

/**
 * The block that the epoch starts from.
 * @throws AllotError EPOCH_START_UNKNOWN when the application's data and the ordering side's data do not belong together
 */
export function baseOf(epoch: Epoch, genesis: EpochBase, epochs: EpochStore): EpochBase {
  const base = epoch === 0 ? genesis : epochs.at(epoch)?.base;
  if (base !== undefined) return base;
  const text = `the state is in epoch ${epoch}, whose start the consensus store does not know: the folder's data were put together from different backups. Remove data/ and wal/ (not signer-guard.json) and start again: the node then catches up from the other validators`;
  throw new AllotError("EPOCH_START_UNKNOWN", { epoch }, text);
}

/** @throws AllotError TIP_UNKNOWN when the application's data and the ordering side's data do not belong together */
export function recover(sources: RecoverySources): Recovered {
  const { application, chain, records, signer } = sources;
  const logged = records.flatMap((record) => (record.kind === "consensus" ? [record.record] : []));
  const blocks = new Map(
    logged.flatMap((record) => (record.kind === "block" ? [[record.block.digest, record.block]] : [])),
  );
  const info = application.info();
  const guardVotes = signer === undefined ? [] : votesOf(signer);
  const signing = { guardVotes, signedEpoch: sources.signedEpoch, signingDoubtful: signer === undefined };
  if (info.height === 0) {
    if (info.digest !== sources.genesisDigest) throw tipUnknown(info);
    const genesis = { digest: info.digest, view: View(0), height: info.height, executionHash: info.executionHash };
    const committed = { ...genesis, timestampMs: sources.genesisTimestampMs, changedState: false };
    return { committed, records: logged, ...signing };
  }
  const tip = blocks.get(info.digest) ?? chain.byDigest(info.digest)?.block;
  if (tip === undefined) throw tipUnknown(info);
  completeChain(chain, tip, blocks, logged);
  const { view, height, timestampMs } = tip.header;
  // Unknown counts as changed: the node then asks for one more block at most.
  const changedState = application.resultOf(info.digest)?.changedState ?? true;
  const committed = { digest: info.digest, view, height, timestampMs, executionHash: info.executionHash, changedState };
  return {
    committed,
    records: tip.header.epoch === sources.epoch ? withTip(tip, chain, logged) : logged,
    ...signing,
  };
}

/** A crash may have come between the application's commit and the chain store's: the log has what is missing. */
function completeChain(
  chain: ChainStore,
  tip: SealedBlock,
  blocks: ReadonlyMap<Digest, SealedBlock>,
  logged: readonly ConsensusRecord[],
): void {
  const finalizations = new Map<Digest, Finalization>();
  for (const record of logged) {
    if (record.kind !== "certificate" || record.certificate.vote.kind !== "finalize") continue;
    finalizations.set(record.certificate.vote.digest, record.certificate as Finalization);
  }
  const missing: SealedBlock[] = [];
  for (let block: SealedBlock | undefined = tip; block !== undefined; block = blocks.get(block.header.parentDigest)) {
    if (chain.at(block.header.height)?.block.digest === block.digest) break;
    missing.push(block);
  }
  for (const block of missing.reverse()) chain.put(block, finalizations.get(block.digest));
}

/** When the log was lost, the chain store stands in for it: the tip, and what made it final. */
function withTip(tip: SealedBlock, chain: ChainStore, logged: readonly ConsensusRecord[]): readonly ConsensusRecord[] {
  const hasTip = logged.some((record) => record.kind === "block" && record.block.digest === tip.digest);
  if (hasTip) return logged;
  const finalization = chain.at(Height(tip.header.height))?.finalization ?? chain.latestFinalization();
  const certificate = finalization === undefined ? [] : [{ kind: "certificate", certificate: finalization } as const];
  return [{ kind: "block", block: tip }, ...certificate, ...logged];
}

function votesOf({ epoch, view, notarize, nullify, finalize }: SignerRecord): Vote[] {
  return [
    notarize === undefined ? [] : [{ kind: "notarize", epoch, view, digest: notarize } as const],
    nullify ? [{ kind: "nullify", epoch, view } as const] : [],
    finalize === undefined ? [] : [{ kind: "finalize", epoch, view, digest: finalize } as const],
  ].flat();
}

function tipUnknown({ height, digest }: { readonly height: number; readonly digest: Digest }): AllotError {
  const what = `the state is at block ${height} (${digest}), which neither the consensus store nor the log knows`;
  const text = `${what}: the folder's data were put together from different backups. Remove data/ and wal/ (not signer-guard.json) and start again: the node then catches up from the other validators`;
  return new AllotError("TIP_UNKNOWN", { height, digest }, text);
}
