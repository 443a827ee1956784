// The precompiled contracts of @ethereumjs/evm. What takes milliseconds (long exponents, many pairings, many rounds)
// runs on a thread of its own: gas is no measure of the time that these take in JavaScript, and a validator must
// not miss its votes because of a call. Where it runs does not change what it gives.
import { Worker } from "node:worker_threads";
import { precompileInlineBytesMax, precompileInlineRoundsMax, precompileInlineWorkMax } from "../../config/limits.ts";
import type { Address } from "../../types/brands.ts";
import { InvariantError } from "../../types/errors.ts";
import { bytesToBigInt } from "../bytes.ts";
import type { Precompile, PrecompileResult } from "../interpreter/transactionContext.ts";
import { BlockHashes, createEvm } from "./evm.ts";
import { FlatStateManager } from "./flatStateManager.ts";

/** One call of a precompiled contract, as the thread gets it. */
export interface PrecompileCall {
  readonly address: Address;
  readonly data: Uint8Array;
  readonly gas: number;
}

/** Runs precompiled contracts where it is called. */
export type RunInline = (call: PrecompileCall) => PrecompileResult;

const numbered = (number: number): Address => `0x${number.toString(16).padStart(40, "0")}` as Address;
const ripemd160 = numbered(3);
const modexp = numbered(5);
const pairing = numbered(8);
const blake2f = numbered(9);
const pairingBytes = 192;

/** Every precompiled contract of Cancun, run synchronously. */
export function inlinePrecompiles(chainId: number): {
  readonly addresses: readonly Address[];
  readonly run: RunInline;
} {
  const evm = createEvm(chainId, new FlatStateManager(), new BlockHashes());
  const addresses = [...evm.precompiles.keys()].map((address) => `0x${address}` as Address);
  const run: RunInline = ({ address, data, gas }) => {
    const contract = evm.precompiles.get(address.slice(2)) as NonNullable<ReturnType<typeof evm.precompiles.get>>;
    const result = contract({ data, gasLimit: BigInt(gas), common: evm.common, _EVM: evm });
    if (result instanceof Promise)
      throw new InvariantError("PRECOMPILE_ASYNC", { address }, "a precompile is asynchronous");
    const { exceptionError, executionGasUsed, returnValue } = result;
    return { error: exceptionError?.error, gasUsed: Number(executionGasUsed), output: returnValue };
  };
  return { addresses, run };
}

/** Whether a call can take longer than a few milliseconds. */
export function isLong({ address, data }: PrecompileCall): boolean {
  if (address === ripemd160) return data.length > precompileInlineBytesMax;
  if (address === blake2f) return data.length >= 4 && bytesToBigInt(data.subarray(0, 4)) > precompileInlineRoundsMax;
  if (address === pairing) return data.length > pairingBytes;
  if (address === modexp) return modexpWork(data) > precompileInlineWorkMax;
  return false;
}

/** Multiplications of words that a modular exponentiation takes, more or less: EIP-198's complexity by its length. */
function modexpWork(data: Uint8Array): number {
  const lengthAt = (offset: number): number => {
    const word = data.subarray(offset, offset + 32);
    return word.length === 0 ? 0 : Number(bytesToBigInt(word) << BigInt(8 * (32 - word.length)));
  };
  const words = Math.ceil(Math.max(lengthAt(0), lengthAt(64)) / 8);
  return words * words * 8 * Math.max(1, lengthAt(32));
}

/** The precompiled contracts of one runner, which has one call at a time. */
export class Precompiles {
  readonly #chainId: number;
  readonly #inline: RunInline;
  readonly table: ReadonlyMap<Address, Precompile>;
  #thread: Worker | undefined;
  #answer: PromiseWithResolvers<PrecompileResult> | undefined;

  constructor(chainId: number) {
    this.#chainId = chainId;
    const { addresses, run } = inlinePrecompiles(chainId);
    this.#inline = run;
    this.table = new Map(addresses.map((address) => [address, (data, gas) => this.#run({ address, data, gas })]));
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
    this.#thread = undefined;
  }

  #run(call: PrecompileCall): PrecompileResult | Promise<PrecompileResult> {
    return isLong(call) ? this.#runOnThread(call) : this.#inline(call);
  }

  /** A thread that fails, for want of memory say, decides nothing: then the call runs here, however long it takes. */
  async #runOnThread(call: PrecompileCall): Promise<PrecompileResult> {
    const thread = this.#thread ?? this.#start();
    this.#answer = Promise.withResolvers();
    thread.ref();
    thread.postMessage({ ...call, data: call.data.slice() });
    try {
      return await this.#answer.promise;
    } catch {
      return this.#inline(call);
    } finally {
      // A process that has nothing else to do may end.
      thread.unref();
    }
  }

  #start(): Worker {
    const thread = new Worker(new URL("./precompileThread.ts", import.meta.url), { workerData: this.#chainId });
    const failed = (failure: unknown): void => {
      if (this.#thread === thread) this.#thread = undefined;
      this.#answer?.reject(failure);
    };
    thread.on("message", (result: PrecompileResult) => this.#answer?.resolve(result));
    thread.on("error", failed);
    thread.on("exit", failed);
    this.#thread = thread;
    return thread;
  }
}
