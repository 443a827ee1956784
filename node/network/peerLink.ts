// The link to one validator: keeps a connection up, opens the stream that this side writes on, reads the one that the
// other side opened. (Each side writes on its own stream, so it does not matter who dialled, nor that both may have.)
import type { Connection, Libp2p, Stream, StreamMessageEvent } from "@libp2p/interface";
import { dialTimeoutMs, redialDelayMaxMs, redialDelayMinMs } from "../config/limits.ts";
import { AllotError, InvariantError } from "../types/errors.ts";
import type { WireVersion } from "../types/wireVersion.ts";
import { ChunkDecoder, type Lane } from "./chunk.ts";
import { FrameDecoder } from "./frame.ts";
import { Outbox } from "./outbox.ts";
import type { Peer } from "./peerBook.ts";

export interface PeerLinkOptions {
  readonly libp2p: Libp2p;
  readonly peer: Peer;
  /** The versions that this side speaks, the preferred one first, and what each is called on this network. */
  readonly protocols: ReadonlyMap<WireVersion, string>;
  readonly frameBytesMax: number;
  readonly bannedForMs: () => number;
  readonly onFrame: (payload: Uint8Array) => void;
  readonly onMisbehaviour: (error: AllotError) => void;
  readonly onConnected: (version: WireVersion) => void;
  readonly onDisconnected: () => void;
  /** The peer is there, and speaks no version that this side speaks. Called once until that changes. */
  readonly onNoCommonVersion: (protocols: readonly string[]) => void;
}

/** What the network library calls it when the other side knows none of the protocols that are offered. */
const unsupported = "UnsupportedProtocolError";

export class PeerLink {
  readonly #options: PeerLinkOptions;
  #peer: Peer;
  readonly #outbox = new Outbox();
  #outbound: Stream | undefined;
  /** Usually one. After the other side lost its stream without our noticing, for a while also the old one. */
  readonly #inbound = new Set<Stream>();
  #paused = false;
  #stopped = false;
  /** A dial, or the opening of the outbound stream, is under way. */
  #connecting = false;
  #delayMs = redialDelayMinMs;
  #timer: NodeJS.Timeout | undefined;
  #version: WireVersion | undefined;
  #hasNoCommonVersion = false;

  constructor(options: PeerLinkOptions) {
    this.#options = options;
    this.#peer = options.peer;
  }

  get peer(): Peer {
    return this.#peer;
  }

  /** The peer is found elsewhere from now on; a connection that is up stays. */
  moved(peer: Peer): void {
    this.#peer = peer;
  }

  get connected(): boolean {
    return this.#outbox.connected;
  }

  /** What is spoken with the peer; undefined while it is not connected. */
  get version(): WireVersion | undefined {
    return this.#version;
  }

  /** At the last attempt. */
  get hasNoCommonVersion(): boolean {
    return this.#hasNoCommonVersion;
  }

  /** Of the last ping. */
  get roundTripMs(): number | undefined {
    return this.#connections()[0]?.rtt;
  }

  start(): void {
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#outbox.detach();
  }

  send(payload: Uint8Array, lane: Lane): boolean {
    return this.#outbox.send(payload, lane);
  }

