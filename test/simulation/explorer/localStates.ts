// One honest validator, as the explorer needs it: the real core with its log, answered at once by signer, builder,
// verifier and executor. Equal states are one number, and a step from a state is computed once, however many states
// of the whole network contain it.
import type { ConsensusConfig } from "../../../node/consensus/config.ts";
import { createConsensus } from "../../../node/consensus/create.ts";
import type { Effect } from "../../../node/consensus/effect.ts";
import type { CommittedTip, Input } from "../../../node/consensus/input.ts";
import type { ConsensusState } from "../../../node/consensus/state.ts";
import { step } from "../../../node/consensus/step.ts";
import { keccak256Hex } from "../../../node/crypto/keccak.ts";
import { assembleBlock } from "../../../node/types/assembleBlock.ts";
import { type Digest, Epoch, type ValidatorIndex } from "../../../node/types/brands.ts";
import type { Certificate } from "../../../node/types/certificate.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import type { ConsensusRecord } from "../../../node/types/record.ts";
import type { Vote } from "../../../node/types/vote.ts";
import type { SigningScheme } from "../simulatedScheme.ts";

export interface LocalState {
  readonly core: ConsensusState;
  readonly records: readonly ConsensusRecord[];
  readonly signed: readonly Vote[];
  /** Messages sent in this and earlier lives, by number. */
  readonly sent: ReadonlySet<number>;
  readonly certificates: readonly Certificate[];
  readonly committed: readonly Digest[];
  /** Against whom it holds evidence. */
  readonly offenders: ReadonlySet<ValidatorIndex>;
  readonly restarts: number;
}

export type Action =
  | { readonly kind: "deliver"; readonly message: number }
  | { readonly kind: "timeout" }
  | { readonly kind: "restart" };

const text = new TextEncoder();
const nowMs = 2_000_000;

export class LocalStates {
  readonly #config: ConsensusConfig;
  readonly #genesis: CommittedTip;
  readonly #scheme: SigningScheme;
  readonly #messages: Messages;
  readonly #byKey = new Map<string, number>();
  readonly #states: LocalState[] = [];
  readonly #next: Map<string, number>[] = [];
  readonly initial: number;

  constructor(config: ConsensusConfig, genesis: CommittedTip, scheme: SigningScheme, messages: Messages) {
    this.#config = config;
    this.#genesis = genesis;
    this.#scheme = scheme;
    this.#messages = messages;
    const empty = { records: [], signed: [], sent: new Set<number>(), certificates: [], committed: [] };
    this.initial = this.#started({ ...empty, offenders: new Set(), restarts: 0, core: createConsensus(config) });
  }

  get count(): number {
    return this.#states.length;
  }

  of(id: number): LocalState {
    return this.#states[id] as LocalState;
  }

  /** The state after an action; the same number when nothing changes. */
  after(id: number, action: Action): number {
    const name = action.kind === "deliver" ? `${action.message}` : action.kind;
    const known = this.#next[id]?.get(name);
    if (known !== undefined) return known;
    const next = this.#compute(this.of(id), id, action);
    this.#next[id]?.set(name, next);
    return next;
  }

