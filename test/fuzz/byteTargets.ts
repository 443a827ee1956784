// Every decoder of bytes: what peers, clients and our own disk hand to a node. What a decoder accepts must be the
// encoding of what it made of it, so that two byte strings never mean the same.
import { crc32 } from "node:zlib";
import { chunkBytesMax } from "../../node/config/limits.ts";
import { parseKey } from "../../node/crypto/keyFile.ts";
import { ChunkDecoder, chunkHeader } from "../../node/network/chunk.ts";
import { FrameDecoder, frameHeader } from "../../node/network/frame.ts";
import { decodeBatch, encodeBatch } from "../../node/network/transactionBatch.ts";
import { systemFiles } from "../../node/storage/fileSystem.ts";
import { decodeLogRecord, encodeLogRecord } from "../../node/storage/logRecord.ts";
import { readGuardFile, type SignerIdentity } from "../../node/storage/signerGuardFile.ts";
import { decodeFrame, encodeFrame, findLaterFrame } from "../../node/storage/walFrame.ts";
import { decodeBlock, encodeBlock } from "../../node/types/blockCodec.ts";
import { type Address, Digest, Epoch, PeerIndex, View } from "../../node/types/brands.ts";
import { decodeTransaction } from "../../node/types/decodeTransaction.ts";
import { AllotError } from "../../node/types/errors.ts";
import { decodeMessage, encodeMessage } from "../../node/types/messageCodec.ts";
import { RlpReader } from "../../node/types/rlpReader.ts";
import { type Encoded, encodeBytes, encodeList } from "../../node/types/rlpWriter.ts";
import {
  decodeCertificate,
  decodeSignedVote,
  encodeCertificate,
  encodeSignedVote,
} from "../../node/types/voteCodec.ts";
import { block, certify, firstBlock, messages, records, sign, validators, votes } from "../consensus/samples.ts";
import { Random } from "../execution/random.ts";
import { Wallet } from "../execution/wallet.ts";
import { mutateBytes } from "./mutateBytes.ts";
import { mutateRlp } from "./mutateRlp.ts";
import type { Target } from "./target.ts";

interface ByteTarget {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  /** Bytes before the RLP, which are kept when its form is respected; undefined for what is no RLP. */
  readonly rlpAt?: number;
  /** The encoding of what was decoded, or undefined when there is none to compare with. */
  readonly decode: (bytes: Uint8Array) => Uint8Array | undefined;
}

/** Whether a decoder's complaint is one that it makes on purpose. */
const isRefusal = (error: unknown): boolean => error instanceof AllotError;

export function byteTarget({ name, seeds, rlpAt, decode }: ByteTarget): Target {
  return {
    name,
    make(random) {
      const seed = random.pick(seeds);
      if (rlpAt !== undefined && random.chance(0.6)) {
        const mutated = mutateRlp(random, seed.subarray(rlpAt));
        if (mutated !== undefined) return Buffer.concat([seed.subarray(0, rlpAt), mutated]);
      }
      return random.chance(0.02) ? seed : mutateBytes(random, seed, random.pick(seeds));
    },
    run(input) {
      const bytes = input as Uint8Array;
      let encoded: Uint8Array | undefined;
      try {
        encoded = decode(bytes);
      } catch (error) {
        if (isRefusal(error)) return false;
        throw error;
      }
      if (encoded !== undefined && !Buffer.from(encoded).equals(bytes)) {
        throw new TypeError(`what was accepted encodes differently: ${Buffer.from(encoded).toString("hex")}`);
      }
      return true;
    },
  };
}

function transactionSeeds(): readonly Uint8Array[] {
  const wallet = new Wallet(7);
  const to = wallet.address;
  const accessList = [{ address: to, storageKeys: [`0x${"03".repeat(32)}` as const] }];
  return ([0, 1, 2] as const).flatMap((type) => [
    wallet.signRaw({ type, to, value: 5n, ...(type === 0 ? {} : { accessList }) }),
    wallet.signRaw({ type, data: new Uint8Array(100).fill(0x60) }),
  ]);
}

/** Frames as they lie in a segment: where one is damaged, a later one must still be found. */
function segment(): Uint8Array {
  const entries = records.map((record) => encodeLogRecord({ kind: "consensus", record }));
  return Buffer.concat([encodeFrame(1, entries), encodeFrame(2, []), encodeFrame(3, entries.slice(1))]);
}

function readSegment(bytes: Uint8Array): undefined {
  const buffer = Buffer.from(bytes);
  const first = decodeFrame(buffer, 0);
  for (let frame = first ?? findLaterFrame(buffer, 0, 0); frame !== undefined; frame = decodeFrame(buffer, frame.end)) {
    for (const record of frame.records) decodeLogRecord(record);
  }
  if (first === undefined) throw new AllotError("SEGMENT_DAMAGED", {}, "The first frame is damaged.");
}

/** Two pages of the guard, with right checksums. */
function guardPages(identity: SignerIdentity): Uint8Array {
  const page = (sequence: number, open: string, close: string): string => {
    const record = { epoch: 0, view: 7 + sequence, notarize: null, nullify: true, finalize: null };
    const entry = JSON.stringify({ version: 1, ...identity, sequence, ...record });
    return `${open}${JSON.stringify({ entry, crc32: crc32(entry) })}`.padEnd(4096 - close.length) + close;
  };
  return Buffer.from(page(0, "[", ",\n") + page(1, "", "]\n"));
}

