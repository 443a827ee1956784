// Records of the write-ahead log: version ‖ kind ‖ RLP of the block, certificate or vote.
import { decodeBlock, encodeBlock } from "./blockCodec.ts";
import { AllotError, unreachable } from "./errors.ts";
import type { ConsensusRecord } from "./record.ts";
import { RlpReader } from "./rlpReader.ts";
import { concat, type Encoded } from "./rlpWriter.ts";
import { decodeCertificate, decodeVote, encodeCertificate, encodeVote, malformed } from "./voteCodec.ts";

const version = 1;

export function encodeRecord(record: ConsensusRecord): Uint8Array {
  switch (record.kind) {
    case "block":
      return tagged(1, encodeBlock(record.block));
    case "certificate":
      return tagged(2, encodeCertificate(record.certificate));
    case "vote":
      return tagged(3, encodeVote(record.vote));
    default:
      return unreachable(record);
  }
}

const tagged = (kind: number, encoded: Encoded): Uint8Array => concat([Uint8Array.of(version, kind), encoded]);

/** @throws AllotError for anything but what `encodeRecord` wrote */
export function decodeRecord(bytes: Uint8Array): ConsensusRecord {
  if (bytes[0] !== version) {
    throw new AllotError("UNKNOWN_VERSION", { version: bytes[0] }, "The log was written by another version of Allot.");
  }
  const reader = new RlpReader(bytes, 2);
  const record = decodeKind(bytes[1] ?? 0, reader);
  reader.finish("A record");
  return record;
}

function decodeKind(kind: number, reader: RlpReader): ConsensusRecord {
  switch (kind) {
    case 1:
      return { kind: "block", block: decodeBlock(reader) };
    case 2:
      return { kind: "certificate", certificate: decodeCertificate(reader) };
    case 3:
      return { kind: "vote", vote: decodeVote(reader) };
    default:
      throw malformed("A record", `is of the unknown kind ${kind}`);
  }
}
