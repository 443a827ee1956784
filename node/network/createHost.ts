import { privateKeyFromRaw } from "@libp2p/crypto/keys";
import type { GossipSub } from "@libp2p/gossipsub";
import { identify } from "@libp2p/identify";
import type { PeerId } from "@libp2p/interface";
import { tcp } from "@libp2p/tcp";
import { createLibp2p, type Libp2p } from "libp2p";
import { dialTimeoutMs, validatorCountMax } from "../config/limits.ts";
import { tlsInWholeRecords, yamuxWithLazyWindows } from "./fewerWrites.ts";
import { transactionGossipService } from "./transactionGossip.ts";

export interface HostOptions {
  /** Private peer key, 32 bytes. */
  readonly peerKey: Uint8Array;
  readonly listen: readonly string[];
  /** May the peer be dialled? */
  readonly admits: (id: PeerId) => boolean;
  /** Is a connection with the peer refused, once its key is known? */
  readonly denies: (id: PeerId) => boolean;
}

/** Both ends may dial at once, and a restarted peer's old connections are noticed late. */
const connectionsMax = 4 * validatorCountMax;

/** The libp2p node of a validator: TCP, TLS, and nobody but whom the caller lets in. It does not listen yet. */
export function createHost({ peerKey, listen, admits, denies }: HostOptions): Promise<Libp2p<{ pubsub: GossipSub }>> {
  return createLibp2p({
    start: false,
    privateKey: privateKeyFromRaw(peerKey),
    addresses: { listen: [...listen] },
    transports: [tcp()],
    connectionEncrypters: [tlsInWholeRecords()],
    streamMuxers: [yamuxWithLazyWindows()],
    connectionGater: {
      denyDialPeer: (id) => !admits(id),
      denyInboundEncryptedConnection: denies,
      denyOutboundEncryptedConnection: denies,
      denyDialMultiaddr: () => false,
    },
    connectionManager: {
      dialTimeout: dialTimeoutMs,
      maxConnections: connectionsMax,
      maxIncomingPendingConnections: connectionsMax,
      // All validators of a development network share one host.
      inboundConnectionThreshold: connectionsMax,
      // Reconnecting is ours: libp2p gives up after a few attempts.
      reconnectRetries: 0,
    },
    services: { identify: identify(), pubsub: transactionGossipService() },
  });
}
