import type { AccountEntry } from "../state/journaledState.ts";
import { analysisOf, type CodeAnalysis } from "./codeAnalysis.ts";
import { memoryGas } from "./gasPrices.ts";
import type { Memory } from "./memory.ts";
import type { Message, Outcome } from "./message.ts";
import type { TransactionContext } from "./transactionContext.ts";

export type FrameStatus =
  | "running"
  /** Has used the gas of its turn; it goes on where it stopped. */
  | "paused"
  /** Has ended well; `output` is set. */
  | "returned"
  /** Has taken back what it did; `output` says why. */
  | "reverted"
  /** Has failed with `failure`, and all its gas is gone. */
  | "failed"
  /** Waits for the outcome of `request`. */
  | "waiting";

/** Largest offset or length that memory can have: far more than any gas limit pays for. */
const memoryOffsetMax = 0xffffffffn;

/** One execution of code: its stack, memory and gas. */
export class Frame {
  readonly message: Message;
  readonly context: TransactionContext;
  readonly code: Uint8Array;
  readonly analysis: CodeAnalysis;
  /** The account whose storage and balance the code works on. */
  readonly self: AccountEntry;
  readonly stack: bigint[];
  readonly memory: Memory;
  readonly calldata: Uint8Array;
  /** Items on the stack. */
  height = 0;
  position = 0;
  gas: number;
  /** The frame pauses before an instruction that would leave it less gas than this; set by the loop. */
  pauseBelowGas = 0;
  status: FrameStatus = "running";
  failure: string | undefined;
  output: Uint8Array;
  /** What the last call returned. */
  returned: Uint8Array;
  /** The call or creation that this frame waits for, and where its output goes. */
  request: { readonly message: Message; readonly outputOffset: number; readonly outputLength: number } | undefined;

  constructor(
    message: Message,
    context: TransactionContext,
    code: Uint8Array,
    self: AccountEntry,
    stack: bigint[],
    memory: Memory,
  ) {
    this.message = message;
    this.context = context;
    this.code = code;
    this.analysis = analysisOf(code);
    this.self = self;
    this.stack = stack;
    this.memory = memory;
    this.calldata = message.kind === "create" ? nothing : message.data;
    this.gas = message.gas;
    this.output = nothing;
    this.returned = nothing;
  }

  pop(): bigint {
    return this.stack[--this.height] as bigint;
  }

  push(word: bigint): void {
    this.stack[this.height++] = word;
  }

  fail(reason: string): void {
    this.status = "failed";
    this.failure = reason;
  }

  /** Takes gas; false when there was not enough, and the frame has failed. */
  charge(gas: number): boolean {
    this.gas -= gas;
    if (this.gas >= 0) return true;
    this.fail("out of gas");
    return false;
  }

  /** Pays for memory up to `offset + length`; false when the frame has failed. */
  reserve(offset: bigint, length: bigint): boolean {
    if (length === 0n) return true;
    if (offset > memoryOffsetMax || length > memoryOffsetMax) {
      this.fail("out of gas");
      return false;
    }
    const end = Number(offset) + Number(length);
    const { size } = this.memory;
    if (end <= size) return true;
    const words = Math.ceil(end / 32);
    if (!this.charge(memoryGas(words) - memoryGas(size / 32))) return false;
    this.memory.grow(32 * words);
    return true;
  }

  /** Takes in the outcome of the call that it waited for. */
  resume(outcome: Outcome): void {
    const request = this.request;
    this.request = undefined;
    this.gas += outcome.gasLeft;
    if (request === undefined) return;
    const succeeded = outcome.error === undefined;
    this.returned = outcome.output;
    if (request.message.kind === "create") {
      this.push(succeeded ? (outcome.created ?? 0n) : 0n);
      return;
    }
    const length = Math.min(request.outputLength, outcome.output.length);
    if (length > 0) this.memory.write(request.outputOffset, outcome.output, 0, length);
    this.push(succeeded ? 1n : 0n);
  }
}

const nothing = new Uint8Array(0);
