// A decoder for exactly the three kinds of transaction that the ledger takes: EIP-155 legacy, EIP-2930 and EIP-1559.
// It walks the bytes once, hashes the signed part where it lies, and recovers the sender with the native library.
import { keccak256, keccak256Hex } from "../crypto/keccak.ts";
import { groupOrder, recoverAddress } from "../crypto/secp256k1.ts";
import type { Address, Digest, Hex } from "./brands.ts";
import { AllotError } from "./errors.ts";
import { RlpReader } from "./rlpReader.ts";
import type { Transaction } from "./transaction.ts";

type AccessList = Transaction["accessList"];

const emptyAccessList: AccessList = Object.freeze([]);
const halfOrder = groupOrder / 2n;
const noBytes = new Uint8Array(0);

/**
 * Decodes a signed transaction and recovers its sender. Strict: canonical RLP, chain id present, 0 < r < n,
 * 0 < s ≤ n / 2 (EIP-2), all fee fields 0, since this ledger charges none. Whether the chain id is the right one is
 * for the caller to check.
 * @param hash keccak256 of `raw`, if already known
 * @throws AllotError TRANSACTION_* or RLP_*
 */
export function decodeTransaction(raw: Uint8Array, hash: Digest = keccak256Hex(raw)): Transaction {
  return decode(raw, hash, undefined);
}

/** Decodes a transaction from our own disk, whose sender was recovered when it came in. */
export function decodeStoredTransaction(raw: Uint8Array, sender: Address): Transaction {
  return decode(raw, keccak256Hex(raw), sender);
}

function decode(raw: Uint8Array, hash: Digest, sender: Address | undefined): Transaction {
  const first = raw[0];
  if (first === undefined) throw new AllotError("TRANSACTION_EMPTY", {}, "The transaction has no bytes.");
  if (first >= 0xc0) return decodeLegacy(raw, hash, sender);
  if (first === 1 || first === 2) return decodeTyped(raw, hash, first, sender);
  throw new AllotError(
    "TRANSACTION_TYPE_UNSUPPORTED",
    { type: first },
    `Transactions of type ${first} are not supported: send an EIP-1559 (type 2), EIP-2930 (type 1) or EIP-155 legacy transaction.`,
  );
}

function decodeTyped(raw: Uint8Array, hash: Digest, type: 1 | 2, known: Address | undefined): Transaction {
  const envelope = new RlpReader(raw, 1);
  const fields = envelope.list("The transaction");
  envelope.finish("The transaction");
  const start = fields.position;
  const chainId = fields.count("The chain id");
  const nonce = fields.count("The nonce");
  if (type === 2) {
    requireZeroFee(fields.quantity("maxPriorityFeePerGas"), "maxPriorityFeePerGas");
    requireZeroFee(fields.quantity("maxFeePerGas"), "maxFeePerGas");
  } else {
    requireZeroFee(fields.quantity("gasPrice"), "gasPrice");
  }
  const gasLimit = fields.count("The gas limit");
  const to = recipient(fields);
  const value = fields.quantity("The value");
  const data = dataOf(fields, to);
  const accessList = accessListOf(fields);
  const end = fields.position;
  const yParity = fields.count("yParity");
  if (yParity !== 0 && yParity !== 1) throw badSignature(`yParity must be 0 or 1, not ${yParity}`);
  const signature = signatureOf(fields, yParity);
  const sender = known ?? senderOf(signedPart(raw, start, end, noBytes, type), signature);
  return { hash, type, chainId, sender, nonce, gasLimit, to, value, data, accessList, signature, raw };
}

function decodeLegacy(raw: Uint8Array, hash: Digest, known: Address | undefined): Transaction {
  const envelope = new RlpReader(raw);
  const fields = envelope.list("The transaction");
  envelope.finish("The transaction");
  const start = fields.position;
  const nonce = fields.count("The nonce");
  requireZeroFee(fields.quantity("gasPrice"), "gasPrice");
  const gasLimit = fields.count("The gas limit");
  const to = recipient(fields);
  const value = fields.quantity("The value");
  const data = dataOf(fields, to);
  const end = fields.position;
  const v = fields.count("v");
  if (v < 35) {
    throw new AllotError(
      "TRANSACTION_CHAIN_ID_MISSING",
      { v },
      "The transaction is signed without a chain id and could be replayed on other chains: sign it by EIP-155, EIP-2930 or EIP-1559.",
    );
  }
  const chainId = Math.floor((v - 35) / 2);
  const signature = signatureOf(fields, ((v - 35) % 2) as 0 | 1);
  const sender = known ?? senderOf(signedPart(raw, start, end, chainIdSuffix(chainId), undefined), signature);
  const accessList = emptyAccessList;
  return { hash, type: 0, chainId, sender, nonce, gasLimit, to, value, data, accessList, signature, raw };
}

