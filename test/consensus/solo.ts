// One core under test among validators that say exactly what the test wants. Signatures, execution and verdicts are
// answered at once unless the test takes them over.
import { expect } from "chai";
import { type ConsensusConfig, type ConsensusLimits, defaultConsensusLimits } from "../../node/consensus/config.ts";
import { createConsensus } from "../../node/consensus/create.ts";
import type { Effect } from "../../node/consensus/effect.ts";
import type { CommittedTip, Input, Recovered, TimerName } from "../../node/consensus/input.ts";
import { type ConsensusState, leaderOf } from "../../node/consensus/state.ts";
import { step } from "../../node/consensus/step.ts";
import { keccak256Hex } from "../../node/crypto/keccak.ts";
import { assembleBlock } from "../../node/types/assembleBlock.ts";
import type { Justification, SealedBlock } from "../../node/types/block.ts";
import { sealBlock } from "../../node/types/blockCodec.ts";
import { type Address, type Digest, Epoch, Height, type ValidatorIndex, View } from "../../node/types/brands.ts";
import type { Certificate, Finalization, Notarization, Nullification } from "../../node/types/certificate.ts";
import type { EpochBase } from "../../node/types/epochBase.ts";
import type { ConsensusParameters } from "../../node/types/genesis.ts";
import type { PeerMessage } from "../../node/types/message.ts";
import type { ConsensusRecord } from "../../node/types/record.ts";
import type { SignedVote, Vote, VoteKind } from "../../node/types/vote.ts";
import { type SigningScheme, simulatedScheme } from "../simulation/simulatedScheme.ts";

export type EffectOf<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

export interface SoloOptions {
  /** Height of the epoch's last block. */
  readonly lastHeight?: Height;
  /** A later epoch than the first, and what it starts from. */
  readonly epoch?: Epoch;
  readonly base?: EpochBase;
  readonly validators?: number;
  readonly self?: number;
  /** Has no seat in the set. */
  readonly observer?: boolean;
  readonly parameters?: Partial<ConsensusParameters>;
  readonly limits?: Partial<ConsensusLimits>;
  readonly recovered?: Partial<Recovered>;
  /** What is answered at once; everything unless set to false. */
  readonly sign?: boolean;
  readonly execute?: boolean;
  readonly verify?: boolean;
  readonly build?: boolean;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
export const digestOf = (name: string): Digest => keccak256Hex(text(name));

export const parameters: ConsensusParameters = {
  blockIntervalMs: 50,
  leaderTimeoutMs: 1_000,
  notarizationTimeoutMs: 1_500,
  retryIntervalMs: 500,
  maxTimeoutMs: 8_000,
  heartbeatMs: 5_000,
  maxDriftMs: 1_000,
  maxStepMs: 60_000,
  epochBlocks: 0,
  skipInactiveViews: 3,
};

export class Solo {
  readonly scheme: SigningScheme;
  readonly config: ConsensusConfig;
  readonly genesis: CommittedTip;
  readonly options: SoloOptions;
  state: ConsensusState;
  /** Everything the core has asked for, in order. */
  effects: Effect[] = [];
  /** Every step taken, with the state before it. */
  readonly steps: { readonly before: ConsensusState; readonly input: Input; readonly effects: readonly Effect[] }[] =
    [];
  #timers = new Map<TimerName, { id: number; durationMs: number }>();

  constructor(options: SoloOptions = {}) {
    this.options = options;
    const validators = options.validators ?? 4;
    this.scheme = simulatedScheme(validators, "solo");
    this.config = {
      chainId: 7,
      epoch: options.epoch ?? Epoch(0),
      epochStartView: View(options.base === undefined ? 0 : options.base.view + 1),
      validators: Array.from({ length: validators }, (_, i) => `0x${String(i).padStart(40, "0")}` as Address),
      self: options.observer ? undefined : ((options.self ?? 3) as ValidatorIndex),
      base: options.base ?? { digest: digestOf("genesis"), view: View(0), height: Height(0) },
      lastHeight: options.lastHeight,
      parameters: { ...parameters, ...options.parameters },
      blockBytesMax: 10_000,
      blockTransactionsMax: 10,
      limits: { ...defaultConsensusLimits, ...options.limits },
      scheme: this.scheme,
    };
    this.genesis = {
      ...this.config.base,
      timestampMs: 1_000,
      executionHash: digestOf("genesis result"),
      changedState: false,
    };
    this.state = createConsensus(this.config);
    const recovered = {
      committed: this.genesis,
      records: [],
      guardVotes: [],
      signedEpoch: Epoch(0),
      signingDoubtful: false,
    };
    this.feed({ kind: "start", recovered: { ...recovered, ...options.recovered } });
  }

