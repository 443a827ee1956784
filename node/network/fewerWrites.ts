// Two habits of the network library cost more CPU than everything else that a small message costs (measured: half of
// a validator's CPU per block): the header of each yamux frame is encrypted and written by itself, and each frame
// received is answered with a window update at once. Here header and payload leave in one TLS record, and a window
// update is sent when half of the window is used, as yamux's specification asks for. Nothing changes on the wire but
// where records begin and how often windows are renewed.
//
// This reaches into the library, whose version is pinned: should a new version look different inside, the node
// refuses to start rather than becoming slow in silence.
import { yamux } from "@chainsafe/libp2p-yamux";
import type { ConnectionEncrypter } from "@libp2p/interface";
import { type TLSComponents, tls } from "@libp2p/tls";
import { peerWindowBytes } from "../config/limits.ts";
import { InvariantError } from "../types/errors.ts";

/** A list of byte strings; `subarray` joins them. */
interface ByteList extends Iterable<Uint8Array> {
  subarray(): Uint8Array;
}

interface RecordWriter {
  sendData(data: Iterable<Uint8Array>): unknown;
}

interface WindowedStream {
  readonly state: number;
  readonly recvWindow: number;
  readonly recvWindowCapacity: number;
  sendWindowUpdate(): void;
}

interface StreamMaker {
  _newStream(...details: unknown[]): WindowedStream;
}

/** yamux's StreamState: opened and acknowledged by both sides. */
const established = 3;

function requireMethod<T extends object>(owner: T, name: keyof T & string): void {
  if (typeof owner[name] === "function") return;
  const text = `the network library has no ${name} any more: adapt node/network/fewerWrites.ts to the version installed`;
  throw new InvariantError("NETWORK_LIBRARY_CHANGED", { name }, text);
}

/** TLS 1.3, one record for all that is sent in one go. */
export function tlsInWholeRecords() {
  return (components: TLSComponents): ConnectionEncrypter => {
    const encrypter = tls()(components);
    const { secureInbound, secureOutbound } = encrypter;
    encrypter.secureInbound = async (...details) => joined(await secureInbound.apply(encrypter, details));
    encrypter.secureOutbound = async (...details) => joined(await secureOutbound.apply(encrypter, details));
    return encrypter;
  };
}

function joined<T extends { readonly connection: object }>(secured: T): T {
  const connection = secured.connection as RecordWriter;
  requireMethod(connection, "sendData");
  const { sendData } = connection;
  connection.sendData = (data) => sendData.call(connection, [(data as ByteList).subarray()]);
  return secured;
}

/** yamux with window updates at half of the window. */
export function yamuxWithLazyWindows() {
  const streamOptions = { maxStreamWindowSize: peerWindowBytes, maxReadBufferLength: 2 * peerWindowBytes };
  const create = yamux({ maxInboundStreams: 64, maxOutboundStreams: 64, streamOptions });
  return (...components: Parameters<typeof create>): ReturnType<typeof create> => {
    const factory = create(...components);
    const { createStreamMuxer } = factory;
    factory.createStreamMuxer = (...details) => {
      const muxer = createStreamMuxer.apply(factory, details);
      const maker = muxer as unknown as StreamMaker;
      requireMethod(maker, "_newStream");
      const { _newStream } = maker;
      maker._newStream = (...about: unknown[]) => lazy(_newStream.apply(maker, about));
      return muxer;
    };
    return factory;
  };
}

function lazy(stream: WindowedStream): WindowedStream {
  requireMethod(stream, "sendWindowUpdate");
  const { sendWindowUpdate } = stream;
  stream.sendWindowUpdate = () => {
    if (stream.state === established && stream.recvWindowCapacity > stream.recvWindow / 2) return;
    sendWindowUpdate.call(stream);
  };
  return stream;
}
