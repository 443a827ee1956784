// Drivers of several validators in one process: real disks, real engine, real signatures; only the wire between them
// is memory, so that a test can look at what leaves and when.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Registry } from "prom-client";
import { LedgerApplication } from "../../node/application/ledger.ts";
import { systemClock } from "../../node/clock.ts";
import { nodeFolder } from "../../node/config/nodeFolder.ts";
import { consensusConfig, genesisBase } from "../../node/consensusConfig.ts";
import { Driver } from "../../node/driver.ts";
import { driverMetrics } from "../../node/driverMetrics.ts";
import type { DriverNetwork } from "../../node/driverOptions.ts";
import { epochOfHeight } from "../../node/epochs/epochs.ts";
import { ValidatorDirectory } from "../../node/epochs/validatorDirectory.ts";
import { openEngine } from "../../node/execution/openEngine.ts";
import { silentLog } from "../../node/log.ts";
import { type OpenedStores, openStores } from "../../node/openStores.ts";
import { baseOf, recover } from "../../node/recovery.ts";
import { decodeLogRecord, type LogRecord } from "../../node/storage/logRecord.ts";
import { createSignerGuard, readSignerGuard, type SignerGuard } from "../../node/storage/signerGuard.ts";
import type { SignerRecord } from "../../node/storage/signerRecord.ts";
import { decodeFrame } from "../../node/storage/walFrame.ts";
import type { Application } from "../../node/types/application.ts";
import { type Epoch, Height, PeerIndex, ValidatorIndex } from "../../node/types/brands.ts";
import { genesisDigest } from "../../node/types/digests.ts";
import type { EpochBase } from "../../node/types/epochBase.ts";
import type { Genesis, GenesisValidator } from "../../node/types/genesis.ts";
import type { PeerMessage } from "../../node/types/message.ts";
import { decodeMessage } from "../../node/types/messageCodec.ts";
import type { Vote } from "../../node/types/vote.ts";
import { holders, testGenesis } from "../application/testLedger.ts";
import { type Signer, signer } from "../mempool/signing.ts";

export const sender = holders[0] as Signer;

/** Keys of the validators, in the order of their addresses. */
function validatorKeys(count: number): Signer[] {
  const keys = Array.from({ length: count }, (_, i) => signer(100 + i));
  return keys.sort((a, b) => (a.address < b.address ? -1 : 1));
}

function genesisOf(keys: readonly Signer[]): Genesis {
  const validators: GenesisValidator[] = keys.map(({ address }, i) => ({
    name: `validator-${i}`,
    address,
    peerKey: `0x02${"00".repeat(32)}`,
    addresses: [],
    organisation: i,
  }));
  return testGenesis({ validators });
}

export interface MemoryNode {
  readonly index: ValidatorIndex;
  readonly folder: string;
  readonly driver: Driver;
  readonly application: LedgerApplication;
  readonly fatal: { readonly code: string; readonly reason: string }[];
  stop(): Promise<void>;
}

/** What a test may change about a node. */
export interface NodeChanges {
  readonly application?: (real: LedgerApplication) => Application;
}

export class MemoryCluster {
  readonly folder = mkdtempSync(join(tmpdir(), "allot-driver-"));
  readonly keys: readonly Signer[];
  readonly genesis: Genesis;
  readonly nodes = new Map<ValidatorIndex, MemoryNode>();
  /** Called for everything that leaves a validator, before it is delivered. */
  onSend: (from: ValidatorIndex, message: PeerMessage) => void = () => undefined;

  /** What the wire loses. */
  isLost: (to: ValidatorIndex, message: PeerMessage) => boolean = () => false;
  /** Called for every vote that a guard is about to be asked to sign. */
  onCast: (by: ValidatorIndex, vote: Vote) => void = () => undefined;

  /** @param epochBlocks blocks in an epoch; 0 for one that lasts for ever */
  constructor(count: number, epochBlocks = 0) {
    this.keys = validatorKeys(count);
    const genesis = genesisOf(this.keys);
    this.genesis = { ...genesis, consensus: { ...genesis.consensus, epochBlocks } };
  }

