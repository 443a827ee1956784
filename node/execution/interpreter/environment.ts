// Yellow paper, appendix H.2: the environment, the block, memory and what is copied into it.
import { keccak256 } from "../../crypto/keccak.ts";
import type { Account } from "../state/account.ts";
import { isEmpty } from "../state/account.ts";
import type { AccountEntry } from "../state/journaledState.ts";
import type { Frame } from "./frame.ts";
import { coldAccountGas, copyWordGas, keccakWordGas, warmAccessGas } from "./gasPrices.ts";
import { type Instruction, type InstructionSet, source } from "./instruction.ts";
import { addressOf, readPadded, wordOf } from "./words.ts";

/** Length of a copy and where it starts, when both lie within the source; else past its end. */
const within = (offset: bigint, bytes: Uint8Array): number =>
  offset > BigInt(bytes.length) ? bytes.length : Number(offset);

/** The account at the address in `word`, paid for as warm or cold (EIP-2929); undefined when gas has run out. */
function access(frame: Frame, word: bigint): AccountEntry | undefined {
  const { state } = frame.context;
  const entry = state.entry(addressOf(word));
  return frame.charge(state.warm(entry) ? coldAccountGas : warmAccessGas) ? entry : undefined;
}

const ofAccount = (read: (frame: Frame, account: Account | undefined) => bigint): Instruction => ({
  gas: 0,
  pops: 1,
  pushes: 1,
  run(frame) {
    const entry = access(frame, frame.pop());
    if (entry !== undefined) frame.push(read(frame, entry.current));
  },
});

const codeOf = (frame: Frame, account: Account | undefined): Uint8Array =>
  account === undefined ? nothing : frame.context.state.code(account.codeHash);

const nothing = new Uint8Array(0);

/** Copies from bytes that go on with zeros for ever. */
function copy(frame: Frame, bytes: Uint8Array): void {
  const target = frame.pop();
  const from = frame.pop();
  const length = frame.pop();
  if (!frame.reserve(target, length)) return;
  if (length === 0n || !frame.charge(copyWordGas * Math.ceil(Number(length) / 32))) return;
  frame.memory.write(Number(target), bytes, within(from, bytes), Number(length));
}

const copyOf = (bytes: (frame: Frame) => Uint8Array): Instruction => ({
  gas: 3,
  pops: 3,
  pushes: 0,
  run: (frame) => copy(frame, bytes(frame)),
});

const externalCodeCopy: Instruction = {
  gas: 0,
  pops: 4,
  pushes: 0,
  run(frame) {
    const entry = access(frame, frame.pop());
    if (entry !== undefined) copy(frame, codeOf(frame, entry.current));
  },
};

const returnDataCopy: Instruction = {
  gas: 3,
  pops: 3,
  pushes: 0,
  run(frame) {
    const { stack, height, returned } = frame;
    const end = (stack[height - 2] as bigint) + (stack[height - 3] as bigint);
    // EIP-211: what the call did not return cannot be read as zeros.
    if (end > BigInt(returned.length)) frame.fail("return data out of bounds");
    else copy(frame, returned);
  },
};

const memoryCopy: Instruction = {
  gas: 3,
  pops: 3,
  pushes: 0,
  run(frame) {
    const target = frame.pop();
    const from = frame.pop();
    const length = frame.pop();
    if (!frame.reserve(target > from ? target : from, length)) return;
    if (length === 0n || !frame.charge(copyWordGas * Math.ceil(Number(length) / 32))) return;
    frame.memory.copyWithin(Number(target), Number(from), Number(length));
  },
};

const hash: Instruction = {
  gas: 30,
  pops: 2,
  pushes: 1,
  run(frame) {
    const offset = frame.pop();
    const length = frame.pop();
    if (!frame.reserve(offset, length)) return;
    const bytes = Number(length);
    if (!frame.charge(keccakWordGas * Math.ceil(bytes / 32))) return;
    frame.push(wordOf(keccak256(bytes === 0 ? nothing : frame.memory.view(Number(offset), bytes))));
  },
};

