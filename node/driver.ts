// The loop: input → consensus.step → effects, in order → storage, network, application → inputs. It keeps the
// contract of node/consensus/effect.ts, above all: what is persisted is durable before anything that follows it
// leaves. It decides nothing itself.
//
// One input is taken at a time, and all its effects are carried out before the next. Only durability is waited for;
// building, verifying, executing and committing are started in order and come back as inputs.
import { ApplicationWork } from "./applicationWork.ts";
import { AvailabilityWatch } from "./availability.ts";
import { BlockTrail } from "./blockTrail.ts";
import { inputsPerTurnMax } from "./config/limits.ts";
import { createConsensus } from "./consensus/create.ts";
import type { Effect } from "./consensus/effect.ts";
import type { CommittedTip, Input, Recovered } from "./consensus/input.ts";
import type { ConsensusState } from "./consensus/state.ts";
import { epochOf, step } from "./consensus/step.ts";
import { DriverLog } from "./driverLog.ts";
import { timeoutReason } from "./driverMetrics.ts";
import type { DriverOptions } from "./driverOptions.ts";
import { EarlyMessages } from "./epochs/earlyMessages.ts";
import { Seats } from "./epochs/seats.ts";
import { InputQueue } from "./inputQueue.ts";
import { LogCompaction } from "./storage/logCompaction.ts";
import { serveRequest } from "./storage/serveRequest.ts";
import { Timers } from "./timers.ts";
import { Epoch, type PeerIndex, type ValidatorIndex, type View } from "./types/brands.ts";
import { AllotError, unreachable } from "./types/errors.ts";
import type { Evidence } from "./types/evidence.ts";
import type { PeerMessage } from "./types/message.ts";
import { decodeMessage, encodeMessage } from "./types/messageCodec.ts";
import { epochOfRecord } from "./types/record.ts";
import type { Vote } from "./types/vote.ts";

const nothingRecovered = { records: [], guardVotes: [], signedEpoch: Epoch(0) };

