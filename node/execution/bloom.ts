// The log filter of Ethereum headers and receipts: 2048 bits, three for each address and topic (yellow paper, 4.3.1).
import { bloomItemCacheMax } from "../config/limits.ts";
import { keccak256 } from "../crypto/keccak.ts";
import type { Hex } from "../types/brands.ts";
import { hexToBytes } from "./bytes.ts";
import type { Log } from "./receipt.ts";
import { GenerationalCache } from "./store/generationalCache.ts";

export const bloomBytes = 256;
export const emptyBloom = new Uint8Array(bloomBytes);

/** Three bit numbers in one: event topics and contract addresses come again and again. */
const bitsByItem = new GenerationalCache<Hex, number>(bloomItemCacheMax / 2);

function bitsOf(item: Hex): number {
  const known = bitsByItem.get(item);
  if (known !== undefined) return known;
  const hash = keccak256(hexToBytes(item));
  let bits = 0;
  for (let i = 0; i < 6; i += 2) bits = bits * 2048 + ((((hash[i] as number) << 8) + (hash[i + 1] as number)) & 2047);
  bitsByItem.set(item, bits);
  return bits;
}

function add(bloom: Uint8Array, item: Hex): void {
  let bits = bitsOf(item);
  for (let i = 0; i < 3; i++) {
    const bit = bits % 2048;
    bits = Math.floor(bits / 2048);
    bloom[255 - (bit >> 3)] = (bloom[255 - (bit >> 3)] as number) | (1 << (bit & 7));
  }
}

export function bloomOf(logs: readonly Log[]): Uint8Array {
  if (logs.length === 0) return emptyBloom;
  const bloom = new Uint8Array(bloomBytes);
  for (const log of logs) {
    add(bloom, log.address);
    for (const topic of log.topics) add(bloom, topic);
  }
  return bloom;
}

/** Everything that is in one of `blooms`. */
export function unionOf(blooms: readonly Uint8Array[]): Uint8Array {
  const union = new Uint8Array(bloomBytes);
  for (const bloom of blooms) {
    if (bloom === emptyBloom) continue;
    for (let i = 0; i < bloomBytes; i++) union[i] = (union[i] as number) | (bloom[i] as number);
  }
  return union;
}

/** False when `item` is certainly not in `bloom`. */
export function mayContain(bloom: Uint8Array, item: Hex): boolean {
  let bits = bitsOf(item);
  for (let i = 0; i < 3; i++) {
    const bit = bits % 2048;
    bits = Math.floor(bits / 2048);
    if (((bloom[255 - (bit >> 3)] as number) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}
