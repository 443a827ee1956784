// One simulated validator: the real core, and a driver that keeps its ordering contract over a simulated disk, signer,
// ledger and clock. A crash loses everything but the disk.
import type { ConsensusConfig } from "../../node/consensus/config.ts";
import { createConsensus } from "../../node/consensus/create.ts";
import type { Effect } from "../../node/consensus/effect.ts";
import type { CommittedTip, Input, TimerName } from "../../node/consensus/input.ts";
import type { ConsensusState } from "../../node/consensus/state.ts";
import { step } from "../../node/consensus/step.ts";
import { epochOfHeight } from "../../node/epochs/epochs.ts";
import { Seats } from "../../node/epochs/seats.ts";
import { assembleBlock } from "../../node/types/assembleBlock.ts";
import type { SealedBlock } from "../../node/types/block.ts";
import {
  type Digest,
  type Epoch,
  Epoch as EpochNumber,
  type PeerIndex,
  type ValidatorIndex,
} from "../../node/types/brands.ts";
import type { Certificate } from "../../node/types/certificate.ts";
import type { EpochBase } from "../../node/types/epochBase.ts";
import { unreachable } from "../../node/types/errors.ts";
import type { FetchRequest, PeerMessage } from "../../node/types/message.ts";
import { decodeMessage } from "../../node/types/messageCodec.ts";
import type { Vote } from "../../node/types/vote.ts";
import { configOfEpoch } from "./configOfEpoch.ts";
import { Disk } from "./disk.ts";
import { Ledger } from "./ledger.ts";
import { machineOf, machines } from "./machines.ts";
import type { Latencies, SimulatedNode, Surroundings } from "./node.ts";

export class CoreNode implements SimulatedNode {
  readonly index: ValidatorIndex;
  readonly config: ConsensusConfig;
  readonly disk: Disk;
  readonly #world: Surroundings;
  readonly #latencies: Latencies;
  readonly #genesis: CommittedTip;
  ledger: Ledger;
  state: ConsensusState;
  readonly machine: number;
  isRunning = false;
  /** Highest view entered in any life. */
  viewsSeen = 0;
  /** What came in while the process was stopped (SIGSTOP): taken when it goes on. */
  #held: (() => void)[] | undefined;
  /** Counts starts: events scheduled for an earlier life are ignored. */
  #life = 0;
  #outbox: Effect[] = [];
  #isBusy = false;
  #watched: { parent: Digest; said: string } | undefined;

  constructor(
    index: ValidatorIndex,
    config: ConsensusConfig,
    genesis: CommittedTip,
    latencies: Latencies,
    world: Surroundings,
  ) {
    this.index = index;
    this.machine = world.machine;
    this.config = config;
    this.disk = new Disk(genesis);
    this.ledger = this.#emptyLedger(genesis);
    this.state = createConsensus(config);
    this.#genesis = genesis;
    this.#latencies = latencies;
    this.#world = world;
  }

  start(waiting: Iterable<string>): void {
    this.#life++;
    this.isRunning = true;
    this.#outbox = [];
    this.#isBusy = false;
    this.#watched = undefined;
    this.ledger = this.#emptyLedger(this.#genesis);
    for (const { block } of this.disk.chain) {
      this.ledger.execute(ordered(block));
      this.ledger.commit(block);
    }
    for (const transaction of waiting) this.ledger.submit(transaction);
    const recovered = this.disk.recover();
    const { committed } = recovered;
    const epoch = epochOfHeight(committed.height + 1, this.config.parameters.epochBlocks);
    this.#begin(this.#configOf(epoch, this.disk.baseOf(epoch) ?? this.config.base));
    this.feed({ kind: "start", recovered });
  }