const callDataLoad: Instruction = {
  gas: 3,
  pops: 1,
  pushes: 1,
  run(frame) {
    const offset = frame.pop();
    frame.push(readPadded(frame.calldata, within(offset, frame.calldata)));
  },
};

const memoryLoad: Instruction = {
  gas: 3,
  pops: 1,
  pushes: 1,
  run(frame) {
    const offset = frame.pop();
    if (frame.reserve(offset, 32n)) frame.push(frame.memory.readWord(Number(offset)));
  },
};

const memoryStore: Instruction = {
  gas: 3,
  pops: 2,
  pushes: 0,
  run(frame) {
    const offset = frame.pop();
    const word = frame.pop();
    if (frame.reserve(offset, 32n)) frame.memory.writeWord(Number(offset), word);
  },
};

const memoryStoreByte: Instruction = {
  gas: 3,
  pops: 2,
  pushes: 0,
  run(frame) {
    const offset = frame.pop();
    const word = frame.pop();
    if (frame.reserve(offset, 1n)) frame.memory.writeByte(Number(offset), Number(word & 0xffn));
  },
};

const blockHash: Instruction = {
  gas: 20,
  pops: 1,
  pushes: 1,
  run(frame) {
    const height = frame.pop();
    const { number, executionHashAt } = frame.context.block;
    const inReach = height < BigInt(number) && height + 256n >= BigInt(number);
    frame.push(BigInt((inReach ? executionHashAt(Number(height)) : undefined) ?? 0));
  },
};

const size = (bytes: (frame: Frame) => Uint8Array): Instruction => source(2, (frame) => BigInt(bytes(frame).length));

export const environment: InstructionSet = new Map<number, Instruction>([
  [0x20, hash],
  [0x30, source(2, (frame) => frame.message.targetWord)],
  [0x31, ofAccount((_, account) => account?.balance ?? 0n)],
  [0x32, source(2, (frame) => frame.context.origin)],
  [0x33, source(2, (frame) => frame.message.caller)],
  [0x34, source(2, (frame) => frame.message.value)],
  [0x35, callDataLoad],
  [0x36, size((frame) => frame.calldata)],
  [0x37, copyOf((frame) => frame.calldata)],
  [0x38, size((frame) => frame.code)],
  [0x39, copyOf((frame) => frame.code)],
  [0x3a, source(2, () => 0n)], // GASPRICE: there are no fees
  [0x3b, ofAccount((frame, account) => BigInt(codeOf(frame, account).length))],
  [0x3c, externalCodeCopy],
  [0x3d, size((frame) => frame.returned)],
  [0x3e, returnDataCopy],
  [0x3f, ofAccount((_, account) => (account === undefined || isEmpty(account) ? 0n : BigInt(account.codeHash)))],
  [0x40, blockHash],
  [0x41, source(2, (frame) => frame.context.block.coinbase)],
  [0x42, source(2, (frame) => frame.context.block.timestamp)],
  [0x43, source(2, (frame) => BigInt(frame.context.block.number))],
  [0x44, source(2, (frame) => frame.context.block.prevRandao)],
  [0x45, source(2, (frame) => frame.context.block.gasLimit)],
  [0x46, source(2, (frame) => frame.context.block.chainId)],
  [0x47, source(5, (frame) => frame.self.current?.balance ?? 0n)],
  [0x48, source(2, () => 0n)], // BASEFEE
  [0x49, { gas: 3, pops: 1, pushes: 1, run: (frame) => frame.push(0n * frame.pop()) }], // BLOBHASH: no blobs
  [0x4a, source(2, () => 1n)], // BLOBBASEFEE: its least value, as there are no blobs
  [0x51, memoryLoad],
  [0x52, memoryStore],
  [0x53, memoryStoreByte],
  [0x58, source(2, (frame) => BigInt(frame.position))],
  [0x59, source(2, (frame) => BigInt(frame.memory.size))],
  [0x5a, source(2, (frame) => BigInt(frame.gas))],
  [0x5e, memoryCopy],
]);
