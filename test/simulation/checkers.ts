// What must hold at every moment of every run, whatever the network, the crashes and up to f Byzantine validators do.

import type { Effect } from "../../node/consensus/effect.ts";
import { contradictions } from "../../node/consensus/evidence.ts";
import { freshRecord, type ViewRecord } from "../../node/consensus/state.ts";
import type { SealedBlock } from "../../node/types/block.ts";
import type { Digest, ValidatorIndex } from "../../node/types/brands.ts";
import type { Certificate } from "../../node/types/certificate.ts";
import type { CertificateScheme } from "../../node/types/certificateScheme.ts";
import type { Evidence } from "../../node/types/evidence.ts";
import type { SignedVote } from "../../node/types/vote.ts";
import type { SimulatedNode } from "./node.ts";
import type { Members } from "./simulatedScheme.ts";

interface SeenView {
  notarized?: Digest;
  finalized?: Digest;
  nullified?: boolean;
}

export class Checkers {
  readonly violations: string[] = [];
  readonly forks: string[] = [];
  /** Codes with which honest nodes stopped. */
  readonly stops: { readonly node: ValidatorIndex; readonly code: string }[] = [];
  /** Evidence that honest validators reported, by offender and kind. */
  readonly evidence: Evidence[] = [];
  /** Offenders that each honest validator convicted by itself. */
  readonly convictedBy = new Map<ValidatorIndex, Set<ValidatorIndex>>();
  readonly reports = new Map<string, number>();
  readonly #scheme: CertificateScheme;
  readonly #alarms: ReadonlySet<string>;
  readonly #honest: ReadonlySet<ValidatorIndex>;
  readonly #digests = new Map<number, Digest>();
  readonly #results = new Map<number, Digest>();
  readonly #views = new Map<string, SeenView>();
  readonly #verified = new WeakSet<Certificate>();
  readonly #said = new Map<string, ViewRecord>();

  readonly #forkAllowed: boolean;
  readonly #erring: number | undefined;
  /** Machines in an epoch's set. */
  readonly #members: Members;

  constructor(
    scheme: CertificateScheme,
    honest: ReadonlySet<ValidatorIndex>,
    alarms: ReadonlySet<string>,
    forkAllowed: boolean,
    erring: number | undefined,
    members: Members,
  ) {
    this.#members = members;
    this.#erring = erring;
    this.#scheme = scheme;
    this.#forkAllowed = forkAllowed;
    this.#alarms = alarms;
    this.#honest = honest;
  }

  violation(sentence: string): void {
    this.violations.push(sentence);
  }

  /** What more than a third of liars can bring about: then it is accountability that must hold. */
  #fork(sentence: string): void {
    this.forks.push(sentence);
    if (!this.#forkAllowed) this.violation(sentence);
  }

