// One simulated validator that is the real node but for its edges: the driver, write-ahead log, signer's guard, stores
// and recovery are the product's own; clock, disk, network and the ledger behind it are simulated.
import type { ConsensusConfig } from "../../node/consensus/config.ts";
import { createConsensus } from "../../node/consensus/create.ts";
import type { CommittedTip, Input } from "../../node/consensus/input.ts";
import type { ConsensusState } from "../../node/consensus/state.ts";
import { Driver } from "../../node/driver.ts";
import type { DriverMetrics } from "../../node/driverMetrics.ts";
import { epochOfHeight } from "../../node/epochs/epochs.ts";
import { silentLog } from "../../node/log.ts";
import { baseOf, latestSigned, recover, signerSteps } from "../../node/recovery.ts";
import { ChainStore } from "../../node/storage/chainStore.ts";
import { EpochStore } from "../../node/storage/epochStore.ts";
import { EvidenceStore } from "../../node/storage/evidenceStore.ts";
import { decodeLogRecord } from "../../node/storage/logRecord.ts";
import {
  createSignerGuard,
  isUnusedSignerGuard,
  readSignerGuard,
  SignerGuard,
} from "../../node/storage/signerGuard.ts";
import type { SignerIdentity } from "../../node/storage/signerGuardFile.ts";
import { reconcile } from "../../node/storage/signerRecord.ts";
import { ViewArchive } from "../../node/storage/viewArchive.ts";
import { WriteAheadLog } from "../../node/storage/writeAheadLog.ts";
import type { Epoch, PeerIndex, ValidatorIndex } from "../../node/types/brands.ts";
import type { EpochBase } from "../../node/types/epochBase.ts";
import { AllotError } from "../../node/types/errors.ts";
import type { PeerMessage } from "../../node/types/message.ts";
import { decodeMessage, encodeMessage } from "../../node/types/messageCodec.ts";
import { configOfEpoch } from "./configOfEpoch.ts";
import { Ledger } from "./ledger.ts";
import { addressOf, machineOf, machines } from "./machines.ts";
import { MemoryTables } from "./memoryTables.ts";
import type { Latencies, SimulatedNode, Surroundings } from "./node.ts";
import { type CommittedBlocks, SimulatedApplication } from "./simulatedApplication.ts";
import { simulatedClock } from "./simulatedClock.ts";
import { SimulatedFiles } from "./simulatedFiles.ts";
import { simulatedReporter } from "./simulatedReporting.ts";

const guardPath = "/guard/signer-guard.json";
const walFolder = "/wal";
const retentionBlocks = 10_000;

const noMetrics: DriverMetrics = {
  stepStarted: () => () => undefined,
  syncStarted: () => () => undefined,
  executionStarted: () => () => undefined,
  timedOut: () => undefined,
  committed: () => undefined,
  evidence: () => undefined,
  alarm: () => undefined,
};

