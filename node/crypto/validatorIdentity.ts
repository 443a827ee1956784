import { Address, type Hex } from "../types/brands.ts";
import { derivePeerKey, peerPublicKey } from "./peerKey.ts";
import { deriveReporterKey } from "./reporterKey.ts";
import { addressOfKey } from "./secp256k1.ts";

/** What the network knows a validator by. */
export interface ValidatorIdentity {
  /** Address of the validator key. */
  readonly address: Address;
  /** Compressed public key of the peer key, as genesis lists it. */
  readonly peerKey: Hex;
  /** Account in whose name it shows evidence: address of the reporter key. */
  readonly reporter: Address;
}

const accountOf = (key: Uint8Array): Address => Address(`0x${Buffer.from(addressOfKey(key)).toString("hex")}`);

/** The public side of a 32-byte validator key. */
export function validatorIdentity(validatorKey: Uint8Array): ValidatorIdentity {
  return {
    address: accountOf(validatorKey),
    peerKey: peerPublicKey(derivePeerKey(validatorKey)),
    reporter: accountOf(deriveReporterKey(validatorKey)),
  };
}
