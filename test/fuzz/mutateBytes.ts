// Changes of a byte string that know nothing of its form.
import type { Random } from "../execution/random.ts";

const telling = [0x00, 0x01, 0x7f, 0x80, 0x81, 0xb7, 0xb8, 0xbf, 0xc0, 0xc1, 0xf7, 0xf8, 0xff];
/** Longest input made: growth must not be mistaken for a find. */
const bytesMax = 64 * 1024;

type Change = (random: Random, bytes: Uint8Array, other: Uint8Array) => Uint8Array;

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const changed = (random: Random, bytes: Uint8Array, change: (byte: number) => number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  const at = random.below(copy.length);
  copy[at] = change(copy[at] as number);
  return copy;
};

const changes: readonly Change[] = [
  (random, bytes) => changed(random, bytes, (byte) => byte ^ (1 << random.below(8))),
  (random, bytes) => changed(random, bytes, () => random.pick(telling)),
  (random, bytes) => changed(random, bytes, (byte) => byte + random.pick([1, -1])),
  (random, bytes) => bytes.slice(0, random.below(bytes.length + 1)),
  (random, bytes) => bytes.slice(random.below(bytes.length)),
  (random, bytes) => {
    const at = random.below(bytes.length + 1);
    return join(bytes.subarray(0, at), random.bytes(1 + random.below(9)), bytes.subarray(at));
  },
  (random, bytes) => {
    const [from, length] = [random.below(bytes.length), 1 + random.below(64)];
    return join(bytes.subarray(0, from), bytes.subarray(from + length));
  },
  (random, bytes) => {
    const [from, length, to] = [random.below(bytes.length), 1 + random.below(256), random.below(bytes.length)];
    return join(bytes.subarray(0, to), bytes.subarray(from, from + length), bytes.subarray(to));
  },
  (random, bytes, other) =>
    join(bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(random.below(other.length + 1))),
];

/** One to four changes. */
export function mutateBytes(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let mutated = bytes;
  for (let left = 1 + random.below(4); left > 0; left--) {
    if (mutated.length === 0) return random.bytes(random.below(64));
    mutated = random.pick(changes)(random, mutated, other);
  }
  return mutated.length > bytesMax ? mutated.slice(0, bytesMax) : mutated;
}
