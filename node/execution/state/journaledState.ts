// The state while a block is being executed: what transactions have changed so far, over the state that the block
// started from. Every change can be taken back to a checkpoint, and knows the value at the start of the transaction
// (for gas) and at the start of the block (for the block's changes). What a transaction has touched before, and so
// gets at the warm price (EIP-2929), is noted in the same entries: one look-up serves both.
import { keccak256Hex } from "../../crypto/keccak.ts";
import type { Address, Digest } from "../../types/brands.ts";
import { InvariantError, unreachable } from "../../types/errors.ts";
import { noBytes } from "../bytes.ts";
import { type Account, emptyAccount, emptyCodeHash, isEmpty } from "./account.ts";
import type { Change, StateChanges } from "./stateChanges.ts";
import type { StateReader } from "./stateReader.ts";

export interface SlotEntry {
  readonly atBlockStart: bigint;
  /** Valid while `writtenIn` is the current transaction; otherwise the value at the transaction's start is `value`. */
  atTransactionStart: bigint;
  /** Number of the last transaction that wrote the slot. */
  writtenIn: number;
  value: bigint;
  /** Number of the transaction in which the slot is warm. */
  warmIn: number;
}

export interface AccountEntry {
  readonly address: Address;
  readonly atBlockStart: Account | undefined;
  current: Account | undefined;
  readonly slots: Map<bigint, SlotEntry>;
  /** EIP-1153; undefined while nothing is stored. */
  transient: Map<bigint, bigint> | undefined;
  /** Number of the transaction in which the account is warm; infinite for one that always is. */
  warmIn: number;
}

type JournalRecord =
  | { readonly kind: "account"; readonly target: AccountEntry; readonly before: Account | undefined }
  | { readonly kind: "slot"; readonly target: SlotEntry; readonly before: bigint }
  | { readonly kind: "warm"; readonly target: AccountEntry | SlotEntry; readonly before: number }
  | { readonly kind: "transient"; readonly target: AccountEntry; readonly slot: bigint; readonly before: bigint };

export class JournaledState implements StateReader {
  readonly #base: StateReader;
  readonly #entries = new Map<Address, AccountEntry>();
  readonly #codes = new Map<Digest, Uint8Array>();
  readonly #journal: JournalRecord[] = [];
  readonly #checkpoints: number[] = [];
  #transaction = 0;

  constructor(base: StateReader) {
    this.#base = base;
  }

  /** Ends a transaction: what it changed can no longer be taken back, and is the next one's original value. Accounts
   * that it left empty are removed (EIP-161); there are none from before, so only what it changed is looked at. */
  endTransaction(): void {
    if (this.#checkpoints.length !== 0) {
      const open = this.#checkpoints.length;
      throw new InvariantError("OPEN_CHECKPOINT", { open }, `a transaction ended with ${open} checkpoints open`);
    }
    for (const record of this.#journal) {
      if (record.kind === "account") {
        const { current } = record.target;
        if (current !== undefined && isEmpty(current)) record.target.current = undefined;
      } else if (record.kind === "transient") {
        record.target.transient = undefined;
      }
    }
    this.#journal.length = 0;
    this.#transaction++;
  }

  checkpoint(): void {
    this.#checkpoints.push(this.#journal.length);
  }

  /** Keeps what happened since the last checkpoint. */
  commit(): void {
    this.#popCheckpoint();
  }

