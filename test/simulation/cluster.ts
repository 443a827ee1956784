// A cluster of real cores on a simulated network, disk, signer and clock. One seed decides everything: the same seed
// gives the same run. The checkers watch every step; `run…` throws with the seed when one of them objects.
import { type ConsensusConfig, type ConsensusLimits, defaultConsensusLimits } from "../../node/consensus/config.ts";
import type { Effect } from "../../node/consensus/effect.ts";
import type { CommittedTip, Input } from "../../node/consensus/input.ts";
import type { ConsensusState } from "../../node/consensus/state.ts";
import { keccak256Hex } from "../../node/crypto/keccak.ts";
import { lastHeightOf } from "../../node/epochs/epochs.ts";
import { Seats } from "../../node/epochs/seats.ts";
import { Epoch, Height, PeerIndex, type ValidatorIndex, View } from "../../node/types/brands.ts";
import { AllotError } from "../../node/types/errors.ts";
import type { ConsensusParameters } from "../../node/types/genesis.ts";
import type { PeerMessage } from "../../node/types/message.ts";
import { decodeMessage, encodeMessage } from "../../node/types/messageCodec.ts";
import type { Byzantine } from "./byzantine/byzantine.ts";
import { Checkers } from "./checkers.ts";
import { CoreNode } from "./coreNode.ts";
import { DriverNode } from "./driverNode.ts";
import { addressOf, machineOf, machines } from "./machines.ts";
import type { Latencies, SimulatedNode } from "./node.ts";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { untilSettled } from "./simulatedClock.ts";
import { type SigningScheme, simulatedScheme } from "./simulatedScheme.ts";
import { SimulationFailure } from "./simulationFailure.ts";
import { Trace } from "./trace.ts";

export interface NetworkFaults {
  readonly latencyMsMin: number;
  /** Jitter up to this: a later message may overtake an earlier one. */
  readonly latencyMsMax: number;
  readonly loss: number;
  readonly duplication: number;
  /** Of each directed link; messages queue behind each other. Unlimited when absent. */
  readonly bytesPerMs?: number;
}

/** What one directed link does otherwise than the network as a whole; `undefined` for no difference. */
export type LinkFaults = (from: ValidatorIndex, to: ValidatorIndex) => Partial<NetworkFaults> | undefined;

export interface ClusterOptions {
  readonly seed: number;
  /** Of the first epoch. */
  readonly validators: number;
  /** Further machines, which follow until they join. */
  readonly observers?: number;
  readonly network?: Partial<NetworkFaults>;
  readonly latencies?: Partial<Latencies>;
  readonly parameters?: Partial<ConsensusParameters>;
  readonly limits?: Partial<ConsensusLimits>;
  readonly blockTransactionsMax?: number;
  /** Validators whose messages pass through an adversary. */
  readonly byzantine?: ReadonlyMap<number, (scheme: SigningScheme) => Byzantine>;
  /** Alarms that the scenario is about; any other is a violation. */
  readonly alarms?: readonly string[];
  /** Every message is encoded and decoded on its way. */
  readonly wire?: boolean;
  /** Keep a hash over the text of every step, to compare runs by. */
  readonly hashed?: boolean;
  /** Validators whose key runs on two machines. Neither obeys the other's log or guard. */
  readonly twins?: readonly number[];
  /** More than a third lie: forks are looked for, not forbidden. */
  readonly forkAllowed?: boolean;
  /** Validator whose execution goes wrong on purpose: its results are not compared. */
  readonly erring?: number;
  /** Difference of each validator's wall clock from true time. */
  readonly clockSkewMs?: readonly number[];
  /** The scheme to sign with, instead of the cheap one. */
  readonly scheme?: SigningScheme;
  /** Each validator is the node's own driver over a simulated disk, instead of the bare core. */
  readonly driver?: boolean;
}

