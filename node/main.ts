// Composition root: the only place that wires the parts together. From checked options to a running validator.
import { join } from "node:path";
import { collectDefaultMetrics, Registry } from "prom-client";
import { LedgerApplication } from "./application/ledger.ts";
import { systemClock } from "./clock.ts";
import { peerFrameOverheadBytesMax } from "./config/limits.ts";
import { nodeFolder } from "./config/nodeFolder.ts";
import { consensusConfig, genesisBase } from "./consensusConfig.ts";
import { crashingDriver, type Surroundings } from "./crashingDriver.ts";
import { derivePeerKey } from "./crypto/peerKey.ts";
import { validatorIdentity } from "./crypto/validatorIdentity.ts";
import { Driver } from "./driver.ts";
import { driverMetrics } from "./driverMetrics.ts";
import { EpochCertificates } from "./epochs/epochCertificates.ts";
import { epochOfHeight } from "./epochs/epochs.ts";
import { ValidatorDirectory } from "./epochs/validatorDirectory.ts";
import { openEngine } from "./execution/openEngine.ts";
import { createLog, type Log } from "./log.ts";
import { Network } from "./network/network.ts";
import { networkMetrics } from "./network/networkMetrics.ts";
import { OwnTransactions } from "./network/ownTransactions.ts";
import { nodeBackend } from "./nodeBackend.ts";
import { nodeGauges } from "./nodeGauges.ts";
import type { NodeOptions, RunningNode } from "./nodeOptions.ts";
import { openStores } from "./openStores.ts";
import { admitFromPeer } from "./peerTransactions.ts";
import { watchProcess } from "./processWatch.ts";
import { baseOf, recover } from "./recovery.ts";
import { startReporting } from "./reporting/startReporting.ts";
import { startRpc } from "./rpc/server.ts";
import { lockDirectory } from "./storage/directoryLock.ts";
import { type Address, type Epoch, Height, PeerIndex } from "./types/brands.ts";
import { genesisDigest } from "./types/digests.ts";
import type { EpochBase } from "./types/epochBase.ts";
import { InvariantError } from "./types/errors.ts";
import type { GenesisValidator } from "./types/genesis.ts";

/** What has been opened, to be closed in the reverse order, whatever state the start has reached. */
class Closers {
  readonly #closers: (() => Promise<void> | void)[] = [];

  add(close: () => Promise<void> | void): void {
    this.#closers.push(close);
  }

  async closeAll(log: Log): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ err: error }, "closing a part of the node failed");
      }
    }
  }
}

