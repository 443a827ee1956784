// How verbs read and show values: amounts in credits, times in ISO 8601, ids as whole numbers. Every mistake is refused
// with the flag or argument it stands in.
import { z } from "zod";
import { checkValue } from "../../config/jsonFile.ts";
import { text } from "../../config/schemas.ts";

/** Decimal digits of a credit: the rules count whole millionths. */
const creditDecimals = 6;
const unit = 10n ** BigInt(creditDecimals);

/** An amount of credits as a person writes it, "12.5", read as millionths. */
export const creditsText = text
  .regex(/^\d{1,12}(\.\d{1,6})?$/, 'must be an amount of credits such as "12.5", with at most 6 decimals')
  .transform((decimal) => {
    const [whole = "0", fraction = ""] = decimal.split(".");
    return BigInt(whole) * unit + BigInt(fraction.padEnd(creditDecimals, "0"));
  });

/** An address in any case; the SDK checks no checksums, and hexadecimal digits are what logs and explorers show. */
export const addressText = text
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address: 0x and 40 hexadecimal digits")
  .transform((hex) => hex as `0x${string}`);

export const hashText = text
  .regex(/^0x[0-9a-fA-F]{64}$/, "must be 0x and 64 hexadecimal digits")
  .transform((hex) => hex.toLowerCase() as `0x${string}`);

const idText = text.regex(/^\d{1,78}$/, "must be a whole number of at least 0").transform((digits) => BigInt(digits));

const parserOf =
  <S extends z.ZodTypeAny>(schema: S) =>
  (place: string) =>
  (given: string): z.output<S> =>
    checkValue(place, schema, given);

/** Parsers of flags and arguments: `amountFlag("--amount")`. */
export const amountFlag = parserOf(creditsText.refine((amount) => amount > 0n, "must be more than 0"));
export const addressFlag = parserOf(addressText);
export const hashFlag = parserOf(hashText);
export const idFlag = parserOf(idText);
export const textFlag = parserOf(text);
export const hexFlag = parserOf(
  text
    .regex(/^0x([0-9a-fA-F]{2})*$/, "must be 0x and an even number of hexadecimal digits")
    .transform((hex) => hex.toLowerCase() as `0x${string}`),
);
export const urlsFlag = parserOf(
  text
    .transform((list) => list.split(",").filter((url) => url !== ""))
    .pipe(
      z
        .array(z.string().regex(/^https?:\/\/[^\s/]+/, "must be a URL such as http://127.0.0.1:8545"))
        .min(1, "names no node"),
    ),
);
export const addressesFlag = parserOf(
  text.transform((list) => list.split(",").filter((one) => one !== "")).pipe(z.array(addressText).min(1, "names none")),
);

/** Millionths as credits: 12500000 is "12.5". */
export function credits(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(creditDecimals + 1, "0");
  const fraction = digits.slice(-creditDecimals).replace(/0+$/, "");
  const whole = digits.slice(0, -creditDecimals);
  return `${amount < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Seconds since 1970 as ISO 8601 to the second; undefined for 0, by which the rules mean "not yet". */
export function time(seconds: bigint | number): string | undefined {
  const value = Number(seconds);
  // Past the year 9999 is how the rules say "for ever"; no calendar can show it.
  if (value === 0) return undefined;
  if (value >= 253_402_300_800) return "for ever";
  return new Date(value * 1000).toISOString().replace(".000Z", "Z");
}