  async start(number: number, changes: NodeChanges = {}): Promise<MemoryNode> {
    const index = ValidatorIndex(number);
    const folder = nodeFolder(join(this.folder, String(number)));
    mkdirSync(folder.path, { recursive: true });
    const { key, address } = this.keys[number] as Signer;
    const identity = { networkId: this.genesis.networkId, validator: address };
    if (!readdirSync(folder.path).includes("signer-guard.json")) await createSignerGuard(folder.signerGuard, identity);
    const engineFolder = join(folder.data, "execution");
    const engine = await openEngine("ethereumjs", { genesis: this.genesis, folder: engineFolder, historyBlocks: 64 });
    const application = new LedgerApplication(this.genesis, engine);
    const configOf = (epoch: Epoch, base: EpochBase) => {
      const validators = application.validatorsAt(Height(base.height + 1));
      return consensusConfig(this.genesis, address, { epoch, base, validators });
    };
    const options = { genesis: this.genesis, validatorKey: key, retentionBlocks: 1_000 };
    const opened = await openStores({ options, folder, address, seat: () => driver.state.config.self, log: silentLog });
    const fatal: { code: string; reason: string }[] = [];
    const epoch = epochOfHeight(application.info().height + 1, this.genesis.consensus.epochBlocks);
    const driver: Driver = new Driver({
      config: configOf(epoch, baseOf(epoch, genesisBase(this.genesis), opened.stores.epochs)),
      configOf,
      directory: new ValidatorDirectory(this.genesis),
      application: changes.application?.(application) ?? application,
      waiting: () => ({ transactions: application.mempool.size, bytes: application.mempool.bytes }),
      stores: { ...opened.stores, guard: this.#observed(index, opened.stores.guard) },
      network: this.#networkOf(index),
      clock: systemClock,
      metrics: driverMetrics(new Registry()),
      log: silentLog,
      onFatal: (code, reason) => fatal.push({ code, reason }),
    });
    application.mempool.onExecutable(() => driver.transactionsChanged());
    const node = { index, folder: folder.path, driver, application, fatal, stop: () => this.#stop(index, opened) };
    this.nodes.set(index, node);
    await driver.start(
      recover({
        application,
        chain: opened.stores.chain,
        epoch,
        genesisDigest: genesisDigest(this.genesis),
        genesisTimestampMs: this.genesis.timestampMs,
        records: opened.records,
        signer: opened.signer,
        signedEpoch: opened.signedEpoch,
      }),
    );
    for (const other of this.nodes.values()) {
      if (other.index === index) continue;
      other.driver.peerConnected(PeerIndex(index));
      driver.peerConnected(PeerIndex(other.index));
    }
    return node;
  }

  async #stop(index: ValidatorIndex, { stores }: OpenedStores): Promise<void> {
    const node = this.nodes.get(index);
    this.nodes.delete(index);
    await node?.driver.stop();
    await stores.close();
    await node?.application.close();
  }

  #observed(index: ValidatorIndex, guard: SignerGuard): SignerGuard {
    return new Proxy(guard, {
      get: (target, name) => {
        const member = Reflect.get(target, name, target) as unknown;
        if (typeof member !== "function") return member;
        return (...details: unknown[]) => {
          if (name === "sign") this.onCast(index, details[0] as Vote);
          return member.apply(target, details);
        };
      },
    });
  }

  #networkOf(from: ValidatorIndex): DriverNetwork {
    const deliver = (to: ValidatorIndex, payload: Uint8Array): void =>
      void setImmediate(() => this.nodes.get(to)?.driver.receive(PeerIndex(from), payload));
    const send = (to: ValidatorIndex, payload: Uint8Array): void => {
      const message = decodeMessage(payload);
      this.onSend(from, message);
      if (!this.isLost(to, message)) deliver(to, payload);
    };
    return {
      send: (to, payload) => send(ValidatorIndex(to), payload),
      broadcast: (payload) => {
        for (const to of this.keys.keys()) if (to !== from) send(ValidatorIndex(to), payload);
      },
      pause: () => undefined,
      resume: () => undefined,
      reportFault: () => undefined,
    };
  }

  /** Gives a transaction to every validator, as gossip does. */
  submit(raw: Uint8Array): void {
    for (const { application } of this.nodes.values()) application.checkTransaction(raw, "client");
  }

  /** What stands in a validator's log on the disk at this moment. */
  logOnDisk(index: ValidatorIndex): LogRecord[] {
    const folder = join(this.folder, String(index), "wal");
    return readdirSync(folder).flatMap((name) => {
      const bytes = readFileSync(join(folder, name));
      const records: LogRecord[] = [];
      let at = 0;
      for (let frame = decodeFrame(bytes, at); frame !== undefined; frame = decodeFrame(bytes, at)) {
        records.push(...frame.records.map(decodeLogRecord));
        at = frame.end;
      }
      return records;
    });
  }

  /** What stands in a validator's guard on the disk at this moment. */
  guardOnDisk(index: ValidatorIndex): SignerRecord | undefined {
    const validator = (this.keys[index] as Signer).address;
    const path = join(this.folder, String(index), "signer-guard.json");
    return readSignerGuard(path, { networkId: this.genesis.networkId, validator });
  }

  async close(): Promise<void> {
    await Promise.all([...this.nodes.values()].map((node) => node.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
