// State at height 0, made by executing creation code, so that constructors, immutables and EIP-712 domain separators
// come out exactly as on a chain where the contracts had been deployed to these addresses.
import { type Common, createCustomCommon, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM, type EVM, type ExecResult } from "@ethereumjs/evm";
import { SimpleStateManager } from "@ethereumjs/statemanager";
import { Account, bytesToHex, Address as EvmAddress, hexToBytes, setLengthLeft } from "@ethereumjs/util";
import { type Abi, decodeErrorResult } from "viem";
import { Address, type Hex } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";
import type { Genesis, GenesisAccount } from "../types/genesis.ts";

/** One contract to create. */
export interface Creation {
  readonly name: string;
  readonly address: Address;
  /** Creation code with the encoded constructor arguments behind it. */
  readonly code: Hex;
  /** Names its errors. */
  readonly abi: Abi;
}

/** One call to make after all contracts exist. */
export interface InitialCall {
  readonly name: string;
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
  readonly abi: Abi;
}

export interface GenesisStateInput {
  readonly chainId: number;
  readonly timestampMs: number;
  /** msg.sender of every constructor. */
  readonly creator: Address;
  /** Accounts that exist before the first creation, for example with a balance. */
  readonly accounts: Genesis["alloc"];
  readonly creations: readonly Creation[];
  readonly calls: readonly InitialCall[];
}

/** Gas for one creation or call at genesis; no block limits it. */
const genesisGasLimit = 500_000_000n;

const evmAddress = (address: Address): EvmAddress => new EvmAddress(hexToBytes(address));

/** "OperatorsInvalidOperator(0x…)", as far as the ABI knows the error. */
function reasonOf(error: string, data: Hex, abi: Abi): string {
  if (data === "0x") return error;
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi, data });
    return `${errorName}(${args.map(String).join(", ")})`;
  } catch {
    // An error of a contract further down.
    return `${error}, data ${data}`;
  }
}

function refuseFailure(what: string, result: ExecResult, abi: Abi): void {
  if (result.exceptionError === undefined) return;
  const reason = reasonOf(result.exceptionError.error, bytesToHex(result.returnValue), abi);
  throw new AllotError("GENESIS_EXECUTION_FAILED", { what, reason }, `genesis: ${what} failed: ${reason}`);
}

async function setAccount(state: SimpleStateManager, address: Address, entry: GenesisAccount): Promise<void> {
  const at = evmAddress(address);
  await state.putAccount(at, new Account(BigInt(entry.nonce ?? "0x0"), BigInt(entry.balance ?? "0x0")));
  if (entry.code !== undefined) await state.putCode(at, hexToBytes(entry.code));
  for (const [slot, word] of Object.entries(entry.storage ?? {})) {
    await state.putStorage(at, hexToBytes(slot as Hex), hexToBytes(word));
  }
}

/** A block header with what the EVM reads of it. */
function blockOf(timestampMs: number) {
  const zero = new Uint8Array(32);
  return {
    header: {
      number: 0n,
      timestamp: BigInt(Math.floor(timestampMs / 1000)),
      coinbase: new EvmAddress(new Uint8Array(20)),
      difficulty: 0n,
      prevRandao: zero,
      gasLimit: genesisGasLimit,
      baseFeePerGas: 0n,
      getBlobGasPrice: () => 0n,
    },
  } as unknown as NonNullable<Parameters<EVM["runCode"]>[0]["block"]>;
}

/** Ends what belongs to one transaction: warm addresses, transient storage, original values. */
async function endTransaction(evm: EVM, state: SimpleStateManager): Promise<void> {
  await evm.journal.cleanup();
  evm.transientStorage.clear();
  state.originalStorageCache.clear();
}

const sortedEntries = <T>(entries: Iterable<readonly [string, T]>): [string, T][] =>
  [...entries].map(([key, value]): [string, T] => [key, value]).sort(([a], [b]) => (a < b ? -1 : 1));

/** Everything in the state, in a canonical order. Empty accounts and zero words do not exist. */
function exportState(state: SimpleStateManager): Genesis["alloc"] {
  const storage = new Map<string, [string, Hex][]>();
  for (const [key, value] of sortedEntries(state.storageStack.at(-1) ?? new Map())) {
    const separator = key.indexOf("_");
    const word = setLengthLeft(value, 32);
    if (word.every((byte) => byte === 0)) continue;
    const at = key.slice(0, separator);
    const slots = storage.get(at) ?? [];
    slots.push([`0x${key.slice(separator + 1).replace(/^0x/, "")}`, bytesToHex(word)]);
    storage.set(at, slots);
  }
  const alloc: Record<Address, GenesisAccount> = {};
  for (const [at, account] of sortedEntries(state.accountStack.at(-1) ?? new Map())) {
    if (account === undefined || account.isEmpty()) continue;
    const code = state.codeStack.at(-1)?.get(at as Hex);
    const slots = storage.get(at);
    alloc[Address(at)] = {
      ...(account.balance > 0n && { balance: `0x${account.balance.toString(16)}` as const }),
      ...(account.nonce > 0n && { nonce: `0x${account.nonce.toString(16)}` as const }),
      ...(code !== undefined && code.length > 0 && { code: bytesToHex(code) }),
      ...(slots !== undefined && { storage: Object.fromEntries(slots) }),
    };
  }
  return alloc;
}

/**
 * Runs every creation, then every call, in order.
 * @returns the state as `alloc`, addresses and slots in ascending order
 * @throws AllotError GENESIS_EXECUTION_FAILED when a constructor or a call reverts
 */
export async function genesisState(input: GenesisStateInput): Promise<Genesis["alloc"]> {
  const common: Common = createCustomCommon({ chainId: input.chainId }, Mainnet, { hardfork: Hardfork.Cancun });
  const state = new SimpleStateManager({ common });
  for (const [address, entry] of Object.entries(input.accounts)) await setAccount(state, Address(address), entry);
  const evm = await createEVM({ common, stateManager: state });
  const block = blockOf(input.timestampMs);
  const caller = evmAddress(input.creator);

  for (const { name, address, code, abi } of input.creations) {
    const to = evmAddress(address);
    // EIP-161: a contract's nonce starts at 1, also while its constructor runs.
    await state.putAccount(to, new Account(1n, (await state.getAccount(to))?.balance ?? 0n));
    const result = await evm.runCode({
      code: hexToBytes(code),
      to,
      caller,
      origin: caller,
      block,
      gasLimit: genesisGasLimit,
    });
    refuseFailure(`the constructor of ${name}`, result, abi);
    await state.putCode(to, result.returnValue);
    await endTransaction(evm, state);
  }
  for (const { name, from, to, data, abi } of input.calls) {
    const sender = evmAddress(from);
    const nonceBefore = (await state.getAccount(sender))?.nonce ?? 0n;
    const result = await evm.runCall({
      caller: sender,
      origin: sender,
      to: evmAddress(to),
      data: hexToBytes(data),
      block,
      gasLimit: genesisGasLimit,
      skipBalance: true,
    });
    refuseFailure(name, result.execResult, abi);
    // Nobody signed a transaction: whoever is named as the caller starts with the nonce it had.
    const after = await state.getAccount(sender);
    if (after !== undefined)
      await state.putAccount(sender, new Account(nonceBefore, after.balance, after.storageRoot, after.codeHash));
    await endTransaction(evm, state);
  }
  return exportState(state);
}
