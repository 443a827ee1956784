import { AllotError } from "./errors.ts";

const placeMax = 2 ** 47 - 1;

/**
 * Reads RLP (Ethereum yellow paper, appendix B) in one pass and without copying. Refuses every encoding but the
 * canonical one, so that two different byte strings never mean the same thing. Throws AllotError RLP_*.
 */
export class RlpReader {
  readonly #bytes: Uint8Array;
  #position: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#position = start;
    this.#end = end;
  }

  /** Offset of the next item in the bytes given to the constructor of the outermost reader. */
  get position(): number {
    return this.#position;
  }

  get atEnd(): boolean {
    return this.#position === this.#end;
  }

  /** Refuses anything left over. */
  finish(what: string): void {
    if (this.#position !== this.#end) {
      throw new AllotError(
        "RLP_TRAILING_BYTES",
        { what, position: this.#position, end: this.#end },
        `${what} has ${this.#end - this.#position} bytes after its end.`,
      );
    }
  }

  /** A byte string, as a view into the input. */
  bytes(what: string): Uint8Array {
    const first = this.#first(what);
    if (first < 0x80) return this.#bytes.subarray(this.#position++, this.#position);
    if (first >= 0xc0) throw wrong("RLP_NOT_BYTES", what, this.#position, "is a list where a byte string belongs");
    const start = this.#position;
    const length = this.#payload(what, first, 0x80);
    const value = this.#bytes.subarray(this.#position, this.#position + length);
    if (length === 1 && (value[0] as number) < 0x80) {
      throw wrong("RLP_NOT_CANONICAL", what, start, "is a single byte below 0x80 with a needless prefix");
    }
    this.#position += length;
    return value;
  }

  /** A reader of the items of a list. */
  list(what: string): RlpReader {
    const first = this.#first(what);
    if (first < 0xc0) throw wrong("RLP_NOT_LIST", what, this.#position, "is a byte string where a list belongs");
    const length = this.#payload(what, first, 0xc0);
    const start = this.#position;
    this.#position += length;
    return new RlpReader(this.#bytes, start, start + length);
  }

  /** Whether the next item is a list. */
  get nextIsList(): boolean {
    return this.#position < this.#end && (this.#bytes[this.#position] as number) >= 0xc0;
  }

  /** Skips one item of either kind and returns its whole encoding, prefix included. */
  item(what: string): Uint8Array {
    const start = this.#position;
    const first = this.#first(what);
    // Reading the prefix moves the position, so the length has to be known before it is added.
    const length = first < 0x80 ? 1 : this.#payload(what, first, first < 0xc0 ? 0x80 : 0xc0);
    this.#position += length;
    return this.#bytes.subarray(start, this.#position);
  }

  /** An unsigned integer without leading zeros, at most 2^53 - 1. */
  count(what: string): number {
    const bytes = this.#integerBytes(what, 8);
    let value = 0;
    for (const byte of bytes) value = value * 256 + byte;
    if (value > Number.MAX_SAFE_INTEGER) {
      throw wrong("RLP_INTEGER_TOO_LARGE", what, this.#position, "is larger than 2^53 - 1");
    }
    return value;
  }

  /** An epoch or a view: the log and the archive keep them in six bytes, and some are counted on from. */
  place(what: string): number {
    const value = this.count(what);
    if (value <= placeMax) return value;
    throw wrong("RLP_INTEGER_TOO_LARGE", what, this.#position, "is larger than 2^47 - 1");
  }

  /** An unsigned integer without leading zeros of at most 32 bytes. */
  quantity(what: string): bigint {
    const bytes = this.#integerBytes(what, 32);
    if (bytes.length <= 6) {
      let value = 0;
      for (const byte of bytes) value = value * 256 + byte;
      return BigInt(value);
    }
    return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`);
  }

  #integerBytes(what: string, bytesMax: number): Uint8Array {
    const bytes = this.bytes(what);
    if (bytes.length > bytesMax) {
      throw wrong("RLP_INTEGER_TOO_LARGE", what, this.#position, `has more than ${bytesMax} bytes`);
    }
    if (bytes[0] === 0) throw wrong("RLP_NOT_CANONICAL", what, this.#position, "has leading zeros");
    return bytes;
  }

  #first(what: string): number {
    if (this.#position >= this.#end) throw wrong("RLP_TOO_SHORT", what, this.#position, "is missing");
    return this.#bytes[this.#position] as number;
  }

  /** Moves to the payload of an item whose first byte is `first` and returns its length. */
  #payload(what: string, first: number, offset: 0x80 | 0xc0): number {
    let length = first - offset;
    this.#position++;
    if (length > 55) {
      const lengthBytes = length - 55;
      length = 0;
      for (let i = 0; i < lengthBytes; i++) length = length * 256 + (this.#bytes[this.#position + i] ?? 0);
      if (this.#bytes[this.#position] === 0 || length <= 55) {
        throw wrong("RLP_NOT_CANONICAL", what, this.#position, "has a length that could be written shorter");
      }
      this.#position += lengthBytes;
    }
    if (this.#position + length > this.#end) {
      throw wrong("RLP_TOO_SHORT", what, this.#position, `announces ${length} bytes and has fewer`);
    }
    return length;
  }
}

function wrong(code: string, what: string, position: number, fault: string): AllotError {
  return new AllotError(code, { what, position }, `${what} ${fault} (at byte ${position}).`);
}
