// Canonical RLP (Ethereum yellow paper, appendix B), the counterpart of RlpReader. Items are built as encoded byte
// strings and joined; nothing is copied more than once for each level of nesting.

import type { Hex } from "./brands.ts";
import { bytesOf } from "./hex.ts";

export type Encoded = Uint8Array;

/** Bytes that a big-endian number takes. */
function bytesIn(value: number): number {
  let bytes = 1;
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) bytes++;
  return bytes;
}

/** An item with room for `length` bytes behind its prefix; the payload starts where the item's length less `length`. */
function prefixed(length: number, offset: 0x80 | 0xc0): Uint8Array {
  if (length <= 55) {
    const item = new Uint8Array(1 + length);
    item[0] = offset + length;
    return item;
  }
  const digits = bytesIn(length);
  const item = new Uint8Array(1 + digits + length);
  item[0] = offset + 55 + digits;
  for (let rest = length, i = digits; i > 0; rest = Math.floor(rest / 256)) item[i--] = rest % 256;
  return item;
}

/** Joins byte strings. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  place(parts, joined, 0);
  return joined;
}

function place(parts: readonly Uint8Array[], target: Uint8Array, start: number): void {
  let at = start;
  for (const part of parts) {
    // Most items are short, and setting a few bytes one by one is quicker than a call for them.
    if (part.length < 8) for (let i = 0; i < part.length; i++) target[at + i] = part[i] as number;
    else target.set(part, at);
    at += part.length;
  }
}

export function encodeBytes(bytes: Uint8Array): Encoded {
  if (bytes.length === 1 && (bytes[0] as number) < 0x80) return bytes;
  const item = prefixed(bytes.length, 0x80);
  item.set(bytes, item.length - bytes.length);
  return item;
}

export function encodeHex(hex: Hex): Encoded {
  return encodeBytes(bytesOf(hex));
}

/** An unsigned integer up to 2^53 - 1, without leading zeros. */
export function encodeCount(value: number): Encoded {
  if (value === 0) return Uint8Array.of(0x80);
  if (value < 0x80) return Uint8Array.of(value);
  const digits = bytesIn(value);
  const item = new Uint8Array(1 + digits);
  item[0] = 0x80 + digits;
  for (let rest = value, i = digits; i > 0; rest = Math.floor(rest / 256)) item[i--] = rest % 256;
  return item;
}

/** An unsigned integer of any size, without leading zeros. */
export function encodeQuantity(value: number | bigint): Encoded {
  if (value < 0x20000000000000) return encodeCount(Number(value));
  const hex = value.toString(16);
  return encodeBytes(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex"));
}

export function encodeList(items: readonly Encoded[]): Encoded {
  let length = 0;
  for (const item of items) length += item.length;
  const list = prefixed(length, 0xc0);
  place(items, list, list.length - length);
  return list;
}
