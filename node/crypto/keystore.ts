// An encrypted key as Ethereum clients and wallets write it: Web3 Secret Storage, version 3, with scrypt and
// AES-128-CTR (https://ethereum.org/developers/docs/data-structures-and-encoding/web3-secret-storage).
import { createCipheriv, createDecipheriv, randomBytes, randomUUID, scryptSync, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { checkValue } from "../config/jsonFile.ts";
import { integer } from "../config/schemas.ts";
import { AllotError } from "../types/errors.ts";
import { keccak256 } from "./keccak.ts";
import { addressOfKey } from "./secp256k1.ts";

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-fA-F]{${2 * bytes}}$`), `must be ${bytes} bytes of hex`);

// Bounds keep a strange file from taking all memory: 128 · n · r bytes. The others are scrypt's own (RFC 7914).
const kdfparams = z
  .object({
    n: integer(2, 1 << 20).refine((n) => Number.isInteger(Math.log2(n)), "must be a power of two"),
    r: integer(1, 16),
    p: integer(1, 16),
    dklen: z.literal(32),
    salt: z.string().regex(/^([0-9a-fA-F]{2})+$/, "must be bytes of hex"),
  })
  .refine(({ n, r }) => Math.log2(n) < 16 * r, { path: ["n"], message: "must be below 2 to the power of 16 · r" });

const schema = z.object({
  version: z.literal(3),
  crypto: z.object({
    cipher: z.literal("aes-128-ctr"),
    cipherparams: z.object({ iv: hex(16) }),
    ciphertext: hex(32),
    kdf: z.literal("scrypt", { errorMap: () => ({ message: "must be scrypt" }) }),
    kdfparams,
    mac: hex(32),
  }),
});

/** Half a second and 256 MiB on a present machine, as other Ethereum clients ask for. */
const scryptCost = { n: 1 << 18, r: 8, p: 1 };

function deriveKey(passphrase: string, salt: Uint8Array, cost: typeof scryptCost): Buffer {
  const maxmem = 128 * cost.n * cost.r + (1 << 20);
  return scryptSync(Buffer.from(passphrase.normalize("NFKC")), salt, 32, { N: cost.n, r: cost.r, p: cost.p, maxmem });
}

function macOf(derived: Buffer, ciphertext: Uint8Array): Uint8Array {
  return keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext]));
}

/** The keystore's JSON text for a 32-byte private key. */
export function encryptKey(privateKey: Uint8Array, passphrase: string): string {
  const salt = randomBytes(32);
  const iv = randomBytes(16);
  const derived = deriveKey(passphrase, salt, scryptCost);
  const cipher = createCipheriv("aes-128-ctr", derived.subarray(0, 16), iv);
  const ciphertext = Buffer.concat([cipher.update(privateKey), cipher.final()]);
  const store = {
    version: 3,
    id: randomUUID(),
    address: Buffer.from(addressOfKey(privateKey)).toString("hex"),
    crypto: {
      cipher: "aes-128-ctr",
      cipherparams: { iv: iv.toString("hex") },
      ciphertext: ciphertext.toString("hex"),
      kdf: "scrypt",
      kdfparams: { ...scryptCost, dklen: 32, salt: salt.toString("hex") },
      mac: Buffer.from(macOf(derived, ciphertext)).toString("hex"),
    },
  };
  return `${JSON.stringify(store, null, 2)}\n`;
}

/**
 * The 32-byte private key in a parsed keystore.
 * @param file names the source in errors
 * @throws AllotError BAD_VALUE when it is no such keystore, WRONG_PASSPHRASE
 */
export function decryptKey(file: string, value: unknown, passphrase: string): Uint8Array {
  const { crypto } = checkValue(file, schema, value);
  const ciphertext = Buffer.from(crypto.ciphertext, "hex");
  const derived = deriveKey(passphrase, Buffer.from(crypto.kdfparams.salt, "hex"), crypto.kdfparams);
  if (!timingSafeEqual(macOf(derived, ciphertext), Buffer.from(crypto.mac, "hex"))) {
    throw new AllotError("WRONG_PASSPHRASE", { file }, `${file}: the passphrase does not open this key`);
  }
  const decipher = createDecipheriv("aes-128-ctr", derived.subarray(0, 16), Buffer.from(crypto.cipherparams.iv, "hex"));
  return new Uint8Array(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
}
