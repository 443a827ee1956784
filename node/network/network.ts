import type { GossipSub } from "@libp2p/gossipsub";
import type { Connection, PeerId, Stream } from "@libp2p/interface";
import type { Libp2p } from "libp2p";
import type { Log } from "../log.ts";
import type { Digest, PeerIndex } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";
import { isAnswer } from "../types/messageCodec.ts";
import { protocolOf, versionsIn, type WireVersion, wireVersionsUpTo } from "../types/wireVersion.ts";
import { listenFailed, noCommonVersion } from "./complaints.ts";
import { createHost } from "./createHost.ts";
import type { NetworkMetrics } from "./networkMetrics.ts";
import { type Peer, PeerBook, type PeerDescription } from "./peerBook.ts";
import { PeerLink } from "./peerLink.ts";
import { TransactionGossip } from "./transactionGossip.ts";

export interface NetworkHandler {
  /** A whole frame; the bytes are not used again. An AllotError thrown here is the peer's fault. */
  frame(from: PeerIndex, payload: Uint8Array): void;
  transactions(from: PeerIndex, transactions: readonly Uint8Array[]): void;
  /** Frames can be sent to the peer from now on. Called again after each interruption. */
  connected(peer: PeerIndex): void;
  disconnected(peer: PeerIndex): void;
}

export interface NetworkOptions {
  readonly chainId: number;
  readonly networkId: Digest;
  /** Undefined on a node that the validators do not know yet: they will refuse it until they do. */
  readonly self: PeerIndex | undefined;
  /** Private peer key, 32 bytes. */
  readonly peerKey: Uint8Array;
  /** Every known validator but this one. */
  readonly peers: readonly PeerDescription[];
  readonly listen: readonly string[];
  /** Highest version of the wire to speak; every lower one is spoken, too. */
  readonly wireVersionMax: WireVersion;
  readonly frameBytesMax: number;
  readonly handler: NetworkHandler;
  readonly metrics: NetworkMetrics;
  readonly log: Log;
}

export interface PeerState {
  readonly index: PeerIndex;
  readonly name: string;
  readonly connected: boolean;
  readonly roundTripMs: number | undefined;
  /** It is there, and speaks no version of the wire that this validator speaks. */
  readonly incompatible: boolean;
}

/** Least time between two log lines about refused connections. */
const refusalLogIntervalMs = 10_000;

export class Network {
  readonly #options: NetworkOptions;
  readonly #book: PeerBook;
  readonly #links = new Map<PeerIndex, PeerLink>();
  /** What the network's protocols are named after. */
  readonly #name: string;
  readonly #protocols: ReadonlyMap<WireVersion, string>;
  #libp2p: Libp2p<{ pubsub: GossipSub }> | undefined;
  #gossip: TransactionGossip | undefined;
  #self: PeerIndex | undefined;
  #stopped = false;
  #refusalLogAtMs = 0;

  /** @throws AllotError BAD_PEER for a key or an address that cannot be used */
  constructor(options: NetworkOptions) {
    this.#options = options;
    this.#self = options.self;
    this.#book = new PeerBook(options.peers);
    this.#name = `/allot/${options.chainId}-${options.networkId.slice(2, 18)}`;
    const spoken = wireVersionsUpTo(options.wireVersionMax);
    this.#protocols = new Map(spoken.map((version) => [version, protocolOf(this.#name, version)]));
  }

