// A validator that lies: the node's own driver, stores, engine and network over a real seat's folder, and an adversary
// of the simulation between the driver and the wire. It signs lies with the seat's key, and honest votes through the
// signer's guard, as everybody does.
import { join } from "node:path";
import { Registry } from "prom-client";
import { LedgerApplication } from "../../node/application/ledger.ts";
import { loadNode } from "../../node/cli/loadNode.ts";
import { systemClock } from "../../node/clock.ts";
import { peerFrameOverheadBytesMax } from "../../node/config/limits.ts";
import { nodeFolder } from "../../node/config/nodeFolder.ts";
import { consensusConfig, genesisBase } from "../../node/consensusConfig.ts";
import { derivePeerKey } from "../../node/crypto/peerKey.ts";
import { signHash } from "../../node/crypto/secp256k1Scheme.ts";
import { validatorIdentity } from "../../node/crypto/validatorIdentity.ts";
import { Driver } from "../../node/driver.ts";
import { driverMetrics } from "../../node/driverMetrics.ts";
import { epochOfHeight } from "../../node/epochs/epochs.ts";
import { ValidatorDirectory } from "../../node/epochs/validatorDirectory.ts";
import { openEngine } from "../../node/execution/openEngine.ts";
import { silentLog } from "../../node/log.ts";
import { Network } from "../../node/network/network.ts";
import { networkMetrics } from "../../node/network/networkMetrics.ts";
import { openStores } from "../../node/openStores.ts";
import { admitFromPeer } from "../../node/peerTransactions.ts";
import { baseOf, recover } from "../../node/recovery.ts";
import { type Address, type Epoch, Height, PeerIndex, ValidatorIndex } from "../../node/types/brands.ts";
import { genesisDigest } from "../../node/types/digests.ts";
import type { EpochBase } from "../../node/types/epochBase.ts";
import { decodeMessage, encodeMessage } from "../../node/types/messageCodec.ts";
import { voteHasher } from "../../node/types/votePreimage.ts";
import { newestWireVersion } from "../../node/types/wireVersion.ts";
import type { Byzantine } from "../simulation/byzantine/byzantine.ts";
import type { SigningScheme } from "../simulation/simulatedScheme.ts";

export interface ByzantineValidator {
  /** Address of its validator key. */
  readonly address: Address;
  stop(): Promise<void>;
}

/** @param directory a seat's folder, whose own process has been stopped */
export async function startByzantineValidator(
  directory: string,
  adversaryOf: (scheme: SigningScheme) => Byzantine,
): Promise<ByzantineValidator> {
  const options = loadNode(directory, {}, {});
  const { genesis, validatorKey } = options;
  const folder = nodeFolder(directory);
  const { address } = validatorIdentity(validatorKey);
  // The founders' places, in the set and among the peers, are those of genesis.
  const self = genesis.validators.findIndex((validator) => validator.address === address);
  const engineFolder = join(folder.data, "execution");
  const engine = await openEngine("ethereumjs", { genesis, folder: engineFolder, historyBlocks: 64 });
  const application = new LedgerApplication(genesis, engine);
  const seat = () => driver.state.config.self;
  const { stores, records, signer, signedEpoch } = await openStores({ options, folder, address, seat, log: silentLog });
  const configOf = (epoch: Epoch, base: EpochBase) => {
    const validators = application.validatorsAt(Height(base.height + 1));
    return consensusConfig(genesis, address, { epoch, base, validators });
  };
  const epoch = epochOfHeight(application.info().height + 1, genesis.consensus.epochBlocks);
  const config = configOf(epoch, baseOf(epoch, genesisBase(genesis), stores.epochs));
  const hash = voteHasher(genesis);
  const scheme: SigningScheme = {
    ...config.scheme,
    sign: (by, vote) => ({ vote, signer: by, signature: signHash(hash(vote), validatorKey) }),
  };
  const adversary = adversaryOf(scheme);
  const metrics = new Registry();
  const count = genesis.validators.length;
  const send = (to: PeerIndex, payload: Uint8Array): void => {
    const message = decodeMessage(payload);
    for (const told of adversary.outgoing(message, ValidatorIndex(self), ValidatorIndex(to), count)) {
      network.send(to, encodeMessage(told));
    }
  };
  const others = [...genesis.validators.keys()].filter((index) => index !== self).map(PeerIndex);
  const driver: Driver = new Driver({
    config,
    configOf,
    directory: new ValidatorDirectory(genesis),
    application,
    waiting: () => application.mempool.executable,
    stores,
    network: {
      send,
      broadcast: (payload) => {
        for (const to of others) send(to, payload);
      },
      pause: (peer) => network.pause(peer),
      resume: (peer) => network.resume(peer),
      reportFault: () => undefined,
    },
    clock: systemClock,
    metrics: driverMetrics(metrics),
    log: silentLog,
    onFatal: () => undefined,
  });
  const network: Network = new Network({
    chainId: genesis.chainId,
    networkId: genesis.networkId,
    self: PeerIndex(self),
    peerKey: derivePeerKey(validatorKey),
    wireVersionMax: newestWireVersion,
    peers: others.map((index) => ({ index, ...(genesis.validators[index] as (typeof genesis.validators)[number]) })),
    listen: genesis.validators[self]?.addresses ?? [],
    frameBytesMax: genesis.execution.blockBytesMax + peerFrameOverheadBytesMax,
    handler: {
      frame: (from, payload) => driver.receive(from, payload),
      transactions: (from, transactions) => admitFromPeer(application, from, transactions, () => undefined),
      connected: (peer) => driver.peerConnected(peer),
      disconnected: () => undefined,
    },
    metrics: networkMetrics(metrics),
    log: silentLog,
  });
  application.mempool.onExecutable(() => driver.transactionsChanged());
  const sources = { application, chain: stores.chain, epoch, records, signer, signedEpoch };
  const origin = { genesisDigest: genesisDigest(genesis), genesisTimestampMs: genesis.timestampMs };
  await driver.start(recover({ ...sources, ...origin }));
  await network.start();
  return {
    address,
    async stop() {
      await network.stop();
      await driver.stop();
      await stores.close();
      await application.close();
    },
  };
}
