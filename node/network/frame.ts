// Frames of the direct stream between two validators: length of the payload (4 bytes, big-endian) ‖ payload.
import { AllotError } from "../types/errors.ts";

const headerBytes = 4;

export function frameHeader(payloadBytes: number): Uint8Array {
  const header = Buffer.allocUnsafe(headerBytes);
  header.writeUInt32BE(payloadBytes, 0);
  return header;
}

/**
 * Puts frames together from the pieces in which they arrive. A frame that arrives in one piece is handed on as a view
 * of it, without a copy. Holds at most one frame, and refuses a longer one at its header, before its payload arrives.
 */
export class FrameDecoder {
  readonly #frameBytesMax: number;
  #pieces: Uint8Array[] = [];
  #held = 0;
  /** Bytes needed before the next frame is whole: header first, then header and payload. */
  #needed = headerBytes;

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** The frames that `piece` completes. @throws AllotError FRAME_TOO_LONG, FRAME_EMPTY */
  *push(piece: Uint8Array): Generator<Uint8Array> {
    let rest = piece;
    while (rest.length > 0) {
      if (this.#held > 0) {
        const taken = rest.subarray(0, this.#needed - this.#held);
        this.#pieces.push(taken);
        this.#held += taken.length;
        rest = rest.subarray(taken.length);
        if (this.#held < this.#needed) return;
        const joined = Buffer.concat(this.#pieces, this.#held);
        if (this.#needed === headerBytes) {
          this.#needed = headerBytes + this.#payloadBytes(joined);
          this.#pieces = [joined];
          continue;
        }
        this.#reset();
        yield joined.subarray(headerBytes);
        continue;
      }
      if (rest.length >= headerBytes) this.#needed = headerBytes + this.#payloadBytes(rest);
      if (rest.length < this.#needed) {
        this.#pieces.push(rest);
        this.#held = rest.length;
        return;
      }
      const frame = rest.subarray(headerBytes, this.#needed);
      rest = rest.subarray(this.#needed);
      this.#reset();
      yield frame;
    }
  }

  #reset(): void {
    this.#pieces = [];
    this.#held = 0;
    this.#needed = headerBytes;
  }

  #payloadBytes(bytes: Uint8Array): number {
    const length = new DataView(bytes.buffer, bytes.byteOffset, headerBytes).getUint32(0);
    if (length > this.#frameBytesMax) {
      const facts = { length, frameBytesMax: this.#frameBytesMax };
      throw new AllotError("FRAME_TOO_LONG", facts, `a frame of ${length} bytes is longer than ${this.#frameBytesMax}`);
    }
    if (length === 0) throw new AllotError("FRAME_EMPTY", {}, "a frame is empty");
    return length;
  }
}
