// Schemas of Ethereum's values, as JSON-RPC writes them.
import { logFilterAlternativesMax } from "../config/limits.ts";
import type { Address, Digest, Hex } from "../types/brands.ts";
import { bytesOf } from "../types/hex.ts";
import { wordOf } from "./format.ts";
import { arrayOf, either, object, optional, refuse, type Schema, scalar } from "./schema.ts";

const bytesPattern = /^0x(?:[0-9a-fA-F]{2})*$/;
const quantityPattern = /^0x(?:0|[1-9a-fA-F][0-9a-fA-F]*)$/;
const wordMax = (1n << 256n) - 1n;

function hexOfBytes(count: number) {
  return (value: unknown): Hex | undefined =>
    typeof value === "string" && value.length === 2 + 2 * count && bytesPattern.test(value)
      ? (value.toLowerCase() as Hex)
      : undefined;
}

export const address: Schema<Address> = scalar(
  "an address (0x and 40 hex digits)",
  (value) => hexOfBytes(20)(value) as Address | undefined,
);

export const hash: Schema<Digest> = scalar(
  "a hash (0x and 64 hex digits)",
  (value) => hexOfBytes(32)(value) as Digest | undefined,
);

export const data: Schema<Uint8Array> = scalar("bytes (0x and an even number of hex digits)", (value) => {
  if (typeof value !== "string" || !value.startsWith("0x") || value.length % 2 !== 0) return undefined;
  // Decoding stops at the first character that is no hex digit: a length that fits means all of them are. This is
  // the path of every transaction; a regular expression over it would cost more than decoding.
  const bytes = bytesOf(value as Hex);
  return bytes.length === value.length / 2 - 1 ? bytes : undefined;
});

/** Up to 2^53 − 1: heights, counts, indices, nonces, gas. */
export const quantity: Schema<number> = scalar(
  "a number (0x and hex digits without leading zeros, up to 2^53 - 1)",
  (value) => {
    if (typeof value !== "string" || !quantityPattern.test(value)) return undefined;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : undefined;
  },
);

/** Up to 2^256 − 1: amounts. */
export const amount: Schema<bigint> = scalar(
  "an amount (0x and hex digits without leading zeros, up to 2^256 - 1)",
  (value) => {
    if (typeof value !== "string" || !quantityPattern.test(value)) return undefined;
    const number = BigInt(value);
    return number <= wordMax ? number : undefined;
  },
);

/** A storage slot, written as a number or as 32 bytes; comes out as 32 bytes. */
export const slot: Schema<Hex> = scalar("a storage slot (0x and 1 to 64 hex digits)", (value) =>
  typeof value === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(value) ? wordOf(BigInt(value)) : undefined,
);

export const boolean: Schema<boolean> = scalar("true or false", (value) =>
  typeof value === "boolean" ? value : undefined,
);

/** A plain JSON number, as the `allot_` methods take them. */
export const count: Schema<number> = scalar("a whole number from 0 to 2^53 - 1", (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined,
);

/** Either form of a number. */
export const countOrQuantity: Schema<number> = either((value) => typeof value === "number", count, quantity);

export function oneOf<const T extends string>(...choices: readonly T[]): Schema<T> {
  return scalar(`one of ${choices.join(", ")}`, (value) => choices.find((choice) => choice === value));
}

export type BlockTag = "latest" | "safe" | "finalized" | "pending" | "earliest";

/** Which block is meant: by tag, by height, or by execution hash. */
export type BlockReference =
  | { readonly by: "tag"; readonly tag: BlockTag }
  | { readonly by: "height"; readonly height: number }
  | { readonly by: "hash"; readonly hash: Digest };

const tags: readonly BlockTag[] = ["latest", "safe", "finalized", "pending", "earliest"];
export const latest: BlockReference = { by: "tag", tag: "latest" };

function readBlockNumber(value: unknown): BlockReference | undefined {
  const tag = tags.find((each) => each === value);
  if (tag !== undefined) return { by: "tag", tag };
  if (typeof value !== "string" || !quantityPattern.test(value)) return undefined;
  const height = Number(value);
  return Number.isSafeInteger(height) ? { by: "height", height } : undefined;
}

function readBlock(value: unknown): BlockReference | undefined {
  const byHash = hexOfBytes(32)(value) as Digest | undefined;
  return byHash === undefined ? readBlockNumber(value) : { by: "hash", hash: byHash };
}

const numberExpected = `a block number (0x and hex digits) or one of ${tags.join(", ")}`;

/** A tag or a height. */
export const blockNumber: Schema<BlockReference> = scalar(numberExpected, readBlockNumber);

/** An execution hash and nothing else. */
export const byBlockHash: Schema<BlockReference> = {
  expects: hash.expects,
  parse: (value, path) => ({ by: "hash", hash: hash.parse(value, path) }),
};

/** There are no reorganisations, so `requireCanonical` always holds; it is accepted and changes nothing. */
const eip1898 = object({
  blockHash: optional(hash),
  blockNumber: optional(blockNumber),
  requireCanonical: optional(boolean),
});

/** A tag, a height, a hash, or EIP-1898's `{ blockHash }` or `{ blockNumber }`. */
export const block: Schema<BlockReference> = {
  expects: `${numberExpected}, a block hash, or an object with blockHash or blockNumber`,
  parse(value, path) {
    if (typeof value !== "object" || value === null) return readBlock(value) ?? refuse(path, this.expects, value);
    const given = eip1898.parse(value, path);
    if (given.blockHash !== undefined) return { by: "hash", hash: given.blockHash };
    return given.blockNumber ?? refuse(path, this.expects, value);
  },
};

const topic = optional(either(Array.isArray, arrayOf(hash, logFilterAlternativesMax), hash));

export const logFilter = object({
  fromBlock: optional(blockNumber),
  toBlock: optional(blockNumber),
  blockHash: optional(hash),
  address: optional(either(Array.isArray, arrayOf(address, logFilterAlternativesMax), address)),
  topics: optional(arrayOf(topic, 4)),
});

/** Options of the subscription to transactionReceipts. */
export const receiptFilter = object({ transactionHashes: optional(arrayOf(hash, logFilterAlternativesMax)) });

/** A task's number, in either form; comes out as 32 bytes. */
export const taskId: Schema<Hex> = scalar("a task id (0x and 1 to 64 hex digits, or a JSON number)", (value) => {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? wordOf(BigInt(value)) : undefined;
  return typeof value === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(value) ? wordOf(BigInt(value)) : undefined;
});

/** Of a filter or a subscription. */
export const identifier: Schema<Hex> = scalar("an id (0x and hex digits)", (value) =>
  typeof value === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(value) ? (value.toLowerCase() as Hex) : undefined,
);

/** What eth_call and eth_estimateGas take. Fee fields are accepted, since wallets fill them in, and mean nothing. */
export const callRequest = object({
  from: optional(address),
  to: optional(address),
  gas: optional(quantity),
  value: optional(amount, 0n),
  data: optional(data),
  input: optional(data),
  nonce: optional(quantity),
  gasPrice: optional(amount),
  maxFeePerGas: optional(amount),
  maxPriorityFeePerGas: optional(amount),
  type: optional(quantity),
  chainId: optional(quantity),
  accessList: optional(
    arrayOf(object({ address, storageKeys: arrayOf(hash, logFilterAlternativesMax) }), logFilterAlternativesMax),
  ),
});
