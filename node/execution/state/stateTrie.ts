// The state's commitment: one trie of accounts, and one of storage for each account that has any (Ethereum yellow
// paper, section 4.1). Keys are hashed; nodes are named by their trie and path.
import { keccak256 } from "../../crypto/keccak.ts";
import type { Address, Digest } from "../../types/brands.ts";
import { encodeBytes } from "../../types/rlpWriter.ts";
import { bigIntToBytes, bigIntToWord, bytesToHex, hexToBytes } from "../bytes.ts";
import { type NodeSource, nibblesOf } from "../trie/nodeSource.ts";
import { compareKeys, type NodeChanges, type TrieChange, updateTrie } from "../trie/updateTrie.ts";
import { type Account, emptyRoot, encodeAccount } from "./account.ts";
import type { Change, StateChanges } from "./stateChanges.ts";

/** Name of the account trie. */
export const accountTrie = "\x00";

/** Name of the storage trie of an account. */
export const storageTrie = (address: Address): string =>
  `\x01${Buffer.from(address.slice(2), "hex").toString("latin1")}`;

export const accountKey = (address: Address): Uint8Array => nibblesOf(keccak256(hexToBytes(address)));

export const slotKey = (slot: bigint): Uint8Array => nibblesOf(keccak256(bigIntToWord(slot)));

/** What lies in a storage trie: RLP of the number without leading zeros; nothing for 0. */
const slotValue = (value: bigint): Uint8Array | undefined =>
  value === 0n ? undefined : encodeBytes(bigIntToBytes(value));

/** Root of an account's storage after `slots` have taken the given values. */
export function updateStorageTrie(
  source: NodeSource,
  address: Address,
  slots: Iterable<readonly [slot: bigint, value: bigint]>,
  nodes: NodeChanges,
): Digest {
  const changes: TrieChange[] = [];
  for (const [slot, value] of slots) changes.push({ key: slotKey(slot), value: slotValue(value) });
  const root = updateTrie(source, storageTrie(address), changes.sort(compareKeys), nodes);
  return root === undefined ? emptyRoot : (bytesToHex(root) as Digest);
}

/** Root of the state after `accounts` have taken the given values. */
export function updateAccountTrie(
  source: NodeSource,
  accounts: Iterable<readonly [address: Address, account: Account | undefined]>,
  nodes: NodeChanges,
): Digest {
  const changes: TrieChange[] = [];
  for (const [address, account] of accounts) {
    changes.push({ key: accountKey(address), value: account && encodeAccount(account) });
  }
  const root = updateTrie(source, accountTrie, changes.sort(compareKeys), nodes);
  return root === undefined ? emptyRoot : (bytesToHex(root) as Digest);
}

export interface CommittedChanges {
  readonly stateRoot: Digest;
  /** The changes with the new storage roots in their accounts. */
  readonly changes: StateChanges;
  readonly nodes: NodeChanges;
}

/** Brings the tries up to date with a block's changes. */
export function commitChanges(source: NodeSource, changes: StateChanges): CommittedChanges {
  const nodes: NodeChanges = new Map();
  const accounts = new Map<Address, Change<Account | undefined>>(changes.accounts);
  for (const [address, slots] of changes.slots) {
    const change = accounts.get(address);
    if (change?.after === undefined) continue;
    const storageRoot = updateStorageTrie(source, address, afterwards(slots), nodes);
    accounts.set(address, { before: change.before, after: { ...change.after, storageRoot } });
  }
  const stateRoot = updateAccountTrie(source, afterwards(accounts), nodes);
  return { stateRoot, changes: { ...changes, accounts }, nodes };
}

function* afterwards<K, V>(changes: ReadonlyMap<K, Change<V>>): Iterable<readonly [K, V]> {
  for (const [key, { after }] of changes) yield [key, after];
}
