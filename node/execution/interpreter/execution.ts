// A message with all the calls and creations that it leads to. Frames stand in a list of their own and not on
// JavaScript's stack, so that no depth of calls can exhaust it.
import { executionTurnMs } from "../../config/limits.ts";
import type { Address } from "../../types/brands.ts";
import { InvariantError } from "../../types/errors.ts";
import { emptyAccount, emptyCodeHash, emptyRoot } from "../state/account.ts";
import type { JournaledState } from "../state/journaledState.ts";
import { Frame } from "./frame.ts";
import { codeByteGas, codeBytesMax } from "./gasPrices.ts";
import type { CallMessage, CreateMessage, Message, Outcome } from "./message.ts";
import { runFrame } from "./runFrame.ts";
import type { PrecompileResult, TransactionContext } from "./transactionContext.ts";

/** EIP-3541: code that starts with this byte is refused. */
const reservedByte = 0xef;
/** Gas after which a frame lets its execution look at the clock: some milliseconds at most. */
const turnGas = 100_000;
const nothing = new Uint8Array(0);

/** How far a transaction had come when a frame began: what a failing frame goes back to. */
interface Marks {
  readonly logs: number;
  readonly destroyed: number;
  readonly created: number;
  readonly refund: number;
}

interface OpenFrame {
  readonly frame: Frame;
  readonly marks: Marks;
}

/** One message from its start to its outcome, in turns: whoever runs it lets other work go first in between. */
export class Execution {
  readonly #context: TransactionContext;
  readonly #open: OpenFrame[] = [];
  /** What the innermost frame waits for. */
  #outcome: Outcome | undefined;
  #pending: Promise<void> | undefined;

  constructor(context: TransactionContext, message: Message) {
    this.#context = context;
    this.#start(message);
  }

  /** Set while a precompiled contract is at work elsewhere; `run` gets nowhere before it has resolved. */
  get pending(): Promise<void> | undefined {
    return this.#pending;
  }

  /** Runs for one turn. Undefined when there is more to do. */
  run(): Outcome | undefined {
    const turnEnd = performance.now() + executionTurnMs;
    do {
      if (this.#pending !== undefined) return undefined;
      const current = this.#open.at(-1);
      if (current === undefined) return this.#ended();
      this.#advance(current);
    } while (performance.now() < turnEnd);
    return this.#open.length === 0 && this.#pending === undefined ? this.#ended() : undefined;
  }

  /** Brings the innermost frame to its next pause, call or end. */
  #advance(current: OpenFrame): void {
    const { frame } = current;
    if (this.#outcome !== undefined) frame.resume(this.#outcome);
    this.#outcome = undefined;
    runFrame(frame, turnGas);
    if (frame.status === "paused") return;
    if (frame.status === "waiting" && frame.request !== undefined) {
      this.#start(frame.request.message);
      return;
    }
    this.#open.pop();
    this.#outcome = finish(this.#context, current);
  }

  #start(message: Message): void {
    const outcome = start(this.#context, message, this.#open);
    if (!(outcome instanceof Promise)) {
      this.#outcome = outcome;
      return;
    }
    this.#pending = outcome.then((later) => {
      this.#outcome = later;
      this.#pending = undefined;
    });
  }

  #ended(): Outcome {
    if (this.#outcome === undefined) throw new InvariantError("NO_OUTCOME", {}, "a message ended without an outcome");
    return this.#outcome;
  }
}

/** Opens a frame, or gives the outcome at once where there is no code to run. */
function start(
  context: TransactionContext,
  message: Message,
  open: OpenFrame[],
): Outcome | Promise<Outcome> | undefined {
  const { state } = context;
  const { logs, destroyed, created, refund } = context;
  const marks = { logs: logs.length, destroyed: destroyed.length, created: created.length, refund };
  state.checkpoint();
  return message.kind === "call"
    ? startCall(context, message, open, marks)
    : startCreation(context, message, open, marks);
}