  /** Listens and begins to connect. @throws AllotError LISTEN_FAILED */
  async start(): Promise<void> {
    const { peerKey, listen } = this.#options;
    const libp2p = await createHost({
      peerKey,
      listen,
      admits: (id) => this.#book.admits(id),
      denies: (id) => this.#denied(id),
    });
    this.#libp2p = libp2p;
    await libp2p.handle([...this.#protocols.values()], (stream, connection) => this.#inbound(stream, connection), {
      maxInboundStreams: 4,
    });
    libp2p.addEventListener("connection:open", ({ detail }) => this.#linkOf(detail.remotePeer)?.connectionOpened());
    libp2p.addEventListener("connection:close", ({ detail }) => this.#linkOf(detail.remotePeer)?.connectionClosed());
    for (const peer of this.#book.peers) this.#links.set(peer.index, this.#newLink(libp2p, peer));
    try {
      await libp2p.start();
    } catch (cause) {
      await libp2p.stop();
      throw listenFailed(this.#options.listen, cause);
    }
    this.#gossip = new TransactionGossip({
      pubsub: libp2p.services.pubsub,
      // Of version 1 for ever: batches of transactions have a version of their own.
      topic: `${protocolOf(this.#name, 1)}/transactions`,
      self: () => this.#self,
      book: this.#book,
      connected: () => this.connectedPeers(),
      onTransactions: (from, transactions) => this.#options.handler.transactions(from, transactions),
      onMisbehaviour: (from, error) => this.#misbehaved(from, error),
      onMessage: (direction, bytes) => this.#options.metrics.gossip(direction, bytes),
    });
    for (const link of this.#links.values()) link.start();
  }

  /**
   * The ledger knows other validators, or other addresses of theirs, than before. One that cannot be used is left out,
   * with a line in the log: whoever published it has to mend it.
   */
  setPeers(self: PeerIndex | undefined, descriptions: readonly PeerDescription[]): void {
    this.#self = self;
    const changed = this.#book.update(descriptions, (error) => {
      this.#options.log.warn({ code: error.code, ...error.facts }, error.message);
    });
    const libp2p = this.#libp2p;
    if (libp2p === undefined || this.#stopped) return;
    for (const peer of changed) {
      const known = this.#links.get(peer.index);
      if (known !== undefined) {
        known.moved(peer);
        continue;
      }
      const link = this.#newLink(libp2p, peer);
      this.#links.set(peer.index, link);
      link.start();
    }
  }

  /** Multiaddrs with the peer id. */
  get multiaddrs(): readonly string[] {
    return this.#libp2p?.getMultiaddrs().map(String) ?? [];
  }

  connectedPeers(): readonly PeerIndex[] {
    return [...this.#links].filter(([, link]) => link.connected).map(([index]) => index);
  }

  peers(): readonly PeerState[] {
    return [...this.#links].map(([index, link]) => ({
      index,
      name: link.peer.name,
      connected: link.connected,
      roundTripMs: link.roundTripMs,
      incompatible: link.hasNoCommonVersion,
    }));
  }

  send(to: PeerIndex, payload: Uint8Array): void {
    const link = this.#links.get(to);
    if (link === undefined) return;
    const sent = link.send(payload, isAnswer(payload) ? "answers" : "consensus");
    this.#options.metrics.frame(sent ? "out" : "dropped", payload.length);
  }

  broadcast(payload: Uint8Array): void {
    for (const index of this.#links.keys()) this.send(index, payload);
  }

  /** Tells the other validators of a transaction. */
  publish(transaction: Uint8Array): void {
    this.#gossip?.publish(transaction);
  }

  /** Stops, or goes on, reading the frames of a peer, when more of them wait than can be processed. */
  pause(peer: PeerIndex): void {
    this.#links.get(peer)?.pause();
  }

  resume(peer: PeerIndex): void {
    this.#links.get(peer)?.resume();
  }

  /** Counts a fault of the peer that consensus found; after too many of them it is disconnected for a while. */
  reportFault(peer: PeerIndex, code: string): void {
    this.#options.metrics.fault(code);
    if (this.#book.countFault(peer)) this.#disconnect(peer, code);
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#gossip?.stop();
    for (const link of this.#links.values()) link.stop();
    await this.#libp2p?.stop();
  }

  #newLink(libp2p: Libp2p, peer: Peer): PeerLink {
    const { handler, log, metrics, frameBytesMax } = this.#options;
    metrics.version(peer.name, undefined);
    return new PeerLink({
      libp2p,
      peer,
      protocols: this.#protocols,
      frameBytesMax,
      bannedForMs: () => this.#book.bannedForMs(peer.index),
      onFrame: (payload) => this.#frame(peer.index, payload),
      onMisbehaviour: (error) => this.#misbehaved(peer.index, error),
      onConnected: (version) => {
        log.info({ peer: peer.name, version }, "connected");
        metrics.version(peer.name, version);
        handler.connected(peer.index);
      },
      onDisconnected: () => {
        log.info({ peer: peer.name }, "disconnected");
        metrics.version(peer.name, undefined);
        handler.disconnected(peer.index);
      },
      onNoCommonVersion: (theirs) =>
        noCommonVersion(log, peer.name, [...this.#protocols.keys()], versionsIn(this.#name, theirs)),
    });
  }

  #frame(from: PeerIndex, payload: Uint8Array): void {
    this.#options.metrics.frame("in", payload.length);
    this.#options.handler.frame(from, payload);
  }

  #inbound(stream: Stream, connection: Connection): void {
    const link = this.#linkOf(connection.remotePeer);
    if (link === undefined) stream.abort(new AllotError("UNKNOWN_PEER", {}, "only validators are spoken to"));
    else link.accept(stream);
  }

  #linkOf(id: PeerId): PeerLink | undefined {
    const peer = this.#book.byId(id);
    return peer === undefined ? undefined : this.#links.get(peer.index);
  }

  #denied(id: PeerId): boolean {
    if (this.#book.admits(id)) return false;
    this.#options.metrics.refused();
    // A stranger may try as often as it likes; the log hears of it once in a while, the metric every time.
    const now = performance.now();
    if (now < this.#refusalLogAtMs) return true;
    this.#refusalLogAtMs = now + refusalLogIntervalMs;
    const peer = this.#book.byId(id);
    this.#options.log.warn(
      { peerId: id.toString(), peer: peer?.name },
      "refused a connection: not a validator, or shut out for a while",
    );
    return true;
  }

  #misbehaved(index: PeerIndex, error: AllotError): void {
    this.#options.metrics.fault(error.code);
    this.#disconnect(index, error.code, error.message);
  }

  #disconnect(index: PeerIndex, code: string, reason: string = code): void {
    const link = this.#links.get(index);
    if (link === undefined) return;
    this.#book.ban(index);
    const forMs = this.#book.bannedForMs(index);
    this.#options.log.warn({ peer: link.peer.name, code, forMs }, `disconnected a misbehaving validator: ${reason}`);
    link.abort(reason);
  }
}