  #compute(before: LocalState, id: number, action: Action): number {
    if (action.kind === "restart") return this.#started({ ...before, restarts: before.restarts + 1 });
    if (before.core.phase === "stopped") return id;
    if (action.kind === "timeout") {
      const timer = before.core.timers.has("notarization") ? "notarization" : "leader";
      const timerId = before.core.timers.get(timer);
      return timerId === undefined ? id : this.#run(before, { kind: "timerFired", timer, id: timerId });
    }
    const { from, message } = this.#messages.of(action.message);
    return this.#run(before, { kind: "message", from, message });
  }

  #started(before: LocalState): number {
    const top = before.signed.at(-1)?.view;
    const guardVotes = before.signed.filter(({ view }) => view === top);
    const { records } = before;
    const recovered = { committed: this.#genesis, records, guardVotes, signedEpoch: Epoch(0), signingDoubtful: false };
    const core = createConsensus(this.#config);
    return this.#run({ ...before, core, committed: [] }, { kind: "start", recovered });
  }

  /** The input, and everything that follows from it inside the node. */
  #run(before: LocalState, first: Input): number {
    let { core } = before;
    const records = [...before.records];
    const signed = [...before.signed];
    const sent = new Set(before.sent);
    const certificates = [...before.certificates];
    const committed = [...before.committed];
    const offenders = new Set(before.offenders);
    const inputs: Input[] = [first];
    for (let input = inputs.shift(); input !== undefined; input = inputs.shift()) {
      const { state, effects } = step(core, input);
      core = state;
      for (const effect of effects) {
        if (effect.kind === "persist") {
          records.push(effect.record);
          if (effect.record.kind === "certificate") certificates.push(effect.record.certificate);
        }
        if (effect.kind === "castVote") signed.push(effect.vote);
        if (effect.kind === "commit") committed.push(effect.block.digest);
        if (effect.kind === "reportEvidence") offenders.add(effect.evidence.offender);
        if (effect.kind === "broadcast") this.#send(sent, effect.message);
        inputs.push(...this.#answers(effect));
      }
      const pace = core.timers.get("pace");
      if (pace !== undefined && inputs.length === 0) inputs.push({ kind: "timerFired", timer: "pace", id: pace });
    }
    return this.#intern({ core, records, signed, sent, certificates, committed, offenders, restarts: before.restarts });
  }

  /** Certificates are left out: their votes are in the network already, and reach everybody one by one. */
  #send(sent: Set<number>, message: PeerMessage): void {
    const self = this.#config.self as ValidatorIndex;
    if (message.kind === "vote" || message.kind === "proposal") sent.add(this.#messages.numberOf(self, message));
  }

  #answers(effect: Effect): readonly Input[] {
    switch (effect.kind) {
      case "castVote":
        return [{ kind: "voteSigned", vote: this.#scheme.sign(this.#config.self as ValidatorIndex, effect.vote) }];
      case "build":
        return [{ kind: "built", block: assembleBlock(effect.request, [], nowMs) }];
      case "verify":
        return [{ kind: "verified", digest: effect.block.digest, result: { verdict: "valid" } }];
      case "execute": {
        const { digest } = effect.block;
        return [{ kind: "executed", digest, executionHash: keccak256Hex(text.encode(digest)), changedState: false }];
      }
      case "watch":
        return [{ kind: "available", parent: effect.parent, transactions: "some" }];
      default:
        return [];
    }
  }

  #intern(state: LocalState): number {
    const key = keyOf(state);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const id = this.#states.length;
    this.#states.push(state);
    this.#next.push(new Map());
    this.#byKey.set(key, id);
    return id;
  }
}

/** Everything that later behaviour, as far as it is explored, depends on: not the numbers of timers nor rate limits. */
function keyOf({ core, sent, restarts, offenders, signed }: LocalState): string {
  const { current, inView, views, blocks, committed, unjoined, final, phase, timers, signing, fork } = core;
  const names = [...timers.keys()]
    .filter((name) => name !== "reply" && name !== "fetch" && name !== "heartbeat")
    .sort();
  const entries = [...blocks].map(([digest, { certified, valid, persisted, execution }]) => [
    digest,
    certified,
    valid,
    persisted,
    typeof execution === "string" ? execution : "done",
  ]);
  const records = [...views.values()].map((record) => [
    record.view,
    [record.notarize, record.nullify, record.finalize].map((votes) =>
      [...votes.values()].map(({ signer, vote }) => [signer, vote.kind === "nullify" ? 0 : vote.digest]).sort(),
    ),
    [record.notarization, record.nullification, record.finalization].map((one) => one?.signers),
    record.own,
    record.proposal,
  ]);
  const rest = [
    [...unjoined.keys()],
    final.map(({ digest }) => digest),
    phase,
    names,
    signing.mode,
    signed.length,
    fork?.rounds,
  ];
  return keccak256Hex(
    text.encode(
      JSON.stringify([
        current,
        inView,
        records.sort(byFirst),
        entries.sort(byFirst),
        committed.digest,
        rest,
        restarts,
        [...sent].sort(),
        [...offenders].sort(),
      ]),
    ),
  );
}

const byFirst = (a: readonly unknown[], b: readonly unknown[]): number =>
  (a[0] as number | string) < (b[0] as number | string) ? -1 : 1;

/** Every message that was or can be sent, as a number. */
export class Messages {
  readonly #byKey = new Map<string, number>();
  readonly #all: { readonly from: ValidatorIndex; readonly message: PeerMessage }[] = [];

  numberOf(from: ValidatorIndex, message: PeerMessage): number {
    const content =
      message.kind === "vote" || message.kind === "proposal" ? [message.kind, message.vote] : [message.kind];
    const key = JSON.stringify([from, content]);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#all.push({ from, message });
    this.#byKey.set(key, this.#all.length - 1);
    return this.#all.length - 1;
  }

  of(number: number) {
    return this.#all[number] as { readonly from: ValidatorIndex; readonly message: PeerMessage };
  }
}