const parametersOfSimulation: ConsensusParameters = {
  blockIntervalMs: 20,
  leaderTimeoutMs: 400,
  notarizationTimeoutMs: 600,
  retryIntervalMs: 300,
  maxTimeoutMs: 4_800,
  heartbeatMs: 3_000,
  maxDriftMs: 500,
  maxStepMs: 60_000,
  skipInactiveViews: 3,
  epochBlocks: 0,
};

export class Cluster {
  readonly scheduler = new Scheduler();
  readonly random: Random;
  readonly scheme: SigningScheme;
  readonly nodes: readonly SimulatedNode[];
  readonly checkers: Checkers;
  readonly trace: Trace;
  readonly #options: ClusterOptions;
  readonly #byzantine = new Map<ValidatorIndex, Byzantine>();
  readonly submitted = new Set<string>();
  /** Sees every step of every validator. */
  onStep: ((before: ConsensusState, input: Input, effects: readonly Effect[]) => void) | undefined;
  network: NetworkFaults;
  linkFaults: LinkFaults = () => undefined;
  /** Group of each node (validators, then second machines of `twins`); messages pass only inside a group. */
  partition: readonly number[];
  /** Malformed frames that were refused. */
  refusedFrames = 0;
  readonly #linkFreeAtMs = new Map<string, number>();
  /** Machines in the set of each epoch that some node has begun. */
  readonly #sets: (readonly number[])[];

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.trace = new Trace(options.hashed ?? false);
    this.random = new Random(options.seed);
    this.network = { latencyMsMin: 1, latencyMsMax: 20, loss: 0, duplication: 0, ...options.network };
    this.scheme = options.scheme ?? simulatedScheme((epoch) => this.members(epoch), `seed ${options.seed}`);
    this.#sets = [[...Array(options.validators).keys()]];
    const twins = options.twins ?? [];
    for (const index of twins) this.#byzantine.set(index as ValidatorIndex, obedient);
    for (const [index, make] of options.byzantine ?? []) {
      this.#byzantine.set(index as ValidatorIndex, make(this.scheme));
    }
    const everybody = [...Array(options.validators + (options.observers ?? 0)).keys()];
    const honest = everybody.filter((i) => !this.#byzantine.has(i as ValidatorIndex));
    this.checkers = new Checkers(
      this.scheme,
      new Set(honest as ValidatorIndex[]),
      new Set(options.alarms),
      options.forkAllowed ?? false,
      options.erring,
      (epoch) => this.members(epoch),
    );
    this.nodes = [...everybody, ...twins].map((i, machine) => this.#node(i as ValidatorIndex, machine));
    this.partition = this.nodes.map(() => 0);
    if (options.driver) this.scheduler.settle = untilSettled;
  }

  /** Machines in the epoch's set; the newest known for an epoch that nobody has begun. */
  members(epoch: number): readonly number[] {
    return (this.#sets[epoch] ?? this.#sets.at(-1)) as readonly number[];
  }

  /** A node goes by this set: every other must, too. */
  #begun(node: SimulatedNode, { epoch, validators }: ConsensusConfig): void {
    const members = validators.map(machineOf);
    const known = this.#sets[epoch];
    if (known === undefined) this.#sets[epoch] = members;
    else if (members.join() !== known.join()) {
      this.checkers.violation(`node ${node.index} has another set in epoch ${epoch} than the others`);
    }
  }

  #node(self: ValidatorIndex, machine: number): SimulatedNode {
    const { validators, parameters, limits, latencies, blockTransactionsMax } = this.#options;
    const config: ConsensusConfig = {
      chainId: 7,
      epoch: Epoch(0),
      epochStartView: View(0),
      base: {
        digest: keccak256Hex(new TextEncoder().encode("genesis of the simulation")),
        view: View(0),
        height: Height(0),
      },
      lastHeight: lastHeightOf(Epoch(0), { ...parametersOfSimulation, ...parameters }.epochBlocks),
      validators: Array.from({ length: validators }, (_, i) => addressOf(i)),
      self: self < validators ? self : undefined,
      parameters: { ...parametersOfSimulation, ...parameters },
      blockBytesMax: 100_000,
      blockTransactionsMax: blockTransactionsMax ?? 50,
      limits: { ...defaultConsensusLimits, ...limits },
      scheme: this.scheme,
    };
    const genesis: CommittedTip = {
      ...config.base,
      timestampMs: 1_000_000,
      executionHash: keccak256Hex(new TextEncoder().encode("result of genesis")),
      changedState: false,
    };
    const Machine = this.#options.driver ? DriverNode : CoreNode;
    return new Machine(
      self,
      config,
      genesis,
      { syncMsMax: 2, executeMsMax: 5, verifyMsMax: 5, ...latencies },
      {
        scheduler: this.scheduler,
        random: this.random,
        scheme: this.scheme,
        machine,
        machines: validators + (this.#options.observers ?? 0),
        epochMs: 2_000_000 + (this.#options.clockSkewMs?.[self] ?? 0),
        send: (from, to, message) => this.#send(from, to, message),
        gossip: (from, transaction) => this.#gossip(from, transaction),
        observe: (node, before, input, effects) => {
          this.onStep?.(before, input, effects);
          this.#observe(node, input, effects);
        },
        violation: (sentence) => this.checkers.violation(sentence),
        begun: (node, config) => this.#begun(node, config),
        stopped: (node, code) => {
          if (!this.#byzantine.has(node.index)) this.checkers.stopped(node.index, code);
        },
      },
    );
  }

  get honest(): readonly SimulatedNode[] {
    return this.nodes.filter(({ index }) => !this.#byzantine.has(index));
  }

  start(): void {
    for (const node of this.nodes) this.restart(node);
  }

  restart(node: SimulatedNode): void {
    node.start(this.submitted);
    for (const peer of this.nodes) {
      if (peer === node || !peer.isRunning) continue;
      if (peer.index === node.index) continue;
      this.scheduler.after(1, () => peer.connected(node.index));
      this.scheduler.after(1, () => node.connected(peer.index));
    }
  }

  /** Hands a transaction to one validator, from which it spreads to the others that run. */
  submit(transaction: string): void {
    this.submitted.add(transaction);
    for (const node of this.nodes) this.scheduler.after(this.random.between(0, 30), () => node.submit(transaction));
  }

  /** Unlike what clients submit, it is nobody's to repeat: a mempool that is lost has lost it. */
  #gossip(from: SimulatedNode, transaction: string): void {
    for (const node of this.nodes) {
      if (node === from || this.partition[from.machine] !== this.partition[node.machine]) continue;
      this.scheduler.after(this.random.between(0, 30), () => {
        if (node.isRunning) node.submit(transaction);
      });
    }
  }

  #observe(node: SimulatedNode, input: Input, effects: readonly Effect[]): void {
    const name = node.machine === node.index ? `${node.index}` : `${node.index}'`;
    this.trace.add(this.scheduler.nowMs, name, input, effects);
    if (this.#byzantine.has(node.index)) return;
    if (input.kind === "voteSigned") this.checkers.signed(input.vote);
    this.checkers.observe(node, effects);
    // Inside a driver an exception would look like a fault of the node's own: the scheduler's next turn raises it.
    if (this.checkers.violations.length > 0 && !this.#options.driver) this.#fail();
  }

  #send(from: SimulatedNode, to: ValidatorIndex, message: PeerMessage): void {
    const adversary = this.#byzantine.get(from.index);
    const { self, validators } = from.state.config;
    const messages =
      self === undefined
        ? (adversary?.unseated?.(message) ?? [message])
        : (adversary?.outgoing(message, self, this.#seatOf(from, to), validators.length) ?? [message]);
    const delayMs = adversary?.delayMs?.(message) ?? 0;
    const frames = adversary?.frames?.(message, this.random) ?? [];
    for (const receiver of this.nodes) {
      if (receiver.index !== to) continue;
      for (const sent of messages) this.#transmit(from, receiver, sent, delayMs);
      for (const frame of frames) this.#transmitFrame(from, receiver, frame);
    }
  }

  /** What the sender's core calls the receiver: its index, or one behind the set. */
  #seatOf({ state }: SimulatedNode, machine: number): ValidatorIndex {
    return new Seats(state.config.validators, machines).indexOf(PeerIndex(machine));
  }

  #transmit(from: SimulatedNode, to: SimulatedNode, message: PeerMessage, delayMs: number): void {
    const faults = { ...this.network, ...this.linkFaults(from.index, to.index) };
    if (this.partition[from.machine] !== this.partition[to.machine] || this.random.chance(faults.loss)) return;
    const received = this.#options.wire ? decodeMessage(encodeMessage(message)) : message;
    const copies = this.random.chance(faults.duplication) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const queuedMs = this.#queuedMs(`${from.machine}/${to.machine}`, faults.bytesPerMs, message);
      const latencyMs = this.random.between(faults.latencyMsMin, faults.latencyMsMax);
      this.scheduler.after(delayMs + queuedMs + latencyMs, () => to.receive(from.index, received));
    }
  }

  #queuedMs(link: string, bytesPerMs: number | undefined, message: PeerMessage): number {
    if (bytesPerMs === undefined) return 0;
    const { nowMs } = this.scheduler;
    const free = Math.max(nowMs, this.#linkFreeAtMs.get(link) ?? 0) + encodeMessage(message).length / bytesPerMs;
    this.#linkFreeAtMs.set(link, free);
    return free - nowMs;
  }

  /** Bytes that need not be a message. Whatever they are, the receiver refuses them with a clear error or takes them. */
  #transmitFrame(from: SimulatedNode, to: SimulatedNode, frame: Uint8Array): void {
    this.scheduler.after(this.random.between(1, 20), () => {
      try {
        to.receiveFrame(from.index, frame);
      } catch (error) {
        if (!(error instanceof AllotError)) throw error;
        this.refusedFrames++;
      }
    });
  }

  async run(durationMs: number): Promise<void> {
    await this.scheduler.runUntil(this.scheduler.nowMs + durationMs, () => this.checkers.violations.length > 0);
    if (this.checkers.violations.length > 0) this.#fail();
  }

  /** Runs until the condition holds; fails when it does not within the time. */
  async runUntil(what: string, withinMs: number, isDone: () => boolean): Promise<void> {
    const isOver = () => this.checkers.violations.length > 0 || isDone();
    const over = await this.scheduler.runUntil(this.scheduler.nowMs + withinMs, isOver);
    if (this.checkers.violations.length > 0) this.#fail();
    if (over) return;
    this.checkers.violation(`not within ${withinMs} ms: ${what}`);
    this.#fail();
  }

  /** Every running honest validator has committed everything that was submitted, and they stand at one height. */
  isCaughtUp(): boolean {
    const running = this.honest.filter(({ isRunning }) => isRunning);
    const height = running[0]?.state.committed.height;
    return running.every(({ ledger, state }) => ledger.waiting.size === 0 && state.committed.height === height);
  }

  finish(): void {
    this.checkers.finish();
    if (this.checkers.violations.length > 0) this.#fail();
  }

  /** What a scenario wants to hold beside what the checkers see. */
  expect(holds: boolean, sentence: string): void {
    if (holds) return;
    this.checkers.violation(`not so: ${sentence}`);
    this.#fail();
  }

  /** Highest view that any node has entered. */
  get views(): number {
    return Math.max(...this.nodes.map(({ viewsSeen }) => viewsSeen));
  }

  #fail(): never {
    throw new SimulationFailure(this.#options.seed, this.checkers.violations, this.trace.timeline());
  }
}

/** An adversary that changes nothing. */
const obedient: Byzantine = { outgoing: (message) => [message] };