export class DriverNode implements SimulatedNode {
  readonly index: ValidatorIndex;
  readonly machine: number;
  readonly config: ConsensusConfig;
  readonly files: SimulatedFiles;
  readonly tables: MemoryTables;
  stored: CommittedBlocks = { blocks: [], flushed: 0 };
  ledger: Ledger;
  isRunning = false;
  viewsSeen = 0;
  /** The height whose execution this node's engine gets wrong. */
  wrongAtHeight: number | undefined;
  readonly #world: Surroundings;
  readonly #genesis: CommittedTip;
  readonly #identity: SignerIdentity;
  #driver: Driver | undefined;
  #life = 0;
  #isInitialised = false;
  #held: (() => void)[] | undefined;

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
    this.files = new SimulatedFiles(world.random, latencies.syncMsMax);
    this.tables = new MemoryTables(world.random);
    this.ledger = this.#emptyLedger(genesis);
    this.#genesis = genesis;
    this.#world = world;
    this.#identity = { networkId: genesis.digest, validator: addressOf(index) };
  }

  #emptyLedger(genesis: CommittedTip): Ledger {
    const { validators, parameters, scheme } = this.config;
    return new Ledger(genesis, validators.map(machineOf), parameters.epochBlocks, scheme);
  }

  get state(): ConsensusState {
    return this.#driver?.state ?? createConsensus(this.config);
  }

  start(waiting: Iterable<string>): void {
    const life = ++this.#life;
    this.isRunning = true;
    this.#held = undefined;
    this.#driver = undefined;
    const wait = (durationMs: number) =>
      new Promise<void>((resolve) => this.#world.scheduler.after(durationMs, () => this.#within(life, resolve)));
    this.files.wait = wait;
    this.tables.wait = wait;
    this.ledger = this.#emptyLedger(this.#genesis);
    this.#open(life, wait, waiting).catch((error) => {
      if (life === this.#life) this.#stopped(String(error?.code ?? error));
    });
  }

  async #open(life: number, wait: (durationMs: number) => Promise<void>, waiting: Iterable<string>): Promise<void> {
    const { random, scheme, scheduler, epochMs } = this.#world;
    const { files, tables, config } = this;
    const delay = (durationMsMax: number) => wait(random.between(0, durationMsMax));
    const application = new SimulatedApplication(
      this.ledger,
      this.stored,
      delay,
      config.blockTransactionsMax,
      this.wrongAtHeight,
    );
    for (const transaction of waiting) this.ledger.submit(transaction);
    await this.#initialised();
    // Killed within the very moment of its start: the disk is the next life's.
    if (life !== this.#life) return;
    const opened = WriteAheadLog.open(walFolder, files);
    const records = opened.records.map(decodeLogRecord);
    const { steps, lagMax } = signerSteps(records, opened.lastFrameRecords);
    const stored = readSignerGuard(guardPath, this.#identity, files);
    const reconciled = reconcile(stored, steps, lagMax);
    const signedEpoch = latestSigned(stored, steps);
    const signer = reconciled.verdict === "agree" ? reconciled.record : undefined;
    const guard = await SignerGuard.open({
      path: guardPath,
      identity: this.#identity,
      sign: (vote) => scheme.sign(this.state.config.self as ValidatorIndex, vote),
      record: signer,
      files,
    });
    if (life !== this.#life) return;
    const chain = new ChainStore(tables, retentionBlocks);
    const archive = new ViewArchive(tables, retentionBlocks);
    const evidence = new EvidenceStore(tables);
    const epochs = new EpochStore(tables);
    const configOf = (epoch: Epoch, base: EpochBase): ConsensusConfig => {
      const begun = configOfEpoch(config, this.index, epoch, base, this.ledger.membersAt(base.height + 1));
      this.#world.begun(this, begun);
      return begun;
    };
    const epoch = epochOfHeight(application.info().height + 1, config.parameters.epochBlocks);
    const send = (to: ValidatorIndex, message: PeerMessage) => {
      if (life === this.#life && this.isRunning) this.#world.send(this, to, message);
    };
    const driver = new Driver({
      config: configOf(epoch, baseOf(epoch, config.base, epochs)),
      configOf,
      directory: machines,
      application,
      waiting: () => ({ transactions: this.ledger.waiting.size, bytes: 0 }),
      stores: { log: opened.log, guard, database: tables, chain, archive, evidence, epochs },
      network: {
        send: (to, payload) => send(to as number as ValidatorIndex, decodeMessage(payload)),
        broadcast: (payload) => {
          const message = decodeMessage(payload);
          for (let to = 0; to < this.#world.machines; to++) if (to !== this.index) send(to as ValidatorIndex, message);
        },
        pause: () => undefined,
        resume: () => undefined,
        reportFault: () => undefined,
      },
      clock: simulatedClock(
        scheduler,
        () => epochMs,
        (action) => this.#within(life, action),
      ),
      metrics: noMetrics,
      log: silentLog,
      onFatal: (code) => {
        if (life === this.#life) this.#stopped(code);
      },
      onStep: (before, input, effects) => {
        this.viewsSeen = Math.max(this.viewsSeen, before.current);
        this.#world.observe(this, before, input, effects);
      },
    });
    this.#driver = driver;
    const { digest: genesisDigest, timestampMs: genesisTimestampMs } = this.#genesis;
    await driver.start(
      recover({ application, chain, epoch, genesisDigest, genesisTimestampMs, records, signer, signedEpoch }),
    );
    driver.transactionsChanged();
    this.#report(life, application, evidence);
  }

  /** Shows what evidence there is, as the node's composition root has it done. */
  #report(life: number, application: SimulatedApplication, evidence: EvidenceStore): void {
    const { ledger } = this;
    if (ledger.rules === undefined || life !== this.#life) return;
    const reporter = simulatedReporter({
      self: this.index,
      ledger,
      rules: ledger.rules,
      height: () => application.info().height,
      isAlive: () => life === this.#life && this.isRunning && this.#held === undefined,
      send: (transaction) =>
        this.#within(life, () => {
          this.submit(transaction);
          this.#world.gossip(this, transaction);
        }),
    });
    evidence.onKept((piece) => reporter.add(piece));
    for (const piece of evidence.all()) reporter.add(piece);
    application.onCommitted = () => this.#within(life, () => reporter.committed());
  }

  /** `allot init`, which ends with a durable guard: no node starts before. Cut short by a power cut, it is repeated. */
  async #initialised(): Promise<void> {
    if (this.#isInitialised) return;
    const { files } = this;
    if (!isUnusedSignerGuard(guardPath, this.#identity, files)) {
      await createSignerGuard(guardPath, this.#identity, files);
    }
    this.#isInitialised = true;
  }

  #stopped(code: string): void {
    this.isRunning = false;
    this.#world.stopped(this, code);
  }

  /** Does something for a life that may have ended, or for a process that is stopped. */
  #within(life: number, action: () => void): void {
    if (life !== this.#life || !this.isRunning) return;
    if (this.#held === undefined) action();
    else this.#held.push(action);
  }

  crash(): void {
    this.#life++;
    this.isRunning = false;
    this.#held = undefined;
    this.files.crash();
    this.tables.crash();
    const { blocks, flushed } = this.stored;
    const survivors = flushed + this.#world.random.below(blocks.length - flushed + 1);
    this.stored = { blocks: blocks.slice(0, survivors), flushed: survivors };
  }

  suspend(): void {
    this.#held = [];
  }

  resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const action of held) action();
  }

  submit(transaction: string): void {
    this.ledger.submit(transaction);
    this.#within(this.#life, () => this.#driver?.transactionsChanged());
  }

  receive(from: ValidatorIndex, message: PeerMessage): void {
    this.#within(this.#life, () => {
      try {
        this.#driver?.receive(from as number as PeerIndex, encodeMessage(message));
      } catch (error) {
        // What a liar made up need not be a message any more once it is encoded; the network refuses it.
        if (!(error instanceof AllotError)) throw error;
      }
    });
  }

  receiveFrame(from: ValidatorIndex, frame: Uint8Array): void {
    this.#driver?.receive(from as number as PeerIndex, frame);
  }

  connected(machine: ValidatorIndex): void {
    this.#within(this.#life, () => this.#driver?.peerConnected(machine as number as PeerIndex));
  }

  feed(input: Input): void {
    this.#within(this.#life, () => this.#driver?.feed(input));
  }

  loseLog(): void {
    this.files.wipe(walFolder);
  }

  loseGuard(): void {
    this.files.wipe(guardPath);
  }

  /** The whole data folder is gone; the guard stays. */
  wipe(): void {
    this.files.wipe(walFolder);
    this.tables.wipe();
    this.stored = { blocks: [], flushed: 0 };
  }
}