  /** Takes back what happened since the last checkpoint. */
  revert(): void {
    const length = this.#popCheckpoint();
    while (this.#journal.length > length) undo(this.#journal.pop() as JournalRecord);
  }

  account(address: Address): Account | undefined {
    return this.entry(address).current;
  }

  slot(address: Address, slot: bigint): bigint {
    return this.slotEntry(this.entry(address), slot).value;
  }

  /** The slot's value when the transaction started. */
  originalSlot(address: Address, slot: bigint): bigint {
    return this.originalOf(this.slotEntry(this.entry(address), slot));
  }

  originalOf(entry: SlotEntry): bigint {
    return entry.writtenIn === this.#transaction ? entry.atTransactionStart : entry.value;
  }

  code(codeHash: Digest): Uint8Array {
    if (codeHash === emptyCodeHash) return noBytes;
    return this.#codes.get(codeHash) ?? this.#base.code(codeHash);
  }

  setAccount(address: Address, account: Account | undefined): void {
    this.setEntry(this.entry(address), account);
  }

  setEntry(entry: AccountEntry, account: Account | undefined): void {
    this.#journal.push({ kind: "account", target: entry, before: entry.current });
    entry.current = account;
  }

  setSlot(address: Address, slot: bigint, value: bigint): void {
    this.setSlotEntry(this.slotEntry(this.entry(address), slot), value);
  }

  setSlotEntry(entry: SlotEntry, value: bigint): void {
    if (entry.value === value) return;
    this.#journal.push({ kind: "slot", target: entry, before: entry.value });
    if (entry.writtenIn !== this.#transaction) {
      entry.writtenIn = this.#transaction;
      entry.atTransactionStart = entry.value;
    }
    entry.value = value;
  }

  setTransient(entry: AccountEntry, slot: bigint, value: bigint): void {
    entry.transient ??= new Map();
    this.#journal.push({ kind: "transient", target: entry, slot, before: entry.transient.get(slot) ?? 0n });
    entry.transient.set(slot, value);
  }

  /** Makes an account or slot warm and says whether it was cold. */
  warm(entry: AccountEntry | SlotEntry): boolean {
    if (entry.warmIn >= this.#transaction) return false;
    this.#journal.push({ kind: "warm", target: entry, before: entry.warmIn });
    entry.warmIn = this.#transaction;
    return true;
  }

  /** Makes an account warm in every transaction, as precompiled contracts are. */
  keepWarm(address: Address): void {
    this.entry(address).warmIn = Number.POSITIVE_INFINITY;
  }

  setCode(address: Address, code: Uint8Array): void {
    const codeHash = code.length === 0 ? emptyCodeHash : keccak256Hex(code);
    if (code.length > 0) this.#codes.set(codeHash, code);
    this.setAccount(address, { ...(this.account(address) ?? emptyAccount), codeHash });
  }

  /** Removes an account that was created in this block; only such a one can have its storage cleared (EIP-6780). */
  removeAccount(address: Address): void {
    this.clearStorage(address);
    this.setAccount(address, undefined);
  }

  /** Clears what has been stored in this block, which is everything an account without code before it can hold. */
  clearStorage(address: Address): void {
    for (const slot of this.entry(address).slots.values()) this.setSlotEntry(slot, 0n);
  }

  entry(address: Address): AccountEntry {
    let entry = this.#entries.get(address);
    if (entry === undefined) {
      const account = this.#base.account(address);
      entry = {
        address,
        atBlockStart: account,
        current: account,
        slots: new Map(),
        transient: undefined,
        warmIn: -1,
      };
      this.#entries.set(address, entry);
    }
    return entry;
  }

  slotEntry({ address, slots }: AccountEntry, slot: bigint): SlotEntry {
    let entry = slots.get(slot);
    if (entry === undefined) {
      const value = this.#base.slot(address, slot);
      entry = { atBlockStart: value, atTransactionStart: value, writtenIn: -1, value, warmIn: -1 };
      slots.set(slot, entry);
    }
    return entry;
  }

  /** What has changed since the block started. Storage roots are still the old ones. */
  changes(): StateChanges {
    const accounts = new Map<Address, Change<Account | undefined>>();
    const slots = new Map<Address, ReadonlyMap<bigint, Change<bigint>>>();
    const codes = new Map<Digest, Uint8Array>();
    for (const [address, entry] of this.#entries) {
      const changed = changedSlots(entry);
      if (changed.size > 0) slots.set(address, changed);
      const { atBlockStart: before, current: after } = entry;
      if (changed.size > 0 || !equalAccounts(before, after)) accounts.set(address, { before, after });
      const code = after && this.#codes.get(after.codeHash);
      if (after !== undefined && code !== undefined) codes.set(after.codeHash, code);
    }
    return { accounts, slots, codes };
  }

  #popCheckpoint(): number {
    const length = this.#checkpoints.pop();
    if (length === undefined) throw new InvariantError("NO_CHECKPOINT", {}, "there is no checkpoint to return to");
    return length;
  }
}

function undo(record: JournalRecord): void {
  switch (record.kind) {
    case "account":
      record.target.current = record.before;
      return;
    case "slot":
      record.target.value = record.before;
      return;
    case "warm":
      record.target.warmIn = record.before;
      return;
    case "transient":
      record.target.transient?.set(record.slot, record.before);
      return;
    default:
      unreachable(record);
  }
}

function changedSlots(entry: AccountEntry): Map<bigint, Change<bigint>> {
  const changed = new Map<bigint, Change<bigint>>();
  for (const [slot, { atBlockStart, value }] of entry.slots) {
    if (value !== atBlockStart) changed.set(slot, { before: atBlockStart, after: value });
  }
  return changed;
}

function equalAccounts(a: Account | undefined, b: Account | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return a.nonce === b.nonce && a.balance === b.balance && a.codeHash === b.codeHash;
}
