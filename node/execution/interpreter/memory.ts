import { readWord, writeWord } from "./words.ts";

/** A memory that has grown larger is not kept for the next frame. */
const memoryBytesKeptMax = 256 * 1024;

/** The byte-addressed memory of a frame. It grows by whole words; who grows it has paid for it. */
export class Memory {
  /** Bytes that have been paid for, a multiple of 32. */
  size = 0;
  #bytes = new Uint8Array(4_096);
  #view = new DataView(this.#bytes.buffer);

  /** Makes the memory of a finished frame fit for the next one. */
  clear(): void {
    if (this.#bytes.length > memoryBytesKeptMax) {
      this.#bytes = new Uint8Array(4_096);
      this.#view = new DataView(this.#bytes.buffer);
    } else {
      this.#bytes.fill(0, 0, this.size);
    }
    this.size = 0;
  }

  grow(size: number): void {
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(size, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.size));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.size = size;
  }

  readWord(offset: number): bigint {
    return readWord(this.#view, offset);
  }

  writeWord(offset: number, word: bigint): void {
    writeWord(this.#view, offset, word);
  }

  writeByte(offset: number, byte: number): void {
    this.#bytes[offset] = byte;
  }

  /** A view; valid until the memory grows or changes. */
  view(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }

  /** A copy. */
  read(offset: number, length: number): Uint8Array {
    return this.#bytes.slice(offset, offset + length);
  }

  /** `length` bytes of `source` from `from` on, zeros where it has ended. */
  write(offset: number, source: Uint8Array, from: number, length: number): void {
    const available = Math.max(0, Math.min(length, source.length - from));
    if (available > 0) this.#bytes.set(source.subarray(from, from + available), offset);
    if (available < length) this.#bytes.fill(0, offset + available, offset + length);
  }

  copyWithin(target: number, source: number, length: number): void {
    this.#bytes.copyWithin(target, source, source + length);
  }
}