function guardTarget(): Target {
  const identity: SignerIdentity = { networkId: Digest(`0x${"5a".repeat(32)}`), validator: validators[0] as Address };
  return byteTarget({
    name: "signer's guard",
    seeds: [guardPages(identity)],
    decode(bytes) {
      const files = { ...systemFiles, exists: () => true, read: () => Buffer.from(bytes) };
      if (readGuardFile(files, "signer-guard.json", identity) !== undefined) return undefined;
      throw new AllotError("GUARD_DAMAGED", {}, "Neither page can be read.");
    },
  });
}

/** One item and nothing behind it. */
function wholly<T>(what: string, decode: (reader: RlpReader) => T): (bytes: Uint8Array) => T {
  return (bytes) => {
    const reader = new RlpReader(bytes);
    const value = decode(reader);
    reader.finish(what);
    return value;
  };
}

/** Any tree of RLP, through the reader and back. */
function copyItem(reader: RlpReader): Encoded {
  if (!reader.nextIsList) return encodeBytes(reader.bytes("an item"));
  const items: Encoded[] = [];
  for (const list = reader.list("a list"); !list.atEnd; ) items.push(copyItem(list));
  return encodeList(items);
}

const framed = (...payloads: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat(payloads.flatMap((payload) => [frameHeader(payload.length), payload]));

/** In version 2 of the wire; one lane after the other. */
const chunked = (...payloads: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat(
    payloads.flatMap((payload, i) => [
      chunkHeader(i % 2 === 0 ? "consensus" : "answers", true, payload.length),
      payload,
    ]),
  );

/** Frames come in pieces; where they are cut follows from the bytes, so that a find can be repeated. */
function readFrames(decoder: FrameDecoder | ChunkDecoder, bytes: Uint8Array): undefined {
  const cut = bytes.length === 0 ? 0 : (bytes[bytes.length - 1] as number) % bytes.length;
  let whole = 0;
  for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
    for (const payload of decoder.push(piece)) whole += payload.length;
  }
  if (whole > bytes.length) throw new TypeError(`${whole} bytes out of ${bytes.length}`);
}

const frameBytesMax = 4_096;

export const byteTargets = (): readonly Target[] => [
  byteTarget({
    name: "peer frames",
    seeds: [framed(...messages.map(encodeMessage)), framed(Uint8Array.of(1), new Uint8Array(frameBytesMax))],
    decode: (bytes) => readFrames(new FrameDecoder(frameBytesMax), bytes),
  }),
  byteTarget({
    name: "peer chunks",
    seeds: [
      chunked(...messages.map(encodeMessage)),
      Buffer.concat([
        chunkHeader("answers", false, chunkBytesMax),
        new Uint8Array(chunkBytesMax),
        chunked(Uint8Array.of(1), Uint8Array.of(2)),
      ]),
    ],
    decode: (bytes) => readFrames(new ChunkDecoder(chunkBytesMax + frameBytesMax), bytes),
  }),
  byteTarget({
    name: "RLP",
    seeds: messages.map((message) => encodeMessage(message).subarray(2)),
    rlpAt: 0,
    decode: wholly("The item", copyItem),
  }),
  byteTarget({
    name: "vote",
    seeds: Object.values(votes).map((vote, signer) => encodeSignedVote(sign(signer, vote))),
    rlpAt: 0,
    decode: (bytes) => encodeSignedVote(wholly("A vote", decodeSignedVote)(bytes)),
  }),
  byteTarget({
    name: "certificate",
    seeds: Object.values(votes).map((vote) => encodeCertificate(certify(vote))),
    rlpAt: 0,
    decode: (bytes) => encodeCertificate(wholly("A certificate", decodeCertificate)(bytes)),
  }),
  byteTarget({
    name: "block",
    seeds: [block, firstBlock].map(encodeBlock),
    rlpAt: 0,
    decode: (bytes) => encodeBlock(wholly("A block", decodeBlock)(bytes)),
  }),
  byteTarget({
    name: "peer message",
    seeds: messages.map(encodeMessage),
    rlpAt: 2,
    decode: (bytes) => encodeMessage(decodeMessage(bytes)),
  }),
  byteTarget({
    name: "transaction",
    seeds: transactionSeeds(),
    rlpAt: 1,
    decode(bytes) {
      decodeTransaction(bytes);
      return undefined;
    },
  }),
  byteTarget({
    name: "transaction batch",
    seeds: [encodeBatch([0, 3].map(PeerIndex), transactionSeeds()), encodeBatch([], [Uint8Array.of(1)])],
    decode(bytes) {
      decodeBatch(bytes);
      return undefined;
    },
  }),
  byteTarget({
    name: "log record",
    seeds: [
      ...records.map((record) => encodeLogRecord({ kind: "consensus", record })),
      encodeLogRecord({ kind: "floor", epoch: Epoch(3), view: View(77) }),
    ],
    rlpAt: 9,
    decode: (bytes) => encodeLogRecord(decodeLogRecord(bytes)),
  }),
  byteTarget({ name: "log segment", seeds: [segment()], decode: readSegment }),
  guardTarget(),
  byteTarget({
    name: "private key",
    seeds: [Buffer.from(`0x${"c4".repeat(32)}\n`), Buffer.from(new Random(1).bytes(32)).fill("a")],
    decode(bytes) {
      parseKey("the key", Buffer.from(bytes).toString("utf8"));
      return undefined;
    },
  }),
];