/**
 * Replays what the folder holds, then listens and takes part.
 * @throws AllotError when something that the operator can mend is in the way; nothing stays open or locked then
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const log = createLog(options.log);
  const closers = new Closers();
  try {
    return await compose(options, log, closers);
  } catch (error) {
    await closers.closeAll(log);
    throw error;
  }
}

async function compose(options: NodeOptions, log: Log, closers: Closers): Promise<RunningNode> {
  const { genesis, validatorKey } = options;
  const folder = nodeFolder(options.directory);
  const { address } = validatorIdentity(validatorKey);
  const lock = lockDirectory(folder.path);
  closers.add(() => lock.release());

  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const engine = await openEngine(options.engine, {
    genesis,
    folder: join(folder.data, "execution"),
    historyBlocks: options.historyBlocks,
  });
  const application = new LedgerApplication(genesis, engine);
  closers.add(() => application.close());
  const seat = () => driver.state.config.self;
  const { stores, records, signer, signedEpoch } = await openStores({ options, folder, address, seat, log });
  closers.add(() => stores.close());
  const directory = new ValidatorDirectory(genesis);
  const committedState = () => engine.stateAt(engine.committed().context.digest);
  const refreshDirectory = async () => {
    const state = committedState();
    if (state !== undefined) await directory.refresh(state);
  };
  await refreshDirectory();
  const configOf = (epoch: Epoch, base: EpochBase) => {
    const validators = application.validatorsAt(Height(base.height + 1));
    return consensusConfig(genesis, address, { epoch, base, validators });
  };
  const registry = genesis.contracts.ValidatorRegistry;
  const certificates = new EpochCertificates({ ...stores, engine, registry });
  const keepCertificate = async (epoch: Epoch) => {
    if (epoch === 0 || registry === undefined || (await certificates.keep(epoch))) return;
    log.warn({ epoch }, "the proof of this epoch's validator set could not be made: other nodes have it");
  };
  const tip = application.info();
  const epoch = epochOfHeight(tip.height + 1, genesis.consensus.epochBlocks);
  const config = configOf(epoch, baseOf(epoch, genesisBase(genesis), stores.epochs));

  const stopping = Promise.withResolvers<{ readonly reason: string | undefined }>();
  let stopped: Promise<void> | undefined;
  const stop = (reason: string | undefined): Promise<void> => {
    stopped ??= closers.closeAll(log).then(() => {
      log.info({}, "stopped");
      stopping.resolve({ reason });
    });
    return stopped;
  };
  let failure: string | undefined;
  const fail = (code: string, reason: string, cause?: unknown): void => {
    if (failure !== undefined) return;
    failure = reason;
    log.error(
      { code, ...(cause instanceof InvariantError ? { stack: cause.stack } : {}) },
      `the node stops: ${reason}`,
    );
    void stop(reason);
  };
  closers.add(watchProcess(log, fail));

  const surroundings = {
    application,
    stores,
    // The network is made below; nothing leaves before it is there.
    network: {
      send: (to, payload) => network.send(to, payload),
      broadcast: (payload) => network.broadcast(payload),
      pause: (peer) => network.pause(peer),
      resume: (peer) => network.resume(peer),
      reportFault: (peer, code) => network.reportFault(peer, code),
    },
  } satisfies Surroundings;
  const driver: Driver = new Driver({
    config,
    configOf,
    directory,
    waiting: () => application.mempool.executable,
    ...(options.crash === undefined ? surroundings : crashingDriver(surroundings, options.crash)),
    clock: systemClock,
    metrics: driverMetrics(metrics),
    log: log.child({ part: "consensus" }),
    onFatal: fail,
    onEpoch: (begun) => {
      keepCertificate(begun).catch((error) => log.warn({ epoch: begun, err: error }, "an epoch's proof failed"));
    },
  });
  await keepCertificate(epoch);
  const network: Network = new Network({
    chainId: genesis.chainId,
    networkId: genesis.networkId,
    self: directory.peerOf(address),
    peerKey: derivePeerKey(validatorKey),
    peers: peersOf(options, genesis.validators, address),
    listen: options.network.listen.length > 0 ? options.network.listen : (directory.entryOf(address)?.addresses ?? []),
    wireVersionMax: options.network.wireVersionMax,
    frameBytesMax: genesis.execution.blockBytesMax + peerFrameOverheadBytesMax,
    handler: {
      frame: (from, payload) => driver.receive(from, payload),
      transactions: (from, transactions) => {
        try {
          admitFromPeer(application, from, transactions, (peer, code) => network.reportFault(peer, code));
        } catch (error) {
          // Not the peer's fault, that is a result: a defect, which the gossip library would swallow.
          fail("ADMISSION_FAILED", error instanceof Error ? error.message : String(error), error);
        }
      },
      connected: (peer) => {
        driver.peerConnected(peer);
        own.repeat();
      },
      disconnected: () => undefined,
    },
    metrics: networkMetrics(metrics),
    log: log.child({ part: "network" }),
  });
  network.setPeers(directory.peerOf(address), peersOf(options, directory.entries, address));
  const own = new OwnTransactions((transaction) => network.publish(transaction));
  application.mempool.onExecutable(() => driver.transactionsChanged());
  const mempoolLog = log.child({ part: "mempool" });
  application.mempool.onAdmitted((transaction, origin) => {
    if (origin === "client") own.add(transaction);
    if (!mempoolLog.isLevelEnabled("debug")) return;
    const { hash, sender, nonce } = transaction;
    mempoolLog.debug({ transaction: hash, sender, nonce, origin }, "admitted");
  });
  application.onCommitted((block) => own.committed(block, application.mempool));
  application.onCommitted((block) => {
    if (!directory.concerns(block)) return;
    refreshDirectory().then(
      () => network.setPeers(directory.peerOf(address), peersOf(options, directory.entries, address)),
      (error) => fail("REGISTRY_UNREADABLE", error instanceof Error ? error.message : String(error), error),
    );
  });

  closers.add(() => driver.stop());
  if (directory.peerOf(address) === undefined) {
    log.warn({ address }, "the ledger does not know this validator yet: the others refuse it until they admit it");
  }
  log.info({ address, epoch, height: tip.height, records: records.length }, "replaying the log");
  const sources = { application, chain: stores.chain, epoch, records, signer, signedEpoch };
  const origin = { genesisDigest: genesisDigest(genesis), genesisTimestampMs: genesis.timestampMs };
  await driver.start(recover({ ...sources, ...origin }));
  closers.add(() => network.stop());
  await network.start();
  const backend = nodeBackend({
    options,
    address,
    directory,
    engine,
    application,
    driver,
    network,
    stores,
    certificates,
    metrics,
    failure: () => failure,
  });
  nodeGauges(metrics, {
    driver,
    network,
    mempool: application.mempool,
    evidence: stores.evidence,
    highestFinalized: () => backend.consensus().highestFinalized,
  });
  const reporting = startReporting({
    genesis,
    validatorKey,
    engine,
    application,
    evidence: stores.evidence,
    validatorsOf: (epoch) => backend.validators(epoch)?.validators.map((validator) => validator.address),
    isCurrent: () => backend.consensus().phase === "running",
    metrics,
    log: log.child({ part: "reporting" }),
    crash: options.crash,
  });
  closers.add(() => reporting.stop());
  const rpc = options.rpc && (await startRpc(backend, { ...options.rpc, log: log.child({ part: "rpc" }) }));
  if (rpc !== undefined) closers.add(() => rpc.close());
  if (failure !== undefined) await stop(failure);
  log.info({ address, rpc: rpc?.url, multiaddrs: network.multiaddrs, view: driver.state.current }, "listening");
  return {
    address,
    rpcUrl: rpc?.url,
    multiaddrs: network.multiaddrs,
    stopped: stopping.promise,
    stop: () => stop(failure),
  };
}

/** Every known node but this one, where the configuration or the registry says that it is found. */
function peersOf({ network }: NodeOptions, known: readonly GenesisValidator[], self: Address) {
  return known
    .map(({ address, name, peerKey, addresses }, i) => ({
      index: PeerIndex(i),
      name,
      peerKey,
      addresses: network.peerAddresses[address] ?? addresses,
      address,
    }))
    .filter(({ address }) => address !== self);
}