function requireZeroFee(fee: bigint, field: string): void {
  if (fee !== 0n) {
    throw new AllotError(
      "TRANSACTION_FEE_NOT_ZERO",
      { field, fee },
      `This ledger charges no fees: ${field} must be 0, not ${fee}.`,
    );
  }
}

function recipient(fields: RlpReader): Address | undefined {
  const bytes = fields.bytes("The recipient");
  if (bytes.length === 0) return undefined;
  return address(bytes, "The recipient");
}

function dataOf(fields: RlpReader, to: Address | undefined): Uint8Array {
  const data = fields.bytes("The data");
  if (to === undefined && data.length === 0) {
    throw new AllotError(
      "TRANSACTION_CREATES_NOTHING",
      {},
      "The transaction has neither a recipient nor code to create a contract with: set one of them.",
    );
  }
  return data;
}

function address(bytes: Uint8Array, what: string): Address {
  if (bytes.length !== 20) {
    throw new AllotError("TRANSACTION_BAD_ADDRESS", { what, bytes: bytes.length }, `${what} must have 20 bytes.`);
  }
  return hex(bytes) as Address;
}

function hex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`;
}

function accessListOf(fields: RlpReader): AccessList {
  const list = fields.list("The access list");
  if (list.atEnd) return emptyAccessList;
  const entries: { address: Address; storageKeys: Hex[] }[] = [];
  while (!list.atEnd) {
    const entry = list.list("An access list entry");
    const account = address(entry.bytes("An address of the access list"), "An address of the access list");
    const keys = entry.list("The storage keys of an access list entry");
    const storageKeys: Hex[] = [];
    while (!keys.atEnd) {
      const key = keys.bytes("A storage key");
      if (key.length !== 32) {
        throw new AllotError("TRANSACTION_BAD_STORAGE_KEY", { bytes: key.length }, "A storage key must have 32 bytes.");
      }
      storageKeys.push(hex(key));
    }
    entry.finish("An access list entry");
    entries.push({ address: account, storageKeys });
  }
  return entries;
}

function signatureOf(fields: RlpReader, yParity: 0 | 1): Transaction["signature"] {
  const r = fields.quantity("r");
  const s = fields.quantity("s");
  fields.finish("The transaction");
  if (r === 0n || r >= groupOrder) throw badSignature("r is out of range");
  if (s === 0n || s > halfOrder) throw badSignature("s must be in the lower half of the range (EIP-2)");
  return { r, s, yParity };
}

function badSignature(fault: string): AllotError {
  return new AllotError("TRANSACTION_BAD_SIGNATURE", { fault }, `The transaction's signature is invalid: ${fault}.`);
}

/** RLP of the chain id and two empty items, as EIP-155 appends them. */
function chainIdSuffix(chainId: number): Uint8Array {
  if (chainId === 0) return Uint8Array.of(0x80, 0x80, 0x80);
  if (chainId < 0x80) return Uint8Array.of(chainId, 0x80, 0x80);
  const digits: number[] = [];
  for (let rest = chainId; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Uint8Array.of(0x80 + digits.length, ...digits, 0x80, 0x80);
}

let scratch = Buffer.allocUnsafeSlow(4096);

/** What was signed: type, list header, the unsigned fields as they lie in `raw`, suffix. Valid until the next call. */
function signedPart(raw: Uint8Array, start: number, end: number, suffix: Uint8Array, type: 1 | 2 | undefined): Buffer {
  const length = end - start + suffix.length;
  if (scratch.length < length + 10) scratch = Buffer.allocUnsafeSlow(2 * length + 10);
  let position = 0;
  if (type !== undefined) scratch[position++] = type;
  if (length <= 55) {
    scratch[position++] = 0xc0 + length;
  } else {
    const lengthBytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4;
    scratch[position++] = 0xf7 + lengthBytes;
    position = scratch.writeUIntBE(length, position, lengthBytes);
  }
  scratch.set(start === end ? noBytes : raw.subarray(start, end), position);
  position += end - start;
  scratch.set(suffix, position);
  return scratch.subarray(0, position + suffix.length);
}

const compactSignature = Buffer.alloc(64);

function senderOf(unsigned: Uint8Array, signature: Transaction["signature"]): Address {
  compactSignature.write(signature.r.toString(16).padStart(64, "0"), 0, "hex");
  compactSignature.write(signature.s.toString(16).padStart(64, "0"), 32, "hex");
  const sender = recoverAddress(keccak256(unsigned), compactSignature, signature.yParity);
  if (sender === undefined) throw badSignature("no key fits it");
  return hex(sender) as Address;
}
