// Values of the rules' events and errors as people read them. The contracts name every amount and every moment by one of
// these words; everything else is a number, a hash or an address and stays as it is.
import { credits, time } from "./values.ts";

const amounts: ReadonlySet<string> = new Set(
  "reserve price amount taken penalty refunded bond held returned paid burned fee balance needed free wanted bonded locked rest minimum".split(
    " ",
  ),
);
const moments: ReadonlySet<string> = new Set(
  [
    "commitDeadline revealDeadline deliveryDeadline voteDeadline readyAt expiresAt expiredAt offeredAt validUntil",
    "timestamp notBefore claimUntil until deadline",
  ]
    .join(" ")
    .split(" "),
);

const isNumber = (value: unknown): value is bigint | number => typeof value === "bigint" || typeof value === "number";

export function factInWords(name: string, value: unknown): unknown {
  if (!isNumber(value)) return value;
  if (amounts.has(name)) return credits(BigInt(value));
  return moments.has(name) ? time(value) : value;
}

export const factsInWords = (facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, factInWords(name, value)]));