  /** Everything an honest validator does. */
  observe(node: SimulatedNode, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "persist" && effect.record.kind === "certificate")
        this.#certificate(effect.record.certificate);
      if (effect.kind === "commit") this.#commit(node, effect.block, effect.finalization);
      if (effect.kind === "reportEvidence") this.#evidence(node, effect.evidence);
      if (effect.kind === "reportPeer") this.#report(node, effect.peer, effect.code);
      if (effect.kind === "stop") this.stopped(node.index, effect.code);
      if (effect.kind === "raiseAlarm" && !this.#alarms.has(effect.code))
        this.violation(`node ${node.index} raised ${effect.code}`);
    }
    if (effects.some(({ kind }) => kind === "commit")) this.#result(node);
    this.#memory(node);
  }

  stopped(node: ValidatorIndex, code: string): void {
    this.stops.push({ node, code });
    if (!this.#alarms.has(code)) this.violation(`node ${node} stopped: ${code}`);
  }

  /** Agreement, and finalized ancestry. */
  #commit(node: SimulatedNode, { digest, header }: SealedBlock, finalization: Certificate): void {
    this.#certificate(finalization);
    const { height, parentDigest } = header;
    const parent = this.#digests.get(height - 1);
    if (parent !== undefined && parent !== parentDigest) {
      this.#fork(`node ${node.index} committed height ${height} on another parent`);
    }
    const other = this.#digests.get(height);
    if (other === undefined) this.#digests.set(height, digest);
    else if (other !== digest) this.#fork(`node ${node.index} committed another block at height ${height}`);
  }

  /** After the last commit of a step: the same result everywhere. */
  #result({ index, state }: SimulatedNode): void {
    if (index === this.#erring) return;
    const { height, executionHash } = state.committed;
    const other = this.#results.get(height);
    if (other === undefined) this.#results.set(height, executionHash);
    else if (other !== executionHash) this.#fork(`node ${index} has another result at height ${height}`);
  }

  /** Every certificate is valid, at most one block is notarized in a view, and none is both nullified and finalized. */
  #certificate(certificate: Certificate): void {
    if (this.#verified.has(certificate)) return;
    this.#verified.add(certificate);
    const { vote } = certificate;
    if (!this.#scheme.verifyCertificate(certificate)) this.violation(`an invalid certificate in view ${vote.view}`);
    const place = `${vote.epoch}/${vote.view}`;
    const seen = this.#views.get(place) ?? {};
    this.#views.set(place, seen);
    if (vote.kind === "nullify") seen.nullified = true;
    if (vote.kind === "notarize") {
      if ((seen.notarized ?? vote.digest) !== vote.digest) this.#fork(`two notarized blocks in view ${vote.view}`);
      seen.notarized = vote.digest;
    }
    if (vote.kind === "finalize") {
      if ((seen.finalized ?? vote.digest) !== vote.digest) this.#fork(`two finalized blocks in view ${vote.view}`);
      seen.finalized = vote.digest;
    }
    if (seen.nullified && seen.finalized !== undefined) this.#fork(`view ${vote.view} nullified and finalized`);
  }

  /** No honest validator ever contradicts itself, seen or not. */
  signed(signed: SignedVote): void {
    const { epoch, view } = signed.vote;
    if (!this.#isHonest(epoch, signed.signer)) return;
    const key = `${this.#members(epoch)[signed.signer]}/${epoch}/${view}`;
    const record = this.#said.get(key) ?? freshRecord(signed.vote.view);
    for (const { kind } of contradictions(record, signed)) {
      this.violation(`honest validator ${signed.signer} commits ${kind} in view ${signed.vote.view}`);
    }
    const votes = new Map(record[signed.vote.kind]).set(signed.signer, signed);
    this.#said.set(key, { ...record, [signed.vote.kind]: votes });
  }

  #isHonest(epoch: number, index: ValidatorIndex): boolean {
    const machine = this.#members(epoch)[index];
    return machine !== undefined && this.#honest.has(machine as ValidatorIndex);
  }

  #evidence(node: SimulatedNode, evidence: Evidence): void {
    this.evidence.push(evidence);
    const { epoch } = evidence.first.vote;
    const convicted = this.convictedBy.get(node.index) ?? new Set();
    const offender = this.#members(epoch)[evidence.offender] as ValidatorIndex;
    this.convictedBy.set(node.index, convicted.add(offender));
    if (this.#isHonest(epoch, evidence.offender)) {
      this.violation(`node ${node.index} holds ${evidence.kind} against honest validator ${evidence.offender}`);
    }
    for (const signed of [evidence.first, evidence.second]) {
      if (!this.#scheme.verifyVote(signed)) this.violation(`node ${node.index} reported forged evidence`);
    }
  }

  #report(node: SimulatedNode, peer: ValidatorIndex, code: string): void {
    if (node.index === this.#erring || peer === this.#erring) return;
    this.reports.set(code, (this.reports.get(code) ?? 0) + 1);
    if (this.#isHonest(node.state.config.epoch, peer))
      this.violation(`node ${node.index} reports honest validator ${peer}: ${code}`);
  }

  #memory({ index, state, config }: SimulatedNode): void {
    const { pastViewsMax, futureViewsMax, uncommittedBlocksMax } = config.limits;
    if (state.views.size > pastViewsMax + futureViewsMax + uncommittedBlocksMax) {
      this.violation(`node ${index} holds ${state.views.size} views`);
    }
    if (state.blocks.size > 2 * uncommittedBlocksMax) this.violation(`node ${index} holds ${state.blocks.size} blocks`);
    if (state.unjoined.size > 2 * uncommittedBlocksMax) {
      this.violation(`node ${index} holds ${state.unjoined.size} finalizations`);
    }
  }

  /** At the end: every finalized block had been notarized in its view. */
  finish(): void {
    for (const [view, { finalized, notarized }] of this.#views) {
      if (finalized !== undefined && notarized !== finalized && !this.#forkAllowed)
        this.violation(`view ${view} finalized, not notarized`);
    }
  }
}
