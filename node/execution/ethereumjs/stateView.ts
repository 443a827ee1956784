import type { Address, Digest, Height, Hex } from "../../types/brands.ts";
import { bigIntToWord, bytesToBigInt, bytesToHex, noBytes } from "../bytes.ts";
import type { AccountProof, CallRequest, CallResult, StateView } from "../engine.ts";
import { initCodeBytesMax, intrinsicGas } from "../intrinsicGas.ts";
import { leastGas } from "../leastGas.ts";
import { emptyAccount } from "../state/account.ts";
import { JournaledState } from "../state/journaledState.ts";
import type { StateReader } from "../state/stateReader.ts";
import { accountKey, accountTrie, slotKey, storageTrie } from "../state/stateTrie.ts";
import type { NodeSource } from "../trie/nodeSource.ts";
import { proveKey } from "../trie/proveKey.ts";
import type { BlockEnvironment, MessageRunner } from "./messageRunner.ts";

/** Lends the runner for calls to one user at a time. */
export type WithRunner = <T>(use: (runner: MessageRunner) => Promise<T>) => Promise<T>;

export interface StateViewParts {
  readonly digest: Digest;
  readonly height: Height;
  /** Stays right while blocks are committed. */
  readonly state: StateReader;
  readonly trie: (address: Address) => NodeSource;
  readonly environment: BlockEnvironment;
  readonly withRunner: WithRunner;
}

const callFailure = (error: string): CallResult => ({ success: false, returnData: noBytes, gasUsed: 0, error });

/** The state after one block, for readers. */
export class FlatStateView implements StateView {
  readonly digest: Digest;
  readonly height: Height;
  readonly #parts: StateViewParts;

  constructor(parts: StateViewParts) {
    this.#parts = parts;
    this.digest = parts.digest;
    this.height = parts.height;
  }

  nonceOf(address: Address): number {
    return this.#state.account(address)?.nonce ?? 0;
  }

  balanceOf(address: Address): bigint {
    return this.#state.account(address)?.balance ?? 0n;
  }

  codeOf(address: Address): Uint8Array {
    const account = this.#state.account(address);
    return account === undefined ? noBytes : this.#state.code(account.codeHash);
  }

  storageAt(address: Address, slot: Uint8Array): Uint8Array {
    return bigIntToWord(this.#state.slot(address, bytesToBigInt(slot)));
  }

  async call(request: CallRequest): Promise<CallResult> {
    return this.#parts.withRunner((runner) => this.#run(runner, request));
  }

  async estimateGas(request: CallRequest): Promise<CallResult> {
    return this.#parts.withRunner((runner) => leastGas(request, (probe) => this.#run(runner, probe)));
  }

  async proof(address: Address, slots: readonly Hex[]): Promise<AccountProof> {
    const account = this.#state.account(address) ?? emptyAccount;
    const trie = this.#parts.trie(address);
    return {
      address,
      account,
      accountProof: proveKey(trie, accountTrie, accountKey(address)).map(bytesToHex),
      storageProof: slots.map((key) => ({
        key,
        value: this.#state.slot(address, BigInt(key)),
        proof: proveKey(trie, storageTrie(address), slotKey(BigInt(key))).map(bytesToHex),
      })),
    };
  }

  get #state(): StateReader {
    return this.#parts.state;
  }

  async #run(runner: MessageRunner, request: CallRequest): Promise<CallResult> {
    const message = { ...request, accessList: [] };
    const intrinsic = intrinsicGas(message);
    if (intrinsic > request.gasLimit) return callFailure("out of gas");
    if (request.to === undefined && request.data.length > initCodeBytesMax) return callFailure("init code too long");
    const state = new JournaledState(this.#state);
    if ((state.account(request.from)?.balance ?? 0n) < request.value) return callFailure("insufficient balance");
    const result = await runner.run(state, this.#parts.environment, message, intrinsic);
    const success = result.error === undefined;
    return { success, returnData: result.returnData, gasUsed: result.gasUsed, error: result.error };
  }
}
