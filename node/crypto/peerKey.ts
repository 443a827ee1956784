// The key that identifies a validator on the network, derived from the validator key. It lives in every connection's
// handshake.
import secp256k1 from "secp256k1";
import type { Hex } from "../types/brands.ts";
import { deriveKey } from "./derivedKey.ts";

/** 32-byte secp256k1 private key of the peer key. */
export const derivePeerKey = (validatorKey: Uint8Array): Uint8Array => deriveKey(validatorKey, "Allot peer key v1");

/** Public key of a peer's private key as genesis lists it: 33 bytes compressed, hex. */
export function peerPublicKey(peerKey: Uint8Array): Hex {
  return `0x${Buffer.from(secp256k1.publicKeyCreate(peerKey, true)).toString("hex")}`;
}
