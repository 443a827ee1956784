// What a block did to the state: every value before and after. It is stored with the block, and serves three ends:
// redo (the state tables are brought up to date later, many blocks at once), undo (reading the state of past
// blocks), and the input of the trie update.
import type { Address, Digest } from "../../types/brands.ts";
import { RlpReader } from "../../types/rlpReader.ts";
import { encodeBytes, encodeList, encodeQuantity } from "../../types/rlpWriter.ts";
import { bytesToHex, hexToBytes, noBytes } from "../bytes.ts";
import { type Account, decodeAccount, encodeAccount } from "./account.ts";

export interface Change<T> {
  readonly before: T;
  readonly after: T;
}

export interface StateChanges {
  /** Undefined: there is no such account. `after` carries the new storage root. */
  readonly accounts: ReadonlyMap<Address, Change<Account | undefined>>;
  readonly slots: ReadonlyMap<Address, ReadonlyMap<bigint, Change<bigint>>>;
  /** Code deployed in the block, by hash. */
  readonly codes: ReadonlyMap<Digest, Uint8Array>;
}

export const isUnchanged = (changes: StateChanges): boolean => changes.accounts.size === 0 && changes.slots.size === 0;

const encodeMaybeAccount = (account: Account | undefined): Uint8Array =>
  encodeBytes(account === undefined ? noBytes : encodeAccount(account));

const decodeMaybeAccount = (encoded: Uint8Array): Account | undefined =>
  encoded.length === 0 ? undefined : decodeAccount(encoded);

/** RLP: [[address, before, after]…], [[address, [slot, before, after]…]…], [code…]. */
export function encodeStateChanges(changes: StateChanges): Uint8Array {
  const accounts: Uint8Array[] = [];
  for (const [address, { before, after }] of changes.accounts) {
    accounts.push(encodeBytes(hexToBytes(address)), encodeMaybeAccount(before), encodeMaybeAccount(after));
  }
  const slots: Uint8Array[] = [];
  for (const [address, changed] of changes.slots) {
    const items: Uint8Array[] = [];
    for (const [slot, { before, after }] of changed) {
      items.push(encodeQuantity(slot), encodeQuantity(before), encodeQuantity(after));
    }
    slots.push(encodeBytes(hexToBytes(address)), encodeList(items));
  }
  const codes: Uint8Array[] = [];
  for (const [hash, code] of changes.codes) codes.push(encodeBytes(hexToBytes(hash)), encodeBytes(code));
  return encodeList([encodeList(accounts), encodeList(slots), encodeList(codes)]);
}

export function decodeStateChanges(encoded: Uint8Array): StateChanges {
  const fields = new RlpReader(encoded).list("state changes");
  const accounts = new Map<Address, Change<Account | undefined>>();
  for (const list = fields.list("changed accounts"); !list.atEnd; ) {
    const address = bytesToHex(list.bytes("an address")) as Address;
    const before = decodeMaybeAccount(list.bytes("an account"));
    accounts.set(address, { before, after: decodeMaybeAccount(list.bytes("an account")) });
  }
  const slots = new Map<Address, Map<bigint, Change<bigint>>>();
  for (const list = fields.list("changed slots"); !list.atEnd; ) {
    const address = bytesToHex(list.bytes("an address")) as Address;
    const changed = new Map<bigint, Change<bigint>>();
    for (const items = list.list("slots"); !items.atEnd; ) {
      const slot = items.quantity("a slot");
      const before = items.quantity("a value");
      changed.set(slot, { before, after: items.quantity("a value") });
    }
    slots.set(address, changed);
  }
  const codes = new Map<Digest, Uint8Array>();
  for (const list = fields.list("codes"); !list.atEnd; ) {
    const hash = bytesToHex(list.bytes("a code hash")) as Digest;
    codes.set(hash, list.bytes("code").slice());
  }
  return { accounts, slots, codes };
}
