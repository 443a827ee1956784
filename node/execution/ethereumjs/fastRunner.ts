// Messages on our own loop, with the precompiled contracts of @ethereumjs/evm.
import { setImmediate } from "node:timers/promises";
import type { Address } from "../../types/brands.ts";
import { createdWord } from "../interpreter/calls.ts";
import { Execution } from "../interpreter/execution.ts";
import type { Message, Outcome } from "../interpreter/message.ts";
import { type BlockWords, framePools, TransactionContext } from "../interpreter/transactionContext.ts";
import { addressOf } from "../interpreter/words.ts";
import { emptyAccount } from "../state/account.ts";
import type { JournaledState } from "../state/journaledState.ts";
import {
  afterRefund,
  type BlockEnvironment,
  type MessageResult,
  type MessageRunner,
  type TopMessage,
} from "./messageRunner.ts";
import { Precompiles } from "./precompiles.ts";

const nothing = new Uint8Array(0);

export class FastRunner implements MessageRunner {
  readonly #chainId: bigint;
  readonly #precompiles: Precompiles;
  readonly #pools = framePools();
  /** States in which the precompiled contracts are warm. */
  readonly #prepared = new WeakSet<JournaledState>();
  readonly #blocks = new WeakMap<BlockEnvironment, BlockWords>();

  constructor(chainId: number) {
    this.#chainId = BigInt(chainId);
    this.#precompiles = new Precompiles(chainId);
  }

  isPrecompile(address: Address): boolean {
    return this.#precompiles.table.has(address);
  }

  /** Nearly every message ends within its first turn, and then without a promise. */
  run(
    state: JournaledState,
    environment: BlockEnvironment,
    message: TopMessage,
    intrinsic: number,
  ): MessageResult | Promise<MessageResult> {
    const block = this.#blockWords(environment);
    const context = new TransactionContext(state, block, BigInt(message.from), this.#precompiles.table, this.#pools);
    const sender = state.account(message.from) ?? emptyAccount;
    const inner = innerMessage(message, sender.nonce, context.origin, message.gasLimit - intrinsic);
    this.#warm(state, environment, message, inner);
    state.setAccount(message.from, { ...sender, nonce: sender.nonce + 1 });
    const execution = new Execution(context, inner);
    const outcome = execution.run();
    if (outcome !== undefined) return end(context, outcome, message.gasLimit);
    return runOn(execution).then((later) => end(context, later, message.gasLimit));
  }

  close(): Promise<void> {
    return this.#precompiles.close();
  }

  /** EIP-2929, EIP-2930 and EIP-3651: what a transaction may touch at the warm price from its start. */
  #warm(state: JournaledState, environment: BlockEnvironment, message: TopMessage, inner: Message): void {
    if (!this.#prepared.has(state)) {
      for (const precompile of this.#precompiles.table.keys()) state.keepWarm(precompile);
      this.#prepared.add(state);
    }
    state.warm(state.entry(message.from));
    state.warm(state.entry(inner.target));
    state.warm(state.entry(environment.coinbase));
    for (const { address, storageKeys } of message.accessList) {
      const entry = state.entry(address);
      state.warm(entry);
      for (const key of storageKeys) state.warm(state.slotEntry(entry, BigInt(key)));
    }
  }

  #blockWords(environment: BlockEnvironment): BlockWords {
    let words = this.#blocks.get(environment);
    if (words === undefined) {
      words = {
        number: environment.number,
        coinbase: BigInt(environment.coinbase),
        timestamp: BigInt(environment.timestamp),
        prevRandao: BigInt(environment.prevRandao),
        gasLimit: BigInt(environment.gasLimit),
        chainId: this.#chainId,
        executionHashAt: environment.executionHashAt,
      };
      this.#blocks.set(environment, words);
    }
    return words;
  }
}

function innerMessage(message: TopMessage, nonce: number, caller: bigint, gas: number): Message {
  const { from, to, value } = message;
  // A plain array: slices of a Buffer are not copies.
  const data = new Uint8Array(message.data.buffer, message.data.byteOffset, message.data.length);
  const common = { caller, payer: from, value, gas, isStatic: false, depth: 0 } as const;
  if (to === undefined) {
    const targetWord = createdWord(from, nonce);
    return { kind: "create", ...common, target: addressOf(targetWord), targetWord, initCode: data };
  }
  return { kind: "call", ...common, target: to, targetWord: BigInt(to), codeAddress: to, transfersValue: true, data };
}

/** Lets everything else have its turn between those of a long execution. */
async function runOn(execution: Execution): Promise<Outcome> {
  for (;;) {
    await (execution.pending ?? setImmediate());
    const outcome = execution.run();
    if (outcome !== undefined) return outcome;
  }
}

function end(context: TransactionContext, outcome: Outcome, gasLimit: number): MessageResult {
  const { state, destroyed, created: createdHere } = context;
  for (const address of destroyed) if (createdHere.includes(address)) state.removeAccount(address);
  state.endTransaction();
  const { error, gasLeft, output, created } = outcome;
  return {
    error,
    gasUsed: afterRefund(gasLimit - gasLeft, error === undefined ? context.refund : 0),
    returnData: error === undefined || error === "revert" ? output : nothing,
    logs: context.logs,
    contractAddress: created === undefined ? undefined : addressOf(created),
  };
}
