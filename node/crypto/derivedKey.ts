// Keys that a validator derives from its validator key, so that it has one secret to keep and nothing except the
// signer's guard ever signs with it. The derivation is one way: who learns a derived key learns nothing about the
// validator key, nor about the other derived ones.
import { hkdfSync } from "node:crypto";
import secp256k1 from "secp256k1";
import { InvariantError } from "../types/errors.ts";

const attemptsMax = 256;

/**
 * 32-byte secp256k1 private key: HKDF-SHA256 (RFC 5869) of the 32-byte validator key.
 * @param salt names what the key is for; never changes, since the network knows the key by its public side
 */
export function deriveKey(validatorKey: Uint8Array, salt: string): Uint8Array {
  if (validatorKey.length !== 32) {
    throw new InvariantError("NOT_A_KEY", { bytes: validatorKey.length }, "a validator key has 32 bytes");
  }
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const key = new Uint8Array(hkdfSync("sha256", validatorKey, salt, Uint8Array.of(attempt), 32));
    if (secp256k1.privateKeyVerify(key)) return key;
  }
  throw new InvariantError("NO_DERIVED_KEY", { salt }, "no derivation of the key lies in the curve's order");
}
