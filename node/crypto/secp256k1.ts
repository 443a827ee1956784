// secp256k1 by the native binding of libsecp256k1. The npm package falls back in silence to a JavaScript version
// that is thirty times slower; a validator on it could not keep up, so a missing binding stops the process here.
import { createRequire } from "node:module";
import type * as Secp256k1 from "secp256k1";
import { AllotError } from "../types/errors.ts";
import { keccak256 } from "./keccak.ts";

function loadBinding(): typeof Secp256k1 {
  try {
    return createRequire(import.meta.url)("secp256k1/bindings.js");
  } catch (cause) {
    throw new AllotError(
      "NO_NATIVE_SECP256K1",
      { platform: process.platform, arch: process.arch, node: process.version },
      `The native part of the npm package secp256k1 is missing for ${process.platform}-${process.arch}: run "npm rebuild secp256k1" with a C++ compiler installed.`,
      { cause },
    );
  }
}

/** The native library itself, for what the functions below do not cover. */
export const secp256k1 = loadBinding();

/** n, the order of the group; a canonical signature has 0 < r < n and 0 < s ≤ n / 2. */
export const groupOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const publicKeyScratch = new Uint8Array(65);

/**
 * Ethereum address (20 bytes) of the key that signed the 32-byte `hash`; undefined when no key fits.
 * @param signature r ‖ s, 64 bytes
 */
export function recoverAddress(hash: Uint8Array, signature: Uint8Array, yParity: number): Uint8Array | undefined {
  try {
    secp256k1.ecdsaRecover(signature, yParity, hash, false, publicKeyScratch);
  } catch {
    // The binding has no other way to say that r is no abscissa of the curve or that a part is out of range.
    return undefined;
  }
  return keccak256(publicKeyScratch.subarray(1)).subarray(12);
}

/** Ethereum address (20 bytes) of a 32-byte private key. */
export function addressOfKey(privateKey: Uint8Array): Uint8Array {
  return keccak256(secp256k1.publicKeyCreate(privateKey, false).subarray(1)).subarray(12);
}
