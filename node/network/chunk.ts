// Version 2 of the direct stream between two validators. A frame travels in chunks of one lane:
//   flags (1): bit 0 the lane, bit 1 set on the last chunk of a frame ‖ length (3, big-endian) ‖ bytes
// Every chunk but a frame's last is full, so that a frame has one form. Between the chunks of an answer to a fetch, which
// may be megabytes, votes and proposals go their way: a validator that helps another to catch up over a narrow link does
// not miss its own deadlines.
import { chunkBytesMax } from "../config/limits.ts";
import { AllotError } from "../types/errors.ts";

/** What must not wait for what. The order of frames holds within a lane. */
export type Lane = "consensus" | "answers";
export const lanes: readonly Lane[] = ["consensus", "answers"];

export const chunkHeaderBytes = 4;
const [answersFlag, lastFlag] = [1, 2];

export function chunkHeader(lane: Lane, isLast: boolean, bytes: number): Uint8Array {
  const header = Buffer.allocUnsafe(chunkHeaderBytes);
  header[0] = (lane === "answers" ? answersFlag : 0) | (isLast ? lastFlag : 0);
  header.writeUIntBE(bytes, 1, 3);
  return header;
}

interface Chunk {
  readonly lane: Lane;
  readonly isLast: boolean;
  readonly bytes: number;
}

/** A frame that has begun. */
interface Partial {
  readonly pieces: Uint8Array[];
  bytes: number;
}

/**
 * Puts frames together from the chunks, and chunks from the pieces in which they arrive. A chunk that is a whole frame and
 * arrives in one piece is handed on as a view of it. Holds at most one frame of each lane.
 */
export class ChunkDecoder {
  readonly #frameBytesMax: number;
  readonly #frames: Readonly<Record<Lane, Partial>> = {
    consensus: { pieces: [], bytes: 0 },
    answers: { pieces: [], bytes: 0 },
  };
  /** Of a header that has not arrived whole. */
  #header: Uint8Array = new Uint8Array(0);
  #chunk: Chunk | undefined;
  /** Bytes of the chunk that are still to come. */
  #missing = 0;

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** The frames that `piece` completes. @throws AllotError FRAME_TOO_LONG, BAD_CHUNK */
  *push(piece: Uint8Array): Generator<Uint8Array> {
    let rest = piece;
    while (rest.length > 0) {
      if (this.#chunk === undefined) {
        const wanted = chunkHeaderBytes - this.#header.length;
        const header = Buffer.concat([this.#header, rest.subarray(0, wanted)]);
        rest = rest.subarray(wanted);
        this.#header = header;
        if (header.length < chunkHeaderBytes) return;
        this.#begin(header);
      }
      const taken = rest.subarray(0, this.#missing);
      rest = rest.subarray(taken.length);
      const frame = this.#take(taken);
      if (frame !== undefined) yield frame;
    }
  }

  #begin(header: Buffer): void {
    const flags = header[0] as number;
    const bytes = header.readUIntBE(1, 3);
    const lane = (flags & answersFlag) === 0 ? "consensus" : "answers";
    const isLast = (flags & lastFlag) !== 0;
    if (flags > (answersFlag | lastFlag)) throw badChunk(`has the unknown flags ${flags}`);
    if (bytes === 0 || bytes > chunkBytesMax) throw badChunk(`has ${bytes} bytes`);
    if (!isLast && bytes < chunkBytesMax) throw badChunk("is not full, and not the last of its frame");
    const length = this.#frames[lane].bytes + bytes;
    if (length > this.#frameBytesMax) {
      const facts = { length, frameBytesMax: this.#frameBytesMax };
      throw new AllotError("FRAME_TOO_LONG", facts, `a frame of ${length} bytes is longer than ${this.#frameBytesMax}`);
    }
    this.#header = new Uint8Array(0);
    this.#chunk = { lane, isLast, bytes };
    this.#missing = bytes;
  }

  #take(piece: Uint8Array): Uint8Array | undefined {
    const { lane, isLast } = this.#chunk as Chunk;
    const frame = this.#frames[lane];
    this.#missing -= piece.length;
    frame.bytes += piece.length;
    if (piece.length > 0) frame.pieces.push(piece);
    if (this.#missing > 0) return undefined;
    this.#chunk = undefined;
    if (!isLast) return undefined;
    const [only, ...others] = frame.pieces.splice(0);
    const bytes = frame.bytes;
    frame.bytes = 0;
    return others.length === 0 ? only : Buffer.concat([only as Uint8Array, ...others], bytes);
  }
}

function badChunk(fault: string): AllotError {
  return new AllotError("BAD_CHUNK", { fault }, `a chunk of a frame ${fault}`);
}
