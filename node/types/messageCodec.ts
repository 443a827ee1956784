// Peer messages on the wire: version ‖ kind ‖ RLP list of the kind's fields.
import { blocksPerMessageMax, blockTransactionsWireMax, certificatesPerMessageMax } from "../config/limits.ts";
import type { FinalizedBlock } from "./block.ts";
import { decodeBlock, encodeBlock } from "./blockCodec.ts";
import { Epoch, Height, View } from "./brands.ts";
import type { Certificate, Finalization } from "./certificate.ts";
import { AllotError, unreachable } from "./errors.ts";
import type { PeerMessage } from "./message.ts";
import { RlpReader } from "./rlpReader.ts";
import { concat, type Encoded, encodeCount, encodeHex, encodeList } from "./rlpWriter.ts";
import {
  decodeCertificate,
  decodeDigest,
  decodeSignedVote,
  encodeCertificate,
  encodeSignedVote,
  malformed,
} from "./voteCodec.ts";

const version = 1;
const kinds = {
  proposal: 1,
  vote: 2,
  certificate: 3,
  status: 4,
  fetchBlock: 5,
  fetchHeights: 6,
  fetchViews: 7,
  blocks: 8,
  certificates: 9,
} as const satisfies Record<PeerMessage["kind"], number>;
const kindOf = new Map<number, PeerMessage["kind"]>(
  Object.entries(kinds).map(([kind, code]) => [code, kind as PeerMessage["kind"]]),
);

export function encodeMessage(message: PeerMessage): Uint8Array {
  return concat([Uint8Array.of(version, kinds[message.kind]), encodeList(fieldsOf(message))]);
}

/** Whether an encoded message answers a fetch: it may be long, and nobody's vote waits for it. */
export function isAnswer(encoded: Uint8Array): boolean {
  return encoded[0] === version && (encoded[1] === kinds.blocks || encoded[1] === kinds.certificates);
}

function fieldsOf(message: PeerMessage): readonly Encoded[] {
  switch (message.kind) {
    case "proposal":
      return [encodeBlock(message.block), encodeSignedVote(message.vote)];
    case "vote":
      return [encodeSignedVote(message.vote)];
    case "certificate":
      return [encodeCertificate(message.certificate)];
    case "status":
      return [message.epoch, message.view, message.height, message.signedEpoch].map(encodeCount);
    case "fetchBlock":
      return [encodeHex(message.digest)];
    case "fetchHeights":
      return [encodeCount(message.fromHeight), encodeCount(message.count)];
    case "fetchViews":
      return [encodeCount(message.epoch), encodeCount(message.fromView), encodeCount(message.toView)];
    case "blocks":
      return message.blocks.map(encodeFinalizedBlock);
    case "certificates":
      return message.certificates.map(encodeCertificate);
    default:
      return unreachable(message);
  }
}

function encodeFinalizedBlock({ block, finalization }: FinalizedBlock): Encoded {
  return encodeList([encodeBlock(block), ...(finalization === undefined ? [] : [encodeCertificate(finalization)])]);
}

/** @throws AllotError for anything but the canonical encoding of a message within the limits */
export function decodeMessage(bytes: Uint8Array): PeerMessage {
  if (bytes[0] !== version) {
    throw new AllotError("UNKNOWN_VERSION", { version: bytes[0] }, "The peer speaks another version of the protocol.");
  }
  const kind = kindOf.get(bytes[1] ?? 0);
  if (kind === undefined) throw malformed("A message", `is of the unknown kind ${bytes[1]}`);
  const envelope = new RlpReader(bytes, 2);
  const fields = envelope.list("A message");
  envelope.finish("A message");
  const message = decodeFields(kind, fields);
  fields.finish("A message");
  return message;
}

function decodeFields(kind: PeerMessage["kind"], fields: RlpReader): PeerMessage {
  switch (kind) {
    case "proposal":
      return { kind, block: decodeBlock(fields), vote: decodeSignedVote(fields) };
    case "vote":
      return { kind, vote: decodeSignedVote(fields) };
    case "certificate":
      return { kind, certificate: decodeCertificate(fields) };
    case "status":
      return {
        kind,
        epoch: Epoch(fields.place("A status's epoch")),
        view: View(fields.place("A status's view")),
        height: Height(fields.count("A status's height")),
        signedEpoch: Epoch(fields.place("A status's epoch of signing")),
      };
    case "fetchBlock":
      return { kind, digest: decodeDigest(fields, "A digest to fetch") };
    case "fetchHeights":
      return { kind, fromHeight: Height(fields.count("A height to fetch")), count: fields.count("A count") };
    case "fetchViews":
      return {
        kind,
        epoch: Epoch(fields.place("An epoch")),
        fromView: View(fields.place("A view")),
        toView: View(fields.place("A view")),
      };
    case "blocks":
      return { kind, blocks: decodeBlocks(fields) };
    case "certificates":
      return { kind, certificates: decodeMany(fields, certificatesPerMessageMax, decodeCertificate) };
    default:
      return unreachable(kind);
  }
}

function decodeMany<T>(fields: RlpReader, countMax: number, decode: (reader: RlpReader) => T): T[] {
  const items: T[] = [];
  while (!fields.atEnd) {
    if (items.length >= countMax) throw malformed("A message", `has more than ${countMax} items`);
    items.push(decode(fields));
  }
  return items;
}

/** What one block may have of transactions, all of a message may have: each costs time and memory, however short. */
function decodeBlocks(fields: RlpReader): FinalizedBlock[] {
  let left = blockTransactionsWireMax;
  return decodeMany(fields, blocksPerMessageMax, (reader) => {
    const one = decodeFinalizedBlock(reader, left);
    left -= one.block.transactions.length;
    return one;
  });
}

function decodeFinalizedBlock(reader: RlpReader, transactionsMax: number): FinalizedBlock {
  const fields = reader.list("A finalized block");
  const block = decodeBlock(fields, transactionsMax);
  const finalization = fields.atEnd ? undefined : decodeFinalization(fields);
  fields.finish("A finalized block");
  return { block, finalization };
}

function decodeFinalization(reader: RlpReader): Finalization {
  const certificate: Certificate = decodeCertificate(reader);
  if (certificate.vote.kind !== "finalize") throw malformed("A finalization", "is another certificate");
  return certificate as Finalization;
}
