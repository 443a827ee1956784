// The form of genesis.json, checked strictly: every validator must start from exactly the same values, so nothing in
// the file is optional or guessed.
import { z } from "zod";
import { epochBlocksMin, validatorCountMax } from "../config/limits.ts";
import { address, digest, hexBytes, hexData, hexQuantity, integer, strictObject, text } from "../config/schemas.ts";
import type { Address, Hex } from "../types/brands.ts";
import type { Genesis } from "../types/genesis.ts";
import { compressedKey, multiaddrs, seatName } from "./seatEntry.ts";

const dayMs = 86_400_000;

const validator = strictObject({
  name: seatName,
  address,
  peerKey: compressedKey,
  addresses: multiaddrs,
  organisation: integer(1, 0xffff_ffff),
});

const consensus = strictObject({
  blockIntervalMs: integer(0, dayMs),
  leaderTimeoutMs: integer(1, dayMs),
  notarizationTimeoutMs: integer(1, dayMs),
  retryIntervalMs: integer(1, dayMs),
  maxTimeoutMs: integer(1, dayMs),
  heartbeatMs: integer(1, dayMs),
  maxDriftMs: integer(1, dayMs),
  maxStepMs: integer(1, dayMs),
  skipInactiveViews: integer(1, 1_000_000),
  epochBlocks: integer(0, 1_000_000_000),
})
  .refine(({ epochBlocks }) => epochBlocks === 0 || epochBlocks >= epochBlocksMin, {
    path: ["epochBlocks"],
    message: `must be 0, for one epoch that lasts for ever, or at least ${epochBlocksMin}: the next set is read two blocks before an epoch ends`,
  })
  .refine((times) => times.blockIntervalMs < times.leaderTimeoutMs, {
    path: ["leaderTimeoutMs"],
    message: "must be above blockIntervalMs: a leader that waits for its time to build would be passed over",
  })
  .refine((times) => times.leaderTimeoutMs < times.notarizationTimeoutMs, {
    path: ["notarizationTimeoutMs"],
    message: "must be above leaderTimeoutMs: a block needs time to be notarized after it arrives",
  })
  .refine((times) => times.notarizationTimeoutMs <= times.maxTimeoutMs, {
    path: ["maxTimeoutMs"],
    message: "must be at least notarizationTimeoutMs",
  });

const execution = strictObject({
  blockGasLimit: integer(1_000_000),
  transactionGasLimitMax: integer(21_000),
  blockBytesMax: integer(65_536, 64 * 1024 * 1024),
  blockTransactionsMax: integer(1, 1_000_000),
  senderTransactionsPerBlockMax: integer(1, 1_000_000),
}).refine((limits) => limits.transactionGasLimitMax <= limits.blockGasLimit, {
  path: ["transactionGasLimitMax"],
  message: "must not be above blockGasLimit: such a transaction would fit into no block",
});

/** zod cannot brand the keys of a record; this checks them and lower-cases them. */
function recordOf<V extends z.ZodTypeAny>(key: z.ZodType<string, z.ZodTypeDef, unknown>, value: V, what: string) {
  return z
    .record(value, { invalid_type_error: `must be an object of ${what}`, required_error: "is missing" })
    .transform((entries, context) => {
      const checked: Record<string, z.output<V>> = {};
      for (const [name, entry] of Object.entries(entries)) {
        const parsed = key.safeParse(name);
        if (!parsed.success) {
          const message = parsed.error.issues[0]?.message ?? "is no key";
          context.addIssue({ code: z.ZodIssueCode.custom, path: [name], message });
        } else if (parsed.data in checked) {
          context.addIssue({ code: z.ZodIssueCode.custom, path: [name], message: "stands there twice" });
        } else checked[parsed.data] = entry;
      }
      return checked;
    });
}

const account = strictObject({
  balance: hexQuantity.optional(),
  nonce: hexQuantity.optional(),
  code: hexData.optional(),
  storage: recordOf(hexBytes(32), hexBytes(32), "32-byte words by 32-byte slot").optional(),
});

/** Members of the first set: sorted by address, as the leaders' order is, and no key, name or address twice. */
const validators = z
  .array(validator, { invalid_type_error: "must be a list", required_error: "is missing" })
  .min(1, "must have at least one validator")
  .max(validatorCountMax, `has more than ${validatorCountMax} validators`)
  .superRefine((members, context) => {
    const refuse = (i: number, key: string, message: string) =>
      context.addIssue({ code: z.ZodIssueCode.custom, path: [i, key], message });
    for (const [i, member] of members.entries()) {
      const earlier = members.slice(0, i);
      const before = earlier.at(-1);
      if (earlier.some((other) => other.name === member.name)) refuse(i, "name", "stands there twice");
      if (earlier.some((other) => other.peerKey === member.peerKey)) refuse(i, "peerKey", "stands there twice");
      if (before !== undefined && before.address >= member.address) {
        refuse(i, "address", "must be above the address before it: validators are sorted by address, each stands once");
      }
    }
  });

export const genesisSchema = strictObject({
  version: z.literal(1, { errorMap: () => ({ message: "must be 1" }) }),
  chainId: integer(1, 0xffff_ffff),
  networkId: digest,
  timestampMs: integer(1),
  validators,
  consensus,
  execution,
  contracts: recordOf(text, address, "addresses by contract name"),
  alloc: recordOf(address, account, "accounts by address"),
}).transform((genesis, context): Genesis => {
  const alloc = genesis.alloc as Record<Address, z.output<typeof account>>;
  for (const [name, at] of Object.entries(genesis.contracts)) {
    if ((alloc[at]?.code ?? "0x") === "0x") {
      const message = `there is no code at ${at} in alloc`;
      context.addIssue({ code: z.ZodIssueCode.custom, path: ["contracts", name], message });
    }
  }
  return { ...genesis, alloc: Object.fromEntries(Object.entries(alloc).map(([at, entry]) => [at, compact(entry)])) };
});

/** Drops keys that are `undefined`. */
function compact(entry: z.output<typeof account>): Genesis["alloc"][Address] {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as Record<string, Hex>;
}