  /** Feeds one input and what the surroundings answer to its effects; returns all effects that came of it. */
  feed(input: Input): Effect[] {
    const before = this.state;
    const { state, effects } = step(before, input);
    this.steps.push({ before, input, effects });
    this.state = state;
    const all = [...effects];
    this.effects.push(...effects);
    for (const effect of effects) {
      if (effect.kind === "setTimer") this.#timers.set(effect.timer, effect);
      if (effect.kind === "cancelTimer") this.#timers.delete(effect.timer);
    }
    for (const effect of effects) {
      const answer = this.#answer(effect);
      if (answer !== undefined) all.push(...this.feed(answer));
    }
    return all;
  }

  #answer(effect: Effect): Input | undefined {
    const { sign, execute, verify, build } = this.options;
    if (effect.kind === "castVote" && sign !== false) {
      return { kind: "voteSigned", vote: this.vote(this.self, effect.vote) };
    }
    if (effect.kind === "execute" && execute !== false) return this.executed(effect.block);
    if (effect.kind === "verify" && verify !== false) {
      return { kind: "verified", digest: effect.block.digest, result: { verdict: "valid" } };
    }
    if (effect.kind === "build" && build !== false) {
      return { kind: "built", block: assembleBlock(effect.request, [], 1_000_000) };
    }
    return undefined;
  }

  get self(): ValidatorIndex {
    return this.config.self as ValidatorIndex;
  }

  executed(block: SealedBlock): Input {
    const executionHash = this.resultOf(block);
    return { kind: "executed", digest: block.digest, executionHash, changedState: block.transactions.length > 0 };
  }

  resultOf = ({ digest }: { digest: Digest }): Digest =>
    digest === this.genesis.digest ? this.genesis.executionHash : digestOf(`result of ${digest}`);

  // --- what the others say ---

  receive(from: number, message: PeerMessage): Effect[] {
    return this.feed({ kind: "message", from: from as ValidatorIndex, message });
  }

  vote(signer: number, vote: Vote): SignedVote {
    return this.scheme.sign(signer as ValidatorIndex, vote);
  }

  /** Each of the signers sends its own vote. */
  receiveVotes(signers: readonly number[], vote: Vote): Effect[] {
    return signers.flatMap((signer) => this.receive(signer, { kind: "vote", vote: this.vote(signer, vote) }));
  }

  receiveCertificate(certificate: Certificate, from = 0): Effect[] {
    return this.receive(from, { kind: "certificate", certificate });
  }

  /** The leader of the block's view proposes it. */
  propose(block: SealedBlock): Effect[] {
    const leader = leaderOf(this.state, block.header.view);
    const { epoch } = this.config;
    const vote = this.vote(leader, { ...notarize(block.header.view, block.digest), epoch });
    return this.receive(leader, { kind: "proposal", block, vote });
  }

  fire(timer: TimerName): Effect[] {
    const running = this.#timers.get(timer);
    expect(running, `timer ${timer} is not running`).to.not.equal(undefined);
    this.#timers.delete(timer);
    return this.feed({ kind: "timerFired", timer, id: running?.id as number });
  }

  /** How long the timer was set for; undefined when it does not run. */
  durationOf(timer: TimerName): number | undefined {
    return this.#timers.get(timer)?.durationMs;
  }

  available(transactions: "none" | "some" | "full"): Effect[] {
    return this.feed({ kind: "available", parent: this.state.available?.parent as Digest, transactions });
  }

  // --- things to say ---

  certificate<V extends Vote>(vote: V, signers?: readonly number[]): Certificate<V> {
    const chosen = signers ?? [...Array(this.state.quorum).keys()];
    return this.scheme.form(
      vote,
      chosen.map((signer) => this.vote(signer, vote)),
    );
  }

