// Records of the write-ahead log: tag (1) ‖ view (6, big-endian) ‖ content. The view stands in front so that a
// compaction can tell what is old without decoding it.
//   tag 1: block or certificate · tag 2: own vote, each followed by the record's encoding (recordCodec.ts)
//   tag 3: floor set after a loss of guard or log: epoch (6, big-endian); nothing below `view` is ever signed
import { Epoch, View } from "../types/brands.ts";
import { AllotError, unreachable } from "../types/errors.ts";
import type { ConsensusRecord } from "../types/record.ts";
import { decodeRecord, encodeRecord } from "../types/recordCodec.ts";

export type LogRecord =
  | { readonly kind: "consensus"; readonly record: ConsensusRecord }
  | { readonly kind: "floor"; readonly epoch: Epoch; readonly view: View };

const tags = { data: 1, vote: 2, floor: 3 } as const;
const headBytes = 7;
const floorBytes = 6;

export function encodeLogRecord(record: LogRecord): Uint8Array {
  if (record.kind === "floor") {
    const epoch = Buffer.alloc(floorBytes);
    epoch.writeUIntBE(record.epoch, 0, floorBytes);
    return join(tags.floor, record.view, epoch);
  }
  const inner = record.record;
  return join(tags[tagOf(inner)], viewOf(inner), encodeRecord(inner));
}

const tagOf = (record: ConsensusRecord): "vote" | "data" => (record.kind === "vote" ? "vote" : "data");

function viewOf(record: ConsensusRecord): View {
  switch (record.kind) {
    case "block":
      return record.block.header.view;
    case "certificate":
      return record.certificate.vote.view;
    case "vote":
      return record.vote.view;
    default:
      return unreachable(record);
  }
}

function join(tag: number, view: View, content: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(headBytes + content.length);
  bytes[0] = tag;
  bytes.writeUIntBE(view, 1, 6);
  bytes.set(content, headBytes);
  return bytes;
}

/** @throws AllotError for anything but what `encodeLogRecord` wrote */
export function decodeLogRecord(bytes: Uint8Array): LogRecord {
  const { tag, view } = logRecordHead(bytes);
  const content = bytes.subarray(headBytes);
  if (tag === "floor") {
    if (content.length !== floorBytes) throw contradictory(tag);
    return { kind: "floor", epoch: Epoch(Buffer.from(content).readUIntBE(0, floorBytes)), view };
  }
  const record = decodeRecord(content);
  // A compaction goes by the head alone: it must not say otherwise than the content.
  if (tag !== tagOf(record) || view !== viewOf(record)) throw contradictory(tag);
  return { kind: "consensus", record };
}

function contradictory(tag: string): AllotError {
  const text = `The write-ahead log holds a ${tag} record that is not as Allot writes it: restore the log from a copy.`;
  return new AllotError("LOG_RECORD_UNKNOWN", { tag }, text);
}

export interface LogRecordHead {
  readonly tag: keyof typeof tags;
  readonly view: View;
}

export function logRecordHead(bytes: Uint8Array): LogRecordHead {
  const tag = (Object.keys(tags) as (keyof typeof tags)[]).find((name) => tags[name] === bytes[0]);
  if (tag === undefined || bytes.length < headBytes) {
    const text = "The write-ahead log holds a record of an unknown kind: it was written by a newer version of Allot.";
    throw new AllotError("LOG_RECORD_UNKNOWN", { tag: bytes[0] }, text);
  }
  return { tag, view: View(Buffer.from(bytes.buffer, bytes.byteOffset, headBytes).readUIntBE(1, 6)) };
}
