import { Address, type Hex } from "../types/brands.ts";
import { derivePeerKey, peerPublicKey } from "./peerKey.ts";
import { addressOfKey } from "./secp256k1.ts";

/** What the network knows a validator by. */
export interface ValidatorIdentity {
  /** Address of the validator key. */
  readonly address: Address;
  /** Compressed public key of the peer key, as genesis lists it. */
  readonly peerKey: Hex;
}

/** The public side of a 32-byte validator key. */
export function validatorIdentity(validatorKey: Uint8Array): ValidatorIdentity {
  return {
    address: Address(`0x${Buffer.from(addressOfKey(validatorKey)).toString("hex")}`),
    peerKey: peerPublicKey(derivePeerKey(validatorKey)),
  };
}
