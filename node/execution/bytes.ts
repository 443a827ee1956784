// Conversions between the forms that numbers and byte strings take: hex at the edges, bytes in encodings, bigints
// in the EVM.
import type { Hex } from "../types/brands.ts";

export function bytesToHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`;
}

/** By character code. */
const digitOf = new Uint8Array(128);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  digitOf[digit.charCodeAt(0)] = value;
  digitOf[digit.toUpperCase().charCodeAt(0)] = value;
}

/** Bytes of well-formed hex, in an array of their own. */
export function hexToBytes(hex: Hex): Uint8Array {
  const bytes = new Uint8Array((hex.length - 2) >> 1);
  // Addresses and hashes are nearly all there is, and for so few bytes a loop beats the way through Buffer.
  if (bytes.length > 64) {
    bytes.set(Buffer.from(hex.slice(2), "hex"));
    return bytes;
  }
  for (let i = 0, at = 2; i < bytes.length; i++, at += 2) {
    bytes[i] = ((digitOf[hex.charCodeAt(at)] as number) << 4) | (digitOf[hex.charCodeAt(at + 1)] as number);
  }
  return bytes;
}

export function bytesToBigInt(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt(bytesToHex(bytes));
}

/** Big-endian without leading zeros; no bytes for 0. */
export function bigIntToBytes(value: bigint): Uint8Array {
  if (value === 0n) return noBytes;
  const hex = value.toString(16);
  const buffer = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/** Big-endian in 32 bytes. */
export function bigIntToWord(value: bigint): Uint8Array {
  const word = new Uint8Array(32);
  if (value !== 0n) {
    const bytes = bigIntToBytes(value);
    word.set(bytes, 32 - bytes.length);
  }
  return word;
}

/** Big-endian in 32 bytes, as hex. */
export const bigIntToWordHex = (value: bigint): Hex => `0x${value.toString(16).padStart(64, "0")}`;

export const noBytes = new Uint8Array(0);
