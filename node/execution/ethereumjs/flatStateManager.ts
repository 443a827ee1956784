// The state as @ethereumjs/evm wants to see it: a thin translation to `JournaledState`. Everything beneath is
// synchronous; the promises are the interface's.
import type { AccountFields, StateManagerInterface } from "@ethereumjs/common";
import { Account as EvmAccount, type Address as EvmAddress } from "@ethereumjs/util";
import type { Address, Digest } from "../../types/brands.ts";
import { InvariantError } from "../../types/errors.ts";
import { bigIntToBytes, bytesToBigInt, bytesToHex, hexToBytes } from "../bytes.ts";
import { type Account, emptyAccount, emptyCodeHash, emptyRoot } from "../state/account.ts";
import type { JournaledState } from "../state/journaledState.ts";

const emptyRootBytes = hexToBytes(emptyRoot);
const emptyCodeHashBytes = hexToBytes(emptyCodeHash);

const hashBytes = (hash: Digest): Uint8Array =>
  hash === emptyRoot ? emptyRootBytes : hash === emptyCodeHash ? emptyCodeHashBytes : hexToBytes(hash);

const addressOf = (address: EvmAddress): Address => bytesToHex(address.bytes) as Address;

export class FlatStateManager implements StateManagerInterface {
  #state: JournaledState | undefined;

  /** The state that the next messages run on. */
  use(state: JournaledState): void {
    this.#state = state;
  }

  get state(): JournaledState {
    if (this.#state === undefined) throw new InvariantError("NO_STATE", {}, "the EVM was run without a state");
    return this.#state;
  }

  readonly originalStorageCache = {
    get: async (address: EvmAddress, key: Uint8Array): Promise<Uint8Array> =>
      bigIntToBytes(this.state.originalSlot(addressOf(address), bytesToBigInt(key))),
    clear: (): void => undefined,
  };

  async getAccount(address: EvmAddress): Promise<EvmAccount | undefined> {
    const account = this.state.account(addressOf(address));
    if (account === undefined) return undefined;
    const { nonce, balance, storageRoot, codeHash } = account;
    return new EvmAccount(BigInt(nonce), balance, hashBytes(storageRoot), hashBytes(codeHash));
  }

  async putAccount(address: EvmAddress, account?: EvmAccount): Promise<void> {
    const key = addressOf(address);
    if (account === undefined) {
      this.state.removeAccount(key);
      return;
    }
    const { storageRoot } = this.state.account(key) ?? emptyAccount;
    const nonce = Number(account.nonce);
    const codeHash = bytesToHex(account.codeHash) as Digest;
    this.state.setAccount(key, { nonce, balance: account.balance, storageRoot, codeHash });
  }

  async deleteAccount(address: EvmAddress): Promise<void> {
    this.state.removeAccount(addressOf(address));
  }

  async modifyAccountFields(address: EvmAddress, fields: AccountFields): Promise<void> {
    const key = addressOf(address);
    let account: Account = this.state.account(key) ?? emptyAccount;
    if (typeof fields.nonce === "bigint") account = { ...account, nonce: Number(fields.nonce) };
    if (typeof fields.balance === "bigint") account = { ...account, balance: fields.balance };
    if (fields.codeHash !== undefined) account = { ...account, codeHash: bytesToHex(fields.codeHash) as Digest };
    this.state.setAccount(key, account);
  }

  async putCode(address: EvmAddress, code: Uint8Array): Promise<void> {
    this.state.setCode(addressOf(address), code);
  }

  async getCode(address: EvmAddress): Promise<Uint8Array> {
    return this.state.code(this.state.account(addressOf(address))?.codeHash ?? emptyCodeHash);
  }

  async getCodeSize(address: EvmAddress): Promise<number> {
    return (await this.getCode(address)).length;
  }

  async getStorage(address: EvmAddress, key: Uint8Array): Promise<Uint8Array> {
    return bigIntToBytes(this.state.slot(addressOf(address), bytesToBigInt(key)));
  }

  async putStorage(address: EvmAddress, key: Uint8Array, value: Uint8Array): Promise<void> {
    this.state.setSlot(addressOf(address), bytesToBigInt(key), bytesToBigInt(value));
  }

  async clearStorage(address: EvmAddress): Promise<void> {
    this.state.clearStorage(addressOf(address));
  }

  async checkpoint(): Promise<void> {
    this.state.checkpoint();
  }

  async commit(): Promise<void> {
    this.state.commit();
  }

  async revert(): Promise<void> {
    this.state.revert();
  }

  async getStateRoot(): Promise<Uint8Array> {
    throw new InvariantError("NO_STATE_ROOT", {}, "the state root is known only when the block has ended");
  }

  async setStateRoot(): Promise<void> {
    throw new InvariantError("NO_STATE_ROOT", {}, "the state is chosen by the block, not by its root");
  }

  async hasStateRoot(): Promise<boolean> {
    return false;
  }

  clearCaches(): void {}

  shallowCopy(): StateManagerInterface {
    return new FlatStateManager();
  }
}
