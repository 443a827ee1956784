// What an organisation publishes to take part in a new network: its validator's public keys and addresses, the account
// that shows evidence for its validator, and the account that governs in its name. `allot init` writes it to validator.json; `allot genesis create` collects them.
import { z } from "zod";
import { readJsonFile } from "../config/jsonFile.ts";
import { validatorAddressCountMax, validatorNameCharactersMax } from "../config/limits.ts";
import { address, hexBytes, strictObject, tcpMultiaddr, text } from "../config/schemas.ts";
import type { Address, Hex } from "../types/brands.ts";

export interface SeatEntry {
  readonly name: string;
  readonly organisation: string;
  readonly address: Address;
  readonly peerKey: Hex;
  /** Account in whose name the validator shows evidence on chain; a member of the organisation. */
  readonly reporter: Address;
  readonly addresses: readonly string[];
  /** Account of the organisation that proposes and approves in governance. */
  readonly operator: Address;
}

/** Fits into a folder's name on every system. */
export const seatName = text
  .max(validatorNameCharactersMax, `is longer than ${validatorNameCharactersMax} characters`)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "may have letters, digits, dots, dashes and underscores only");

export const multiaddrs = z
  .array(tcpMultiaddr, { invalid_type_error: "must be a list of addresses", required_error: "is missing" })
  .min(1, "must have at least one address")
  .max(validatorAddressCountMax, `has more than ${validatorAddressCountMax} addresses`);

export const compressedKey = hexBytes(33).refine((key) => key.startsWith("0x02") || key.startsWith("0x03"), {
  message: "must be a compressed public key: 33 bytes that begin with 02 or 03",
});

const schema = strictObject({
  name: seatName,
  organisation: text.max(validatorNameCharactersMax, `is longer than ${validatorNameCharactersMax} characters`),
  address,
  peerKey: compressedKey,
  // Entries of before validators had a reporter.
  reporter: z
    .string({
      invalid_type_error: "must be a string",
      required_error: 'is missing: add the one that "allot keys show keys/validator.key" prints',
    })
    .pipe(address),
  addresses: multiaddrs,
  operator: address,
});

/** @throws AllotError that names the file, the place in it and the reason */
export function readSeatEntry(file: string): SeatEntry {
  return readJsonFile(file, schema, "a validator's public entry; `allot init` writes it to validator.json");
}