  notarization = (view: number, digest: Digest, signers?: readonly number[]): Notarization =>
    this.certificate(notarize(view, digest), signers);
  nullification = (view: number, signers?: readonly number[]): Nullification =>
    this.certificate(nullify(view), signers);
  finalization = (view: number, digest: Digest, signers?: readonly number[]): Finalization =>
    this.certificate(finalize(view, digest), signers);

  /** A valid block of a view on a parent (genesis by default), with everything in order unless it is changed. */
  block(view: number, options: BlockOptions = {}): SealedBlock {
    const { parent, transactions = [], header = {}, justification = {} } = options;
    const parentView = parent?.header.view ?? 0;
    const nullifications: Nullification[] = [];
    const from = Math.max(parentView + 1, view - this.config.limits.certificatesPerMessageMax);
    for (let skipped = from; skipped < view; skipped++) nullifications.push(this.nullification(skipped));
    return sealBlock(
      {
        chainId: this.config.chainId,
        epoch: this.config.epoch,
        view: View(view),
        height: Height((parent?.header.height ?? 0) + 1),
        parentView: View(parentView),
        parentDigest: parent?.digest ?? this.genesis.digest,
        proposer: this.config.validators[leaderOf(this.state, View(view))] as Address,
        timestampMs: (parent?.header.timestampMs ?? this.genesis.timestampMs) + 10,
        parentExecutionHash: this.resultOf(parent ?? this.genesis),
        ...header,
      },
      transactions.map(text),
      {
        parent: parent === undefined ? undefined : this.notarization(parentView, parent.digest),
        nullifications,
        ...justification,
      },
    );
  }

  // --- reading what came out ---

  all<K extends Effect["kind"]>(kind: K, effects: readonly Effect[] = this.effects): EffectOf<K>[] {
    return effects.filter((effect): effect is EffectOf<K> => effect.kind === kind);
  }

  /** The votes that were cast, as `kind view`. */
  cast(effects: readonly Effect[] = this.effects): string[] {
    return this.all("castVote", effects).map(({ vote }) => `${vote.kind} ${vote.view}`);
  }

  persisted(effects: readonly Effect[] = this.effects): ConsensusRecord[] {
    return this.all("persist", effects).map(({ record }) => record);
  }

  /** Messages to everybody or to `to`. */
  sent(effects: readonly Effect[] = this.effects, to?: number): PeerMessage[] {
    return effects.flatMap((effect) => {
      if (to === undefined && effect.kind === "broadcast") return [effect.message];
      return to !== undefined && effect.kind === "send" && effect.to === to ? [effect.message] : [];
    });
  }

  /** Another life of the same validator, with what the log and the guard hold. */
  restart(options: Partial<SoloOptions> = {}): Solo {
    const records = this.persisted();
    const top = this.all("castVote").at(-1)?.vote;
    const guardVotes = this.all("castVote").filter(({ vote }) => vote.view === top?.view);
    const recovered = { records, guardVotes: guardVotes.map(({ vote }) => vote), ...options.recovered };
    return new Solo({ ...this.options, ...options, recovered });
  }
}

interface BlockOptions {
  readonly parent?: SealedBlock;
  readonly transactions?: readonly string[];
  readonly header?: Partial<SealedBlock["header"]>;
  readonly justification?: Partial<Justification>;
}

export const notarize = (view: number, digest: Digest) =>
  ({ kind: "notarize", epoch: Epoch(0), view: View(view), digest }) as const;
export const nullify = (view: number) => ({ kind: "nullify", epoch: Epoch(0), view: View(view) }) as const;
export const finalize = (view: number, digest: Digest) =>
  ({ kind: "finalize", epoch: Epoch(0), view: View(view), digest }) as const;

/** Position of the first effect that satisfies the condition; fails when there is none. */
export function positionOf(effects: readonly Effect[], what: string, is: (effect: Effect) => boolean): number {
  const at = effects.findIndex(is);
  expect(at, `no effect: ${what}`).to.be.greaterThanOrEqual(0);
  return at;
}

export const castsVote =
  (kind: VoteKind, view: number) =>
  (effect: Effect): boolean =>
    effect.kind === "castVote" && effect.vote.kind === kind && effect.vote.view === view;
