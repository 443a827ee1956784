// Changes of RLP that leave it well-formed, or nearly: they reach what stands behind the first check.
import type { Random } from "../execution/random.ts";

/** A byte string, or a list. */
export type Item = Uint8Array | readonly Item[];

const nothing = new Uint8Array(0);
/** Items looked at in one input, and how deep. */
const depthMax = 16;

/** Undefined for what is no RLP of one item. */
export function parseItem(bytes: Uint8Array): Item | undefined {
  const parsed = parse(bytes, 0, depthMax);
  return parsed !== undefined && parsed.end === bytes.length ? parsed.item : undefined;
}

function parse(bytes: Uint8Array, at: number, depth: number): { item: Item; end: number } | undefined {
  const first = bytes[at];
  if (first === undefined || depth === 0) return undefined;
  if (first < 0x80) return { item: bytes.subarray(at, at + 1), end: at + 1 };
  const isList = first >= 0xc0;
  const short = first - (isList ? 0xc0 : 0x80);
  const lengthBytes = short > 55 ? short - 55 : 0;
  if (lengthBytes > 4) return undefined;
  let length = lengthBytes === 0 ? short : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[at + 1 + i] ?? 0);
  const start = at + 1 + lengthBytes;
  const end = start + length;
  if (end > bytes.length) return undefined;
  if (!isList) return { item: bytes.subarray(start, end), end };
  const items: Item[] = [];
  for (let next = start; next < end; ) {
    const inner = parse(bytes, next, depth - 1);
    if (inner === undefined || inner.end > end) return undefined;
    items.push(inner.item);
    next = inner.end;
  }
  return { item: items, end };
}

export function encodeItem(item: Item): Uint8Array {
  if (item instanceof Uint8Array) {
    const [only] = item;
    return item.length === 1 && only !== undefined && only < 0x80 ? item : prefixed(0x80, item);
  }
  return prefixed(0xc0, Buffer.concat(item.map(encodeItem)));
}

function prefixed(base: number, payload: Uint8Array): Uint8Array {
  if (payload.length < 56) return Buffer.concat([Uint8Array.of(base + payload.length), payload]);
  const digits = payload.length.toString(16);
  const length = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
  return Buffer.concat([Uint8Array.of(base + 55 + length.length), length, payload]);
}

/** Changes one item somewhere in the tree; undefined when `bytes` is no RLP. */
export function mutateRlp(random: Random, bytes: Uint8Array): Uint8Array | undefined {
  const item = parseItem(bytes);
  return item === undefined ? undefined : encodeItem(mutateItem(random, item));
}

function mutateItem(random: Random, item: Item): Item {
  if (item instanceof Uint8Array) return mutateLeaf(random, item);
  if (item.length > 0 && random.chance(0.8)) {
    const at = random.below(item.length);
    return item.map((each, i) => (i === at ? mutateItem(random, each) : each));
  }
  return mutateList(random, item);
}

function mutateLeaf(random: Random, leaf: Uint8Array): Item {
  switch (random.below(8)) {
    case 0:
      return nothing;
    case 1:
      return [leaf];
    case 2:
      return Buffer.concat([Uint8Array.of(0), leaf]);
    case 3:
      return new Uint8Array(random.pick([1, 8, 32, 33, 65])).fill(0xff);
    case 4:
      return leaf.subarray(0, random.below(leaf.length + 1));
    case 5:
      return Buffer.concat([leaf, random.bytes(1 + random.below(3))]);
    case 6:
      return random.bytes(leaf.length);
    default: {
      const copy = Uint8Array.from(leaf);
      const at = random.below(copy.length + 1);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
      return copy;
    }
  }
}

function mutateList(random: Random, list: readonly Item[]): Item {
  const at = random.below(list.length + 1);
  switch (random.below(6)) {
    case 0:
      return list.filter((_, i) => i !== at);
    case 1:
      return [...list.slice(0, at), ...list.slice(at, at + 1), ...list.slice(at)];
    case 2:
      return [...list].reverse();
    case 3:
      return nothing;
    case 4:
      return [...list, ...list, ...list];
    default:
      return [...list.slice(0, at), random.chance(0.5) ? [] : random.bytes(random.below(40)), ...list.slice(at)];
  }
}
