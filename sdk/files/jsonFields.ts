// Reads JSON that may come from anybody, field by field: hexadecimal in lower case, whole numbers in their one decimal form.
import { type Address, type Hex, isAddress, isHex } from "viem";

export type Fields = Readonly<Record<string, unknown>>;

/** Decimal digits of the largest uint256. */
const decimalDigitsMax = 78;

/** @param malformed makes the error that is thrown for a field that is missing or of the wrong form */
export function jsonFields(malformed: (field: string, cause?: unknown) => Error) {
  const record = (value: unknown, field: string): Fields => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(field);
    return value as Fields;
  };
  const parsed = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw malformed("the file's JSON", cause);
    }
  };
  return {
    record,
    /** A file's text, or its parsed JSON, as an object. */
    file(source: unknown): Fields {
      return record(typeof source === "string" ? parsed(source) : source, "the file");
    },
    hex(fields: Fields, field: string, digits: number): Hex {
      const value = fields[field];
      if (!isHex(value) || value.length !== digits + 2) throw malformed(field);
      return value.toLowerCase() as Hex;
    },
    address(fields: Fields, field: string): Address {
      const value = fields[field];
      if (typeof value !== "string" || !isAddress(value, { strict: false })) throw malformed(field);
      return value.toLowerCase() as Address;
    },
    count(fields: Fields, field: string, most = Number.MAX_SAFE_INTEGER): number {
      const value = fields[field];
      if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || value > most) {
        throw malformed(field);
      }
      return value;
    },
    decimal(fields: Fields, field: string): string {
      const value = fields[field];
      if (typeof value !== "string" || !/^(0|[1-9]\d*)$/.test(value) || value.length > decimalDigitsMax) {
        throw malformed(field);
      }
      return value;
    },
  };
}

/** Hexadecimal digits of a signature (r, s, v). */
export const signatureDigits = 130;
/** Hexadecimal digits of 32 bytes. */
export const wordDigits = 64;
