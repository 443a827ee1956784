// Private keys on disk: one key a file, readable by its owner alone. Either 64 hexadecimal digits, or an encrypted
// keystore that a passphrase opens.
import { randomBytes } from "node:crypto";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseJson, readTextFile } from "../config/jsonFile.ts";
import { AllotError } from "../types/errors.ts";
import { decryptKey, encryptKey } from "./keystore.ts";
import { secp256k1 } from "./secp256k1.ts";

/** A fresh 32-byte secp256k1 private key. */
export function generateKey(): Uint8Array {
  for (;;) {
    const key = new Uint8Array(randomBytes(32));
    // All but one in 2^128 are in range.
    if (secp256k1.privateKeyVerify(key)) return key;
  }
}

/** @throws AllotError BAD_KEY when `text` is no private key; the key itself is never part of a message */
export function parseKey(source: string, text: string): Uint8Array {
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text.trim())?.[1];
  const key = digits === undefined ? undefined : new Uint8Array(Buffer.from(digits, "hex"));
  if (key === undefined) {
    throw new AllotError(
      "BAD_KEY",
      { source },
      `${source}: a private key is 64 hexadecimal digits, with or without 0x`,
    );
  }
  if (!secp256k1.privateKeyVerify(key)) {
    throw new AllotError(
      "BAD_KEY",
      { source },
      `${source}: this number is no secp256k1 private key (zero, or too large)`,
    );
  }
  return key;
}

function refuseOpenPermissions(file: string): void {
  if (process.platform === "win32") return;
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  const shown = mode.toString(8).padStart(4, "0");
  throw new AllotError(
    "KEY_READABLE_BY_OTHERS",
    { file, mode: shown },
    `${file} can be read or changed by other users (mode ${shown}): run "chmod 600 ${file}", and replace the key if somebody may have seen it`,
  );
}

/**
 * Reads a private key, 32 bytes.
 * @param passphrase opens an encrypted keystore
 * @throws AllotError FILE_MISSING, FILE_UNREADABLE, KEY_READABLE_BY_OTHERS, BAD_KEY, PASSPHRASE_MISSING, WRONG_PASSPHRASE
 */
export function readKeyFile(file: string, passphrase?: string): Uint8Array {
  const text = readTextFile(file, "a private key; `allot keys generate` makes one");
  refuseOpenPermissions(file);
  if (!text.trimStart().startsWith("{")) return parseKey(file, text);
  if (passphrase === undefined) {
    throw new AllotError(
      "PASSPHRASE_MISSING",
      { file },
      `${file} is encrypted: name a file with its passphrase by --passphrase-file`,
    );
  }
  return decryptKey(file, parseJson(file, text), passphrase);
}

/**
 * Writes a new key file with mode 0600; never over an existing one.
 * @param passphrase when given, the key is encrypted with it
 * @throws AllotError FILE_EXISTS
 */
export function writeKeyFile(file: string, key: Uint8Array, passphrase?: string): void {
  const content = passphrase === undefined ? `0x${Buffer.from(key).toString("hex")}\n` : encryptKey(key, passphrase);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, content, { flag: "wx", mode: 0o600, flush: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new AllotError(
      "FILE_EXISTS",
      { file },
      `${file} exists already, and a key is never overwritten: choose another name or move it away`,
      { cause },
    );
  }
}
