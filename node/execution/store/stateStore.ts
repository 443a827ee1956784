// The committed state. Its tables are brought up to date some blocks at a time: a commit writes only the block with
// its changes, and the changed accounts, slots and trie nodes wait in memory until there are enough of them, so that
// what changes in every block (upper trie nodes, counters) is written once for many blocks. After a crash the waiting
// changes are read again from the blocks.
import {
  accountCacheMax,
  codeCacheMax,
  slotCacheMax,
  stateFlushBlocksMax,
  stateFlushEntriesMax,
  trieNodeCacheMax,
} from "../../config/limits.ts";
import type { Address, Digest, Height } from "../../types/brands.ts";
import { InvariantError } from "../../types/errors.ts";
import { bigIntToBytes, bytesToBigInt, noBytes } from "../bytes.ts";
import { type Account, decodeAccount, emptyCodeHash, emptyRoot, encodeAccount } from "../state/account.ts";
import type { StateChanges } from "../state/stateChanges.ts";
import type { State } from "../state/stateLayer.ts";
import { decodeNode, encodeNode, type TrieNode } from "../trie/node.ts";
import type { NodeChanges } from "../trie/updateTrie.ts";
import type { ExecutionDatabase } from "./database.ts";
import { GenerationalCache } from "./generationalCache.ts";
import { SlotCache } from "./slotCache.ts";

/** What has been committed and is not yet in the tables. */
class Overlay {
  readonly accounts = new Map<Address, Account | undefined>();
  readonly slots = new Map<Address, Map<bigint, bigint>>();
  readonly codes = new Map<Digest, Uint8Array>();
  readonly nodes: NodeChanges = new Map();
  slotCount = 0;
  blocks = 0;
  height: number;

  constructor(height: number) {
    this.height = height;
  }

  get entries(): number {
    return this.accounts.size + this.slotCount + this.nodes.size;
  }

  absorb(changes: StateChanges, nodes: NodeChanges, height: number): void {
    for (const [address, { after }] of changes.accounts) this.accounts.set(address, after);
    for (const [address, changed] of changes.slots) {
      let slots = this.slots.get(address);
      if (slots === undefined) {
        slots = new Map();
        this.slots.set(address, slots);
      }
      for (const [slot, { after }] of changed) {
        if (!slots.has(slot)) this.slotCount++;
        slots.set(slot, after);
      }
    }
    for (const [hash, code] of changes.codes) this.codes.set(hash, code);
    for (const [key, node] of nodes) this.nodes.set(key, node);
    this.blocks++;
    this.height = height;
  }
}

const absent = Symbol("absent");

export class StateStore implements State {
  readonly #database: ExecutionDatabase;
  #overlay: Overlay;
  /** Being written to the tables. */
  #flushing: Overlay | undefined;
  #flush: Promise<void> = Promise.resolve();
  #flushFailure: unknown;
  readonly #accounts = new GenerationalCache<Address, Account | typeof absent>(accountCacheMax / 2);
  readonly #slots = new SlotCache(slotCacheMax / 2);
  readonly #codes = new GenerationalCache<Digest, Uint8Array>(codeCacheMax / 2);
  readonly #nodes = new GenerationalCache<string, TrieNode>(trieNodeCacheMax / 2);

  constructor(database: ExecutionDatabase) {
    this.#database = database;
    this.#overlay = new Overlay(this.applied);
  }

