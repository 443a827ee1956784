// The key of the account in whose name a validator shows evidence on chain, derived from the validator key. It signs
// nothing else: what it can spend is what evidence has earned it.
import { deriveKey } from "./derivedKey.ts";

/** 32-byte secp256k1 private key of the reporter's account. */
export const deriveReporterKey = (validatorKey: Uint8Array): Uint8Array =>
  deriveKey(validatorKey, "Allot reporter key v1");