export class Driver {
  readonly #options: DriverOptions;
  readonly #availability: AvailabilityWatch;
  readonly #inputs: InputQueue;
  readonly #timers: Timers;
  readonly #compaction: LogCompaction;
  readonly #trail: BlockTrail;
  readonly #work: ApplicationWork;
  readonly #early = new EarlyMessages();
  #state: ConsensusState;
  #seats: Seats;
  /** Counts the cores, one for each epoch: what was asked for by an earlier one is not answered any more. */
  #core = 0;
  /** What the log held at the start: a power cut may have taken the state back to an epoch before the last that it knows. */
  #recovered: Omit<Recovered, "committed" | "signingDoubtful"> = nothingRecovered;
  #lastCommit: Promise<void> = Promise.resolve();
  #running: Promise<void> | undefined;
  #halted = false;
  readonly #log: DriverLog;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#state = createConsensus(options.config);
    this.#seats = new Seats(options.config.validators, options.directory);
    this.#inputs = new InputQueue(options.network, (peer) => this.#seats.indexOf(peer));
    this.#timers = new Timers(options.clock, (timer, id) => this.feed({ kind: "timerFired", timer, id }));
    const { application, stores } = options;
    this.#trail = new BlockTrail(options.log, options.clock);
    const flush = () => Promise.all([application.flushed(), stores.database.flushed()]);
    this.#compaction = new LogCompaction(stores.log, flush);
    this.#log = new DriverLog(stores.log, options.metrics);
    const { blockBytesMax, blockTransactionsMax } = options.config;
    this.#availability = new AvailabilityWatch({
      application,
      waiting: options.waiting,
      blockFull: { transactions: blockTransactionsMax, bytes: blockBytesMax },
      report: (parent, transactions) => this.feed({ kind: "available", parent, transactions }),
    });
    this.#work = new ApplicationWork(options, this.#availability, this.#trail, (error) => this.#fatal(error));
  }

  /** For status; the state itself is immutable. */
  get state(): ConsensusState {
    return this.#state;
  }

  /** Replays what was recovered. Resolves when the effects of that have been carried out: then the node may listen. */
  async start(recovered: Recovered): Promise<void> {
    this.#recovered = recovered;
    this.#log.replayed(recovered.records);
    this.feed({ kind: "start", recovered });
    await this.#running;
  }

  /** A frame from a peer. @throws AllotError when it is malformed: the peer's fault */
  receive(from: PeerIndex, payload: Uint8Array): void {
    const message = decodeMessage(payload);
    if (this.#halted) return;
    const frameBytes = payload.length;
    if (epochOf(message) === this.#state.config.epoch + 1) this.#early.keep({ from, message, frameBytes });
    this.#inputs.pushMessage(from, message, payload.length);
    this.#running ??= this.#run();
  }

  peerConnected(peer: PeerIndex): void {
    this.feed({ kind: "peerConnected", peer: this.#seats.indexOf(peer) });
  }

  /** The mempool admitted a transaction that can be ordered now. */
  transactionsChanged(): void {
    this.#availability.changed();
  }

  feed(input: Input): void {
    if (this.#halted) return;
    this.#inputs.push(input);
    this.#running ??= this.#run();
  }

  /** Takes no further input; resolves when the one under way is done. */
  async stop(): Promise<void> {
    this.#halted = true;
    this.#timers.cancelAll();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Not within the call that feeds: who feeds may be in the middle of something.
    await undefined;
    try {
      for (let taken = 1; !this.#halted; taken++) {
        const input = this.#inputs.next();
        if (input === undefined) {
          if (!this.#log.unsynced) return;
          await this.#log.sync();
          continue;
        }
        await this.#take(input);
        // Sockets and timers get their turn also while inputs keep coming.
        if (taken % inputsPerTurnMax === 0) await new Promise<void>((resolve) => this.#options.clock.after(0, resolve));
      }
    } catch (error) {
      this.#fatal(error);
    } finally {
      this.#running = undefined;
    }
  }

  async #take(input: Input): Promise<void> {
    const before = this.#state;
    const done = this.#options.metrics.stepStarted(input.kind);
    const { state, effects } = step(before, input);
    done();
    this.#state = state;
    this.#options.onStep?.(before, input, effects);
    if (state.inView.timedOut && !before.inView.timedOut) this.#options.metrics.timedOut(timeoutReason(input));
    for (const effect of effects) {
      const waits = this.#perform(effect);
      if (waits !== undefined) await waits;
      if (this.#halted) return;
    }
    // Between two inputs nothing is being appended.
    if (this.#compaction.isPrepared && (await this.#compaction.run(this.#options.stores.guard.record?.view))) {
      this.#log.compacted();
    }
  }

  /** Carries an effect out; the promise, where there is one, is to be awaited before the next. */
  #perform(effect: Effect): Promise<void> | undefined {
    const { network, stores } = this.#options;
    switch (effect.kind) {
      case "persist":
        this.#log.append(effect.record);
        return undefined;
      case "castVote":
        return this.#castVote(effect.vote);
      case "broadcast":
        return this.#whenDurable(() => network.broadcast(encodeMessage(effect.message)));
      case "send":
        return this.#whenDurable(() => this.#send(effect.to, effect.message));
      case "serve":
        return this.#whenDurable(() => this.#send(effect.to, serveRequest(effect.request, stores)));
      case "handOver":
        return this.#whenDurable(() => this.#handOver(effect.to, effect.epoch));
      case "setTimer":
        this.#timers.set(effect.timer, effect.id, effect.durationMs);
        return undefined;
      case "cancelTimer":
        this.#timers.cancel(effect.timer);
        return undefined;
      case "build":
        this.#inputs.pushAnswer(this.#work.build(effect.request));
        return undefined;
      case "verify":
        void this.#work.verify(effect.block, this.#state.config.parameters.maxDriftMs, this.#answerTo(this.#core));
        return undefined;
      case "execute":
        void this.#work.execute(effect.block, this.#answerTo(this.#core));
        return undefined;
      case "watch":
        this.#availability.watch(effect.parent);
        return undefined;
      case "commit":
        this.#log.committed(effect.block, effect.finalization);
        return this.#whenDurable(() => {
          this.#lastCommit = this.#commit(effect);
        });
      case "endEpoch":
        return this.#beginEpoch(effect.tip);
      case "archive":
        stores.archive.put(effect.votes, effect.certificates);
        return undefined;
      case "reportEvidence":
        this.#keepEvidence(effect.evidence);
        return undefined;
      case "reportPeer":
        this.#options.log.warn(
          { peer: effect.peer, code: effect.code, ...effect.facts },
          "a validator broke the protocol",
        );
        this.#reportFault(effect.peer, effect.code);
        return undefined;
      case "raiseAlarm":
        this.#options.metrics.alarm(effect.code);
        this.#options.log.warn({ code: effect.code, ...effect.facts }, effect.message);
        return undefined;
      case "resumeSigning":
        return this.#resumeSigning(this.#state.config.epoch, effect.fromView);
      case "stop":
        stores.archive.put([], effect.certificates);
        this.#fatal(new AllotError(effect.code, effect.facts, effect.reason));
        return undefined;
      default:
        return unreachable(effect);
    }
  }

  #send(to: ValidatorIndex, message: PeerMessage): void {
    const peer = this.#seats.peerOf(to);
    if (peer !== undefined) this.#options.network.send(peer, encodeMessage(message));
  }

  #reportFault(index: ValidatorIndex, code: string): void {
    const peer = this.#seats.peerOf(index);
    if (peer !== undefined) this.#options.network.reportFault(peer, code);
  }

  #handOver(to: ValidatorIndex, epoch: Epoch): void {
    const next = this.#options.stores.epochs.at(Epoch(epoch + 1));
    if (next !== undefined) this.#send(to, { kind: "certificate", certificate: next.finalization });
  }

  /** "The new epoch starts from that finalization": another core, with the set that the committed state names. */
  async #beginEpoch(tip: CommittedTip): Promise<void> {
    await this.#lastCommit;
    if (this.#halted) return;
    const { configOf, directory, stores } = this.#options;
    const { digest, view, height } = tip;
    const config = configOf(Epoch(this.#state.config.epoch + 1), { digest, view, height });
    this.#core++;
    this.#timers.cancelAll();
    this.#inputs.dropAllButMessages();
    this.#seats = new Seats(config.validators, directory);
    this.#state = createConsensus(config);
    const { record } = stores.guard;
    const signedEpoch = Epoch(Math.max(record?.epoch ?? 0, this.#recovered.signedEpoch));
    const signing = { signedEpoch, signingDoubtful: record === undefined };
    this.#inputs.pushAnswer({ kind: "start", recovered: { ...this.#recovered, committed: tip, ...signing } });
    for (const { from, message, frameBytes } of this.#early.take()) this.#inputs.pushMessage(from, message, frameBytes);
    const { epoch, validators, self } = config;
    if (this.#recovered.records.every((one) => epochOfRecord(one) <= epoch)) {
      this.#recovered = { ...this.#recovered, records: [], guardVotes: [] };
    }
    this.#options.log.info(
      { epoch, height, validators: validators.length, votes: self !== undefined },
      "an epoch begins",
    );
    this.#options.onEpoch?.(epoch);
  }

  #whenDurable(leave: () => void): Promise<void> | undefined {
    if (this.#log.unsynced) return this.#log.sync().then(leave);
    leave();
    return undefined;
  }

  async #castVote(vote: Vote): Promise<void> {
    if (this.#log.unsynced) await this.#log.sync();
    const outcome = await this.#options.stores.guard.sign(vote);
    this.#inputs.pushAnswer(
      outcome.signed
        ? { kind: "voteSigned", vote: outcome.vote }
        : { kind: "voteRefused", vote, reason: outcome.reason },
    );
  }

  async #resumeSigning(epoch: Epoch, view: View): Promise<void> {
    this.#log.appendFloor(epoch, view);
    await this.#log.sync();
    await this.#options.stores.guard.resume(epoch, view);
    this.#options.log.info({ view }, "the other validators have reported: signing goes on from this view");
  }

  /** Feeds the core that asks now, and no later one. */
  #answerTo(core: number): (input: Input) => void {
    return (input) => {
      if (core === this.#core) this.feed(input);
    };
  }

  async #commit({ block, finalization, tail }: Extract<Effect, { kind: "commit" }>): Promise<void> {
    const { application, metrics, stores } = this.#options;
    stores.chain.put(block, finalization);
    if (tail !== undefined) {
      const { digest, header } = block;
      const base = { digest, view: header.view, height: header.height };
      stores.epochs.put(Epoch(header.epoch + 1), { base, finalization, tail });
    }
    try {
      // First the block, durably, then its result: a node that lost its log together with its power would have a state
      // whose tip nothing knows.
      await stores.database.flushed();
      if (this.#halted) return;
      await application.commit(block.digest);
    } catch (error) {
      return this.#fatal(error);
    }
    const { height, view, timestampMs } = block.header;
    this.#availability.committed(height);
    metrics.committed(block.transactions.length, timestampMs, this.#options.clock.wallMs());
    this.#trail.committed(block);
    this.#compaction.committed(view).catch((error) => this.#fatal(error));
  }

  #keepEvidence(evidence: Evidence): void {
    if (!this.#options.stores.evidence.put(evidence)) return;
    const { kind, offender, first } = evidence;
    this.#options.metrics.evidence(kind);
    const facts = { kind, offender: this.#state.config.validators[offender], view: first.vote.view };
    this.#options.log.error(facts, "a validator signed contradictory statements; the evidence is kept");
  }

  #fatal(error: unknown): void {
    if (this.#halted) return;
    this.#halted = true;
    const code = error instanceof Error && "code" in error ? String(error.code) : "UNEXPECTED";
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.onFatal(code, reason, error);
  }
}
