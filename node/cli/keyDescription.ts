import { privateKeyFromRaw } from "@libp2p/crypto/keys";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { derivePeerKey } from "../crypto/peerKey.ts";
import { type ValidatorIdentity, validatorIdentity } from "../crypto/validatorIdentity.ts";

/** What others may know of a key. */
export interface KeyDescription extends ValidatorIdentity {
  /** libp2p's name for the peer key. */
  readonly peerId: string;
}

/** Describes a 32-byte private key. */
export function describeKey(validatorKey: Uint8Array): KeyDescription {
  const peerId = peerIdFromPrivateKey(privateKeyFromRaw(derivePeerKey(validatorKey))).toString();
  return { ...validatorIdentity(validatorKey), peerId };
}