  /** Height up to which the tables hold the state; -1 before genesis. */
  get applied(): number {
    return Number(this.#database.meta("applied") ?? -1);
  }

  account(address: Address): Account | undefined {
    for (const overlay of [this.#overlay, this.#flushing]) {
      if (overlay?.accounts.has(address)) return overlay.accounts.get(address);
    }
    const cached = this.#accounts.get(address);
    if (cached !== undefined) return cached === absent ? undefined : cached;
    const record = this.#database.accounts.getBinaryFast(addressKey(address));
    const account = record && decodeAccount(record);
    this.#accounts.set(address, account ?? absent);
    return account;
  }

  slot(address: Address, slot: bigint): bigint {
    const known = this.#overlay.slots.get(address)?.get(slot) ?? this.#flushing?.slots.get(address)?.get(slot);
    if (known !== undefined) return known;
    const cached = this.#slots.get(address, slot);
    if (cached !== undefined) return cached;
    const account = this.account(address);
    if (account === undefined || account.storageRoot === emptyRoot) return 0n;
    const record = this.#database.slots.getBinaryFast(slotTableKey(address, slot));
    const value = record === undefined ? 0n : bytesToBigInt(record);
    this.#slots.set(address, slot, value);
    return value;
  }

  code(codeHash: Digest): Uint8Array {
    if (codeHash === emptyCodeHash) return noBytes;
    let code = this.#overlay.codes.get(codeHash) ?? this.#flushing?.codes.get(codeHash) ?? this.#codes.get(codeHash);
    if (code !== undefined) return code;
    const record = this.#database.codes.getBinary(Buffer.from(codeHash.slice(2), "hex"));
    if (record === undefined) {
      throw new InvariantError("CODE_MISSING", { codeHash }, `the store has no code with hash ${codeHash}`);
    }
    code = new Uint8Array(record);
    this.#codes.set(codeHash, code);
    return code;
  }

  node(key: string): TrieNode | undefined {
    for (const overlay of [this.#overlay, this.#flushing]) {
      if (overlay?.nodes.has(key)) return overlay.nodes.get(key);
    }
    const cached = this.#nodes.get(key);
    if (cached !== undefined) return cached;
    const record = this.#database.nodes.getBinaryFast(Buffer.from(key, "latin1"));
    if (record === undefined) return undefined;
    // A plain view: slices of a Buffer would share the memory that the next read overwrites.
    const node = decodeNode(new Uint8Array(record.buffer, record.byteOffset, record.length));
    this.#nodes.set(key, node);
    return node;
  }

  /** Makes a committed block's changes part of the state. */
  absorb(changes: StateChanges, nodes: NodeChanges, height: Height): void {
    this.#overlay.absorb(changes, nodes, height);
  }

  /** Starts to write the waiting changes to the tables when there are enough of them, or always with `force`.
   * Resolves at once unless they pile up faster than they can be written.
   * @param alongside puts what belongs into the same transaction; what it returns runs when that has been written */
  async flush(force: boolean, alongside: () => () => void): Promise<void> {
    if (this.#flushFailure !== undefined) throw this.#flushFailure;
    const due = this.#overlay.entries >= stateFlushEntriesMax || this.#overlay.blocks >= stateFlushBlocksMax;
    if (!force && !due) return;
    if (this.#flushing !== undefined) {
      if (!force && this.#overlay.entries < 2 * stateFlushEntriesMax) return;
      await this.#flush;
    }
    const overlay = this.#overlay;
    this.#flushing = overlay;
    this.#overlay = new Overlay(overlay.height);
    let finishAlongside = (): void => undefined;
    const written = this.#database.write(() => {
      this.#put(overlay);
      finishAlongside = alongside();
    });
    this.#flush = written.then(
      () => {
        this.#finishFlush(overlay);
        finishAlongside();
      },
      (failure) => {
        this.#flushFailure = failure;
      },
    );
    if (force) await this.#flush;
    if (this.#flushFailure !== undefined) throw this.#flushFailure;
  }

  #put(overlay: Overlay): void {
    const { accounts, slots, codes, nodes } = this.#database;
    for (const [address, account] of overlay.accounts) {
      if (account === undefined) accounts.remove(addressKey(address));
      else accounts.put(addressKey(address), encodeAccount(account));
    }
    for (const [address, changed] of overlay.slots) {
      for (const [slot, value] of changed) {
        if (value === 0n) slots.remove(slotTableKey(address, slot));
        else slots.put(slotTableKey(address, slot), bigIntToBytes(value));
      }
    }
    for (const [hash, code] of overlay.codes) codes.put(Buffer.from(hash.slice(2), "hex"), code);
    for (const [key, node] of overlay.nodes) {
      if (node === undefined) nodes.remove(Buffer.from(key, "latin1"));
      else nodes.put(Buffer.from(key, "latin1"), encodeNode(node));
    }
    this.#database.setMeta("applied", String(overlay.height));
  }

  /** The tables have it now: what is likely to be read again moves to the caches. */
  #finishFlush(overlay: Overlay): void {
    for (const [address, account] of overlay.accounts) this.#accounts.set(address, account ?? absent);
    for (const [address, changed] of overlay.slots) {
      for (const [slot, value] of changed) this.#slots.set(address, slot, value);
    }
    for (const [hash, code] of overlay.codes) this.#codes.set(hash, code);
    for (const [key, node] of overlay.nodes) {
      if (node === undefined) this.#nodes.delete(key);
      else this.#nodes.set(key, node);
    }
    this.#flushing = undefined;
  }
}

const addressKey = (address: Address): Buffer => Buffer.from(address.slice(2), "hex");

const slotTableKey = (address: Address, slot: bigint): Buffer =>
  Buffer.from(address.slice(2) + slot.toString(16).padStart(64, "0"), "hex");