  #emptyLedger(genesis: CommittedTip): Ledger {
    return new Ledger(genesis, this.config.validators.map(machineOf), this.config.parameters.epochBlocks);
  }

  #configOf(epoch: Epoch, base: EpochBase): ConsensusConfig {
    return configOfEpoch(this.config, this.index, epoch, base, this.ledger.membersAt(base.height + 1));
  }

  #begin(config: ConsensusConfig): void {
    this.state = createConsensus(config);
    this.#world.begun(this, config);
  }

  /** The next epoch's core: nothing that was planned for this one happens any more. */
  #beginNext(committed: CommittedTip): void {
    this.#life++;
    this.#outbox = [];
    this.#watched = undefined;
    this.#begin(this.#configOf(EpochNumber(this.state.config.epoch + 1), committed));
    this.feed({ kind: "start", recovered: { ...this.disk.recover(), committed } });
  }

  get #seats(): Seats {
    return new Seats(this.state.config.validators, machines);
  }

  #send(to: ValidatorIndex, message: PeerMessage): void {
    this.#world.send(this, this.#seats.peerOf(to) as number as ValidatorIndex, message);
  }

  connected(machine: ValidatorIndex): void {
    this.feed({ kind: "peerConnected", peer: this.#seats.indexOf(machine as number as PeerIndex) });
  }

  crash(): void {
    this.#life++;
    this.#held = undefined;
    this.isRunning = false;
    this.disk.crash(this.#world.random);
  }

  submit(transaction: string): void {
    this.ledger.submit(transaction);
    if (this.isRunning) this.#reportAvailable();
  }

  /** The process gets no time until `resume`; what comes in waits. */
  suspend(): void {
    this.#held = [];
  }

  resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const action of held) action();
  }

  receiveFrame(from: ValidatorIndex, frame: Uint8Array): void {
    this.receive(from, decodeMessage(frame));
  }

  loseLog(): void {
    this.disk.loseLog();
  }

  receive(machine: ValidatorIndex, message: PeerMessage): void {
    if (this.#held !== undefined) {
      this.#held.push(() => this.receive(machine, message));
      return;
    }
    this.feed({ kind: "message", from: this.#seats.indexOf(machine as number as PeerIndex), message });
  }

  feed(input: Input): void {
    if (!this.isRunning) return;
    if (this.#held !== undefined) {
      const life = this.#life;
      this.#held.push(() => {
        if (life === this.#life) this.feed(input);
      });
      return;
    }
    const before = this.state;
    const { state, effects } = step(before, input);
    this.state = state;
    this.viewsSeen = Math.max(this.viewsSeen, state.current);
    this.#world.observe(this, before, input, effects);
    this.#outbox.push(...effects);
    if (!this.#isBusy) this.#drain();
  }

  /** Runs something later, unless the node has crashed by then. */
  #later(delayMs: number, run: () => void): void {
    const life = this.#life;
    this.#world.scheduler.after(delayMs, () => {
      if (life === this.#life && this.isRunning) run();
    });
  }

  /** Contract 1: what leaves the process waits until the records before it are synced. */
  #drain(): void {
    while (this.#outbox.length > 0) {
      const next = this.#outbox[0] as Effect;
      if (leaves(next) && this.disk.hasUnsynced) {
        this.#isBusy = true;
        this.#later(this.#world.random.between(0, this.#latencies.syncMsMax), () => {
          this.disk.sync();
          this.#isBusy = false;
          this.#drain();
        });
        return;
      }
      this.#outbox.shift();
      this.#perform(next);
      if (!this.isRunning) return;
    }
  }

  #perform(effect: Effect): void {
    const { random } = this.#world;
    switch (effect.kind) {
      case "persist":
        return this.disk.append(effect.record);
      case "castVote":
        return this.#sign(effect.vote);
      case "broadcast":
        for (let to = 0; to < this.#world.machines; to++) {
          if (to !== this.index) this.#world.send(this, to as ValidatorIndex, effect.message);
        }
        return;
      case "send":
        return this.#send(effect.to, effect.message);
      case "serve":
        return this.#send(effect.to, this.#fromStorage(effect.request));
      case "handOver": {
        const certificate = this.disk.handoverTo(effect.epoch + 1)?.finalization;
        if (certificate !== undefined) this.#send(effect.to, { kind: "certificate", certificate });
        return;
      }
      case "endEpoch":
        return this.#beginNext(effect.tip);
      case "setTimer":
        return this.#later(effect.durationMs, () =>
          this.feed({ kind: "timerFired", timer: effect.timer as TimerName, id: effect.id }),
        );
      case "build":
        return this.#later(random.between(0, 2), () => {
          const transactions = this.ledger.build(effect.request.parentDigest, this.config.blockTransactionsMax);
          this.feed({ kind: "built", block: assembleBlock(effect.request, transactions, this.clockMs()) });
        });
      case "verify":
        return this.#later(random.between(0, this.#latencies.verifyMsMax), () => {
          const { digest, header } = effect.block;
          if (header.timestampMs > this.clockMs() + this.config.parameters.maxDriftMs) {
            return this.feed({
              kind: "verified",
              digest,
              result: { verdict: "pending", reason: "time", retryAfterMs: 10 },
            });
          }
          const fault = this.ledger.faultOf(ordered(effect.block));
          if (fault === undefined) this.feed({ kind: "verified", digest, result: { verdict: "valid" } });
          else this.feed({ kind: "verified", digest, result: { verdict: "invalid", code: fault, reason: fault } });
        });
      case "execute":
        return this.#later(random.between(0, this.#latencies.executeMsMax), () => {
          const result = this.ledger.execute(ordered(effect.block));
          this.feed({ kind: "executed", digest: effect.block.digest, ...result });
          this.#reportAvailable();
        });
      case "watch":
        this.#watched = { parent: effect.parent, said: "" };
        return this.#later(0, () => this.#reportAvailable());
      case "commit": {
        const { digest, header } = effect.block;
        const { view, height, timestampMs } = header;
        const result = this.ledger.commit(effect.block);
        this.disk.commit(effect, { digest, view, height, timestampMs, ...result });
        if (random.chance(0.5)) this.disk.flush();
        return;
      }
      case "cancelTimer":
      case "archive":
      case "reportEvidence":
      case "reportPeer":
      case "raiseAlarm":
      case "resumeSigning":
        return;
      case "stop":
        this.isRunning = false;
        return;
      default:
        return unreachable(effect);
    }
  }

  clockMs(): number {
    return Math.floor(this.#world.epochMs + this.#world.scheduler.nowMs);
  }

  #reportAvailable(): void {
    const watched = this.#watched;
    if (watched === undefined || !this.ledger.hasResult(watched.parent)) return;
    const count = this.ledger.executable(watched.parent).length;
    const transactions = count === 0 ? "none" : count < this.config.blockTransactionsMax ? "some" : "full";
    if (transactions === watched.said) return;
    watched.said = transactions;
    this.feed({ kind: "available", parent: watched.parent, transactions });
  }

  /** The guard: its own record is synced before the signature leaves. */
  #sign(vote: Vote): void {
    if (!this.disk.isDurable(vote)) this.#world.violation(`node ${this.index} signs what is not in its log`);
    const last = this.disk.guardVotes.at(-1);
    const place = (other: Vote): number => other.epoch * 2 ** 32 + other.view;
    if (last !== undefined && place(vote) < place(last)) {
      return this.feed({ kind: "voteRefused", vote, reason: "a lower view" });
    }
    if (last !== undefined && place(vote) > place(last)) this.disk.guardVotes = [];
    this.disk.guardVotes.push(vote);
    const signed = this.#world.scheme.sign(this.state.config.self as ValidatorIndex, vote);
    this.#later(this.#world.random.between(0, this.#latencies.syncMsMax), () =>
      this.feed({ kind: "voteSigned", vote: signed }),
    );
  }

  #fromStorage(request: FetchRequest): PeerMessage {
    const { certificatesPerMessageMax, blocksPerMessageMax } = this.config.limits;
    if (request.kind === "fetchBlock") {
      const block = this.disk.blocks.get(request.digest);
      return { kind: "blocks", blocks: block === undefined ? [] : [{ block, finalization: undefined }] };
    }
    if (request.kind === "fetchHeights") {
      const from = Math.max(0, request.fromHeight - 1);
      const blocks = this.disk.chain.slice(from, from + Math.min(request.count, blocksPerMessageMax));
      return { kind: "blocks", blocks: blocks.map(({ block, finalization }) => ({ block, finalization })) };
    }
    const certificates: Certificate[] = [];
    for (let view = Math.min(request.toView, this.viewsSeen); view >= request.fromView; view--) {
      certificates.push(...this.disk.certificatesOf(request.epoch, view));
    }
    return { kind: "certificates", certificates: certificates.slice(0, certificatesPerMessageMax) };
  }
}

const leaves = ({ kind }: Effect): boolean =>
  kind === "castVote" || kind === "broadcast" || kind === "send" || kind === "serve";

const ordered = ({ digest, header, transactions }: SealedBlock) => ({
  digest,
  parentDigest: header.parentDigest,
  transactions,
});
