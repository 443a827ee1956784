// The network's peer key: derived from the validator key, so that an operator guards one secret, but different from
// it, so that nothing except the signer's guard ever signs with the validator key. The derivation is one way: who
// learns the peer key (it lives in every connection's handshake) learns nothing about the validator key.
import { hkdfSync } from "node:crypto";
import secp256k1 from "secp256k1";
import type { Hex } from "../types/brands.ts";
import { InvariantError } from "../types/errors.ts";

const salt = "Allot peer key v1";
const attemptsMax = 256;

/** 32-byte secp256k1 private key of the peer key: HKDF-SHA256 (RFC 5869) of the 32-byte validator key. */
export function derivePeerKey(validatorKey: Uint8Array): Uint8Array {
  if (validatorKey.length !== 32) {
    throw new InvariantError("NOT_A_KEY", { bytes: validatorKey.length }, "a validator key has 32 bytes");
  }
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const key = new Uint8Array(hkdfSync("sha256", validatorKey, salt, Uint8Array.of(attempt), 32));
    if (secp256k1.privateKeyVerify(key)) return key;
  }
  throw new InvariantError("NO_PEER_KEY", {}, "no derivation of the peer key lies in the curve's order");
}

/** Public key of a peer's private key as genesis lists it: 33 bytes compressed, hex. */
export function peerPublicKey(peerKey: Uint8Array): Hex {
  return `0x${Buffer.from(secp256k1.publicKeyCreate(peerKey, true)).toString("hex")}`;
}
