// zod schemas of the primitives that stand in files a person edits. Their messages complete "FILE: PLACE: ...".
import { z } from "zod";
import { Address, Digest, type Hex } from "../types/brands.ts";

/** An integer from `least` to `most`, both included. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER) {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  const message = `must be a whole number ${range}`;
  return z
    .number({ invalid_type_error: message, required_error: "is missing" })
    .int(message)
    .min(least, message)
    .max(most, message);
}

export const text = z
  .string({ invalid_type_error: "must be a string", required_error: "is missing" })
  .min(1, "is empty");

export function hexBytes(bytes: number) {
  const pattern = new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`);
  return text
    .regex(pattern, `must be 0x and ${2 * bytes} hexadecimal digits`)
    .transform((hex) => hex.toLowerCase() as Hex);
}

/** Whole bytes, any number of them. */
export const hexData = text
  .regex(/^0x([0-9a-fA-F]{2})*$/, "must be 0x and an even number of hexadecimal digits")
  .transform((hex) => hex.toLowerCase() as Hex);

/** A number as Ethereum writes it: no leading zeros. */
export const hexQuantity = text
  .regex(/^0x(0|[1-9a-fA-F][0-9a-fA-F]{0,63})$/, "must be a hexadecimal number such as 0x1f, without leading zeros")
  .transform((hex) => hex.toLowerCase() as Hex);

export const address = hexBytes(20).transform(Address);
export const digest = hexBytes(32).transform(Digest);

/** libp2p multiaddr over TCP, without the /p2p part. */
export const tcpMultiaddr = text.regex(
  /^\/(ip4\/\d{1,3}(\.\d{1,3}){3}|ip6\/[0-9a-fA-F:.]+|dns[46]?\/[A-Za-z0-9.-]+)\/tcp\/\d{1,5}$/,
  "must be an address such as /ip4/10.0.0.7/tcp/26656 or /dns4/validator.example.org/tcp/26656",
);

/** An object with these keys and no others: an unknown key is usually a typing error. */
export function strictObject<S extends z.ZodRawShape>(shape: S) {
  return z
    .object(shape, { invalid_type_error: "must be an object", required_error: "is missing" })
    .strict(`is not known here; known are ${Object.keys(shape).join(", ")}`);
}
