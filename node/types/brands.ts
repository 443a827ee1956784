// Branded primitives: no bare number or string crosses a module's edge. Each constructor checks its argument
// and throws `InvariantError`; whatever comes from outside is checked by the decoders before it gets here.
import { InvariantError } from "./errors.ts";

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Lower-case `0x` hex of any whole number of bytes. */
export type Hex = `0x${string}`;

/** One attempt at one block; 0 is genesis. An epoch's views start behind that of the block it starts from. */
export type View = Brand<number, "View">;
/** A fixed span of heights with one validator set; 0 is the first. */
export type Epoch = Brand<number, "Epoch">;
/** Position in the chain; 0 is genesis. */
export type Height = Brand<number, "Height">;
/** Position in the epoch's validator set, which is sorted by address. */
export type ValidatorIndex = Brand<number, "ValidatorIndex">;
/** Position among all validators ever admitted, in the order of admission, those of genesis first: a node's name on the
 * network, which never changes. */
export type PeerIndex = Brand<number, "PeerIndex">;
/** keccak256, 32 bytes, lower-case hex. */
export type Digest = Brand<Hex, "Digest">;
/** 20 bytes, lower-case hex (never checksummed: addresses are map keys). */
export type Address = Brand<Hex, "Address">;
/** secp256k1 signature r ‖ s ‖ v, 65 bytes, low s, v = 27 or 28, lower-case hex. */
export type Signature = Brand<Hex, "Signature">;

function count(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new InvariantError(
      "NOT_A_COUNT",
      { name, value },
      `${name} must be a safe non-negative integer, not ${value}`,
    );
  }
  return value;
}

function hexOf(name: string, bytes: number, value: string): Hex {
  if (value.length !== 2 + 2 * bytes || !/^0x[0-9a-f]*$/.test(value)) {
    throw new InvariantError(
      "NOT_HEX",
      { name, value },
      `${name} must be ${bytes} bytes of lower-case hex, not ${value}`,
    );
  }
  return value as Hex;
}

export const View = (value: number): View => count("view", value) as View;
export const Epoch = (value: number): Epoch => count("epoch", value) as Epoch;
export const Height = (value: number): Height => count("height", value) as Height;
export const ValidatorIndex = (value: number): ValidatorIndex => count("validator index", value) as ValidatorIndex;
export const PeerIndex = (value: number): PeerIndex => count("peer index", value) as PeerIndex;
export const Digest = (value: string): Digest => hexOf("digest", 32, value) as Digest;
export const Address = (value: string): Address => hexOf("address", 20, value) as Address;
export const Signature = (value: string): Signature => hexOf("signature", 65, value) as Signature;
