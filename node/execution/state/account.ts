import type { Digest } from "../../types/brands.ts";
import { RlpReader } from "../../types/rlpReader.ts";
import { encodeBytes, encodeList, encodeQuantity } from "../../types/rlpWriter.ts";
import { bytesToHex, hexToBytes } from "../bytes.ts";

/** An account as the state trie holds it. Immutable: a change makes a new object. */
export interface Account {
  readonly nonce: number;
  readonly balance: bigint;
  readonly storageRoot: Digest;
  readonly codeHash: Digest;
}

/** Root of a trie without entries: keccak256 of the RLP of an empty byte string. */
export const emptyRoot = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421" as Digest;
/** keccak256 of no bytes. */
export const emptyCodeHash = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470" as Digest;

export const emptyAccount: Account = { nonce: 0, balance: 0n, storageRoot: emptyRoot, codeHash: emptyCodeHash };

/** EIP-161: such an account is removed from the state when a transaction touches it. */
export const isEmpty = (account: Account): boolean =>
  account.nonce === 0 && account.balance === 0n && account.codeHash === emptyCodeHash;

/** RLP of [nonce, balance, storageRoot, codeHash]: the value in the state trie, and the record on disk. */
export function encodeAccount(account: Account): Uint8Array {
  return encodeList([
    encodeQuantity(account.nonce),
    encodeQuantity(account.balance),
    encodeBytes(hexToBytes(account.storageRoot)),
    encodeBytes(hexToBytes(account.codeHash)),
  ]);
}

export function decodeAccount(encoded: Uint8Array): Account {
  const fields = new RlpReader(encoded).list("an account");
  return {
    nonce: fields.count("the nonce of an account"),
    balance: fields.quantity("the balance of an account"),
    storageRoot: bytesToHex(fields.bytes("the storage root of an account")) as Digest,
    codeHash: bytesToHex(fields.bytes("the code hash of an account")) as Digest,
  };
}
