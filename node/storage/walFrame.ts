// Frames of the write-ahead log. A frame is what one sync makes durable: all records appended since the last one.
// The next frame is written only after this one is durable, so a damaged frame with a later good one behind it was
// damaged after it was written, while a damaged last frame is a write that a crash cut short.
//   magic (4) ‖ bytes of payload (4) ‖ sequence (8) ‖ crc32 of the 12 bytes before and the payload (4) ‖ payload
//   payload = records, each: bytes (4) ‖ record
// All numbers big-endian. Sequences are consecutive over all segments.
import { crc32 } from "node:zlib";
import { walFrameBytesMax } from "../config/limits.ts";

const magic = 0x414c_5746; // "ALWF"
const headerBytes = 20;

export interface WalFrame {
  readonly sequence: number;
  readonly records: readonly Uint8Array[];
  /** Offset of the first byte behind the frame. */
  readonly end: number;
}

export function encodeFrame(sequence: number, records: readonly Uint8Array[]): Uint8Array {
  let payloadBytes = 0;
  for (const record of records) payloadBytes += 4 + record.length;
  const frame = Buffer.allocUnsafe(headerBytes + payloadBytes);
  frame.writeUInt32BE(magic, 0);
  frame.writeUInt32BE(payloadBytes, 4);
  frame.writeBigUInt64BE(BigInt(sequence), 8);
  let at = headerBytes;
  for (const record of records) {
    frame.writeUInt32BE(record.length, at);
    frame.set(record, at + 4);
    at += 4 + record.length;
  }
  frame.writeUInt32BE(checksum(frame, 0, payloadBytes), 16);
  return frame;
}

function checksum(bytes: Buffer, start: number, payloadBytes: number): number {
  const head = crc32(bytes.subarray(start + 4, start + 16));
  return crc32(bytes.subarray(start + headerBytes, start + headerBytes + payloadBytes), head);
}

function splitRecords(payload: Buffer): readonly Uint8Array[] | undefined {
  const records: Uint8Array[] = [];
  let at = 0;
  while (at < payload.length) {
    if (at + 4 > payload.length) return undefined;
    const end = at + 4 + payload.readUInt32BE(at);
    if (end > payload.length) return undefined;
    records.push(payload.subarray(at + 4, end));
    at = end;
  }
  return records;
}

/** The frame that starts at `start`, or undefined when there is none that is whole and undamaged. */
export function decodeFrame(bytes: Buffer, start: number): WalFrame | undefined {
  if (start + headerBytes > bytes.length || bytes.readUInt32BE(start) !== magic) return undefined;
  const payloadBytes = bytes.readUInt32BE(start + 4);
  const end = start + headerBytes + payloadBytes;
  if (payloadBytes > walFrameBytesMax || end > bytes.length) return undefined;
  const sequence = bytes.readBigUInt64BE(start + 8);
  if (sequence > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  if (bytes.readUInt32BE(start + 16) !== checksum(bytes, start, payloadBytes)) return undefined;
  const records = splitRecords(bytes.subarray(start + headerBytes, end));
  return records === undefined ? undefined : { sequence: Number(sequence), records, end };
}

/** First whole frame at or behind `start` whose sequence is greater than `sequence`. */
export function findLaterFrame(bytes: Buffer, start: number, sequence: number): WalFrame | undefined {
  const mark = Buffer.from([0x41, 0x4c, 0x57, 0x46]);
  for (let at = bytes.indexOf(mark, start); at !== -1; at = bytes.indexOf(mark, at + 1)) {
    const frame = decodeFrame(bytes, at);
    if (frame !== undefined && frame.sequence > sequence) return frame;
  }
  return undefined;
}