  pause(): void {
    this.#paused = true;
    for (const stream of this.#inbound) if (stream.status === "open") stream.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const stream of this.#inbound) if (stream.status === "open") stream.resume();
  }

  /** Ends every connection to the peer at once; dials again when that is allowed. */
  abort(reason: string): void {
    for (const connection of this.#connections()) connection.abort(new AllotError("DISCONNECTED", { reason }, reason));
  }

  /** The other side dialled, or a dial of ours succeeded. */
  connectionOpened(): void {
    void this.#connect();
  }

  connectionClosed(): void {
    if (this.#connections().length === 0) this.#dialLater();
  }

  /** A stream that the other side writes on. */
  accept(stream: Stream): void {
    const { frameBytesMax } = this.#options;
    const decoder = this.#versionOf(stream) === 1 ? new FrameDecoder(frameBytesMax) : new ChunkDecoder(frameBytesMax);
    this.#inbound.add(stream);
    stream.addEventListener("message", (event) => this.#read(stream, decoder, event));
    stream.addEventListener("close", () => this.#inbound.delete(stream));
    stream.addEventListener("remoteCloseWrite", () => void stream.close().catch(() => undefined));
    if (this.#paused) stream.pause();
  }

  #read(stream: Stream, decoder: FrameDecoder | ChunkDecoder, { data }: StreamMessageEvent): void {
    // What an aborted stream still held is not looked at.
    if (!this.#inbound.has(stream)) return;
    try {
      for (const piece of data instanceof Uint8Array ? [data] : data) {
        for (const payload of decoder.push(piece)) this.#options.onFrame(payload);
      }
    } catch (error) {
      if (!(error instanceof AllotError)) throw error;
      this.#inbound.delete(stream);
      stream.abort(error);
      this.#options.onMisbehaviour(error);
    }
  }

  #connections(): Connection[] {
    return this.#options.libp2p.getConnections(this.peer.id).filter((connection) => connection.status === "open");
  }

  async #connect(): Promise<void> {
    if (this.#stopped || this.#connecting || this.#outbound !== undefined) return;
    const banned = this.#options.bannedForMs();
    if (banned > 0) return this.#dialLater(banned);
    this.#connecting = true;
    try {
      const signal = AbortSignal.timeout(dialTimeoutMs);
      const open = this.#connections()[0];
      const connection = open ?? (await this.#options.libp2p.dial([...this.peer.addresses], { signal }));
      await this.#openStream(connection);
    } catch (error) {
      // Not there, or not yet: that is what dialling again is for.
      if (error instanceof Error && error.name === unsupported) await this.#noCommonVersion();
    } finally {
      this.#connecting = false;
    }
    if (this.#outbound === undefined) this.#dialLater();
  }

  #dialLater(atLeastMs = 0): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    // Between half and all of the delay, so that two that lost each other do not keep dialling at the same time.
    const delayMs = Math.max(atLeastMs, this.#delayMs * (0.5 + Math.random() / 2));
    this.#delayMs = Math.min(2 * this.#delayMs, redialDelayMaxMs);
    this.#timer = setTimeout(() => void this.#connect(), delayMs);
  }

  async #openStream(connection: Connection): Promise<void> {
    const offered = [...this.#options.protocols.values()];
    const stream = await connection.newStream(offered, { signal: AbortSignal.timeout(dialTimeoutMs) });
    if (this.#stopped) return stream.abort(new AllotError("STOPPED", {}, "this validator is stopping"));
    this.#outbound = stream;
    this.#delayMs = redialDelayMinMs;
    stream.addEventListener("close", () => this.#outboundClosed(stream));
    this.#version = this.#versionOf(stream);
    this.#hasNoCommonVersion = false;
    this.#outbox.attach(stream, this.#version);
    this.#options.onConnected(this.#version);
  }

  #versionOf(stream: Stream): WireVersion {
    for (const [version, protocol] of this.#options.protocols) if (protocol === stream.protocol) return version;
    const text = `a stream of the protocol ${stream.protocol}, which was not offered`;
    throw new InvariantError("UNKNOWN_PROTOCOL", { protocol: stream.protocol }, text);
  }

  async #noCommonVersion(): Promise<void> {
    if (this.#hasNoCommonVersion) return;
    this.#hasNoCommonVersion = true;
    // What the peer has told of itself; nothing, when it has not come to that.
    const known = await this.#options.libp2p.peerStore.get(this.peer.id).catch(() => undefined);
    this.#options.onNoCommonVersion(known?.protocols ?? []);
  }

  #outboundClosed(stream: Stream): void {
    if (this.#outbound !== stream) return;
    this.#outbound = undefined;
    this.#version = undefined;
    this.#outbox.detach();
    this.#options.onDisconnected();
    this.#dialLater();
  }
}
