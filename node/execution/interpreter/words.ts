// Words between their two forms: 32 big-endian bytes in memory, bigints on the stack.
import type { Address } from "../../types/brands.ts";

export const wordMask = (1n << 256n) - 1n;
const addressesRememberedMax = 50_000;

/** The word at `offset`; all 32 bytes must be within `view`. */
export function readWord(view: DataView, offset: number): bigint {
  const small =
    view.getUint32(offset) |
    view.getUint32(offset + 4) |
    view.getUint32(offset + 8) |
    view.getUint32(offset + 12) |
    view.getUint32(offset + 16) |
    view.getUint32(offset + 20);
  const low = view.getBigUint64(offset + 24);
  if (small === 0) return low;
  return (
    (view.getBigUint64(offset) << 192n) |
    (view.getBigUint64(offset + 8) << 128n) |
    (view.getBigUint64(offset + 16) << 64n) |
    low
  );
}

export function writeWord(view: DataView, offset: number, word: bigint): void {
  if (word <= 0xffffffffn) {
    for (let i = 0; i < 28; i += 4) view.setUint32(offset + i, 0);
    view.setUint32(offset + 28, Number(word));
    return;
  }
  view.setBigUint64(offset, word >> 192n);
  view.setBigUint64(offset + 8, BigInt.asUintN(64, word >> 128n));
  view.setBigUint64(offset + 16, BigInt.asUintN(64, word >> 64n));
  view.setBigUint64(offset + 24, BigInt.asUintN(64, word));
}

const scratch = new Uint8Array(32);
const scratchView = new DataView(scratch.buffer);

/** The word at `offset` of bytes that go on with zeros for ever. */
export function readPadded(bytes: Uint8Array, offset: number): bigint {
  scratch.fill(0);
  scratch.set(bytes.subarray(offset, offset + 32));
  return readWord(scratchView, 0);
}

/** 32 bytes as a word. */
export function wordOf(bytes: Uint8Array): bigint {
  scratch.set(bytes);
  return readWord(scratchView, 0);
}

const addresses = new Map<bigint, Address>();

/** The address in the low 20 bytes of a word. The same few come again and again, so they are remembered. */
export function addressOf(word: bigint): Address {
  let address = addresses.get(word);
  if (address === undefined) {
    address = `0x${BigInt.asUintN(160, word).toString(16).padStart(40, "0")}` as Address;
    if (addresses.size >= addressesRememberedMax) addresses.clear();
    addresses.set(word, address);
  }
  return address;
}