function startCall(
  context: TransactionContext,
  message: CallMessage,
  open: OpenFrame[],
  marks: Marks,
): Outcome | Promise<Outcome> | undefined {
  const { state } = context;
  if (message.transfersValue) transfer(state, message.payer, message.target, message.value);
  const precompile = context.precompiles.get(message.codeAddress);
  if (precompile !== undefined) {
    const result = precompile(message.data, message.gas);
    return result instanceof Promise
      ? result.then((later) => precompileOutcome(state, message, later))
      : precompileOutcome(state, message, result);
  }
  const code = state.code(state.account(message.codeAddress)?.codeHash ?? emptyCodeHash);
  if (code.length === 0) {
    state.commit();
    return { error: undefined, gasLeft: message.gas, output: nothing, created: undefined };
  }
  openFrame(context, message, code, open, marks);
  return undefined;
}

function startCreation(
  context: TransactionContext,
  message: CreateMessage,
  open: OpenFrame[],
  marks: Marks,
): Outcome | undefined {
  const { state } = context;
  const { target, value } = message;
  const present = state.account(target) ?? emptyAccount;
  if (present.nonce !== 0 || present.codeHash !== emptyCodeHash || present.storageRoot !== emptyRoot) {
    state.revert();
    return { error: "create collision", gasLeft: 0, output: nothing, created: undefined };
  }
  state.clearStorage(target);
  state.setAccount(target, { ...present, nonce: 1 });
  transfer(state, message.payer, target, value);
  context.created.push(target);
  openFrame(context, message, message.initCode, open, marks);
  return undefined;
}

function openFrame(
  context: TransactionContext,
  message: Message,
  code: Uint8Array,
  open: OpenFrame[],
  marks: Marks,
): void {
  const { depth } = message;
  const self = context.state.entry(message.target);
  const frame = new Frame(message, context, code, self, context.stackAt(depth), context.memoryAt(depth));
  open.push({ frame, marks });
}

function transfer(state: JournaledState, from: Address, to: Address, value: bigint): void {
  if (value === 0n) return;
  const payer = state.account(from) ?? emptyAccount;
  state.setAccount(from, { ...payer, balance: payer.balance - value });
  const receiver = state.account(to) ?? emptyAccount;
  state.setAccount(to, { ...receiver, balance: receiver.balance + value });
}

function precompileOutcome(state: JournaledState, message: CallMessage, result: PrecompileResult): Outcome {
  if (result.error !== undefined) {
    state.revert();
    return { error: result.error, gasLeft: 0, output: nothing, created: undefined };
  }
  state.commit();
  return { error: undefined, gasLeft: message.gas - result.gasUsed, output: result.output, created: undefined };
}

function finish(context: TransactionContext, { frame, marks }: OpenFrame): Outcome {
  const { message } = frame;
  if (frame.status === "returned" && message.kind === "create") depositCode(context, frame, message);
  const { gas, output } = frame;
  if (frame.status === "returned") {
    context.state.commit();
    if (message.kind === "call") return { error: undefined, gasLeft: gas, output, created: undefined };
    return { error: undefined, gasLeft: gas, output: nothing, created: message.targetWord };
  }
  context.state.revert();
  context.logs.length = marks.logs;
  context.destroyed.length = marks.destroyed;
  context.created.length = marks.created;
  context.refund = marks.refund;
  if (frame.status === "reverted") return { error: "revert", gasLeft: gas, output, created: undefined };
  return { error: frame.failure ?? "failed", gasLeft: 0, output: nothing, created: undefined };
}

/** Makes what the init code returned the contract's code, if it may and can pay for it. */
function depositCode({ state }: TransactionContext, frame: Frame, message: CreateMessage): void {
  const { output } = frame;
  if (output.length > codeBytesMax) frame.fail("code too long");
  else if (output[0] === reservedByte) frame.fail("code starts with 0xef");
  else if (frame.charge(codeByteGas * output.length) && output.length > 0) state.setCode(message.target, output);
}
