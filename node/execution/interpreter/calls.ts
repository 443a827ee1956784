// Yellow paper, appendix H.2: calls and creations, with EIPs 150 (a 64th stays behind), 2929 and 3860.
import { keccak256 } from "../../crypto/keccak.ts";
import type { Address } from "../../types/brands.ts";
import { encodeBytes, encodeList, encodeQuantity } from "../../types/rlpWriter.ts";
import { bigIntToWord, hexToBytes } from "../bytes.ts";
import { emptyAccount, isEmpty } from "../state/account.ts";
import type { Frame } from "./frame.ts";
import {
  callDepthMax,
  callStipend,
  callValueGas,
  coldAccountGas,
  creationGas,
  initCodeBytesMax,
  initCodeWordGas,
  keccakWordGas,
  newAccountGas,
  warmAccessGas,
} from "./gasPrices.ts";
import type { Instruction, InstructionSet } from "./instruction.ts";
import type { CallMessage } from "./message.ts";
import { mayChange } from "./storage.ts";
import { addressOf, wordOf } from "./words.ts";

type CallKind = "call" | "callcode" | "delegatecall" | "staticcall";

const nothing = new Uint8Array(0);

/** A copy of a piece of memory that has been paid for. */
const piece = (frame: Frame, offset: bigint, length: bigint): Uint8Array =>
  length === 0n ? nothing : frame.memory.read(Number(offset), Number(length));

/** Everything but a 64th of what is left. */
const allBut64th = (gas: number): number => gas - Math.floor(gas / 64);

const call = (kind: CallKind): Instruction => {
  const sendsValue = kind === "call" || kind === "callcode";
  return {
    gas: 0,
    pops: sendsValue ? 7 : 6,
    pushes: 1,
    run(frame) {
      const wanted = frame.pop();
      const targetWord = BigInt.asUintN(160, frame.pop());
      const value = sendsValue ? frame.pop() : 0n;
      const inputOffset = frame.pop();
      const inputLength = frame.pop();
      const outputOffset = frame.pop();
      const outputLength = frame.pop();
      if (kind === "call" && value !== 0n && !mayChange(frame)) return;
      if (!frame.reserve(inputOffset, inputLength) || !frame.reserve(outputOffset, outputLength)) return;
      if (!frame.charge(accessGas(frame, kind, targetWord, value))) return;
      const most = allBut64th(frame.gas);
      const given = wanted < BigInt(most) ? Number(wanted) : most;
      frame.gas -= given;
      const gas = value === 0n ? given : given + callStipend;
      frame.returned = nothing;
      if (cannotStart(frame, value)) {
        frame.gas += gas;
        frame.push(0n);
        return;
      }
      const data = piece(frame, inputOffset, inputLength);
      const output = outputLength === 0n ? 0 : Number(outputOffset);
      request(frame, callMessage(frame, kind, targetWord, value, data, gas), output, Number(outputLength));
    },
  };
};

function accessGas(frame: Frame, kind: CallKind, targetWord: bigint, value: bigint): number {
  const { state } = frame.context;
  const target = state.entry(addressOf(targetWord));
  let gas = state.warm(target) ? coldAccountGas : warmAccessGas;
  if (value !== 0n) {
    gas += callValueGas;
    if (kind === "call" && (target.current === undefined || isEmpty(target.current))) gas += newAccountGas;
  }
  return gas;
}

/** Too deep, or not enough balance: then nothing happens, and the gas comes back. */
const cannotStart = (frame: Frame, value: bigint): boolean =>
  frame.message.depth >= callDepthMax || (value !== 0n && (frame.self.current?.balance ?? 0n) < value);

function callMessage(
  frame: Frame,
  kind: CallKind,
  targetWord: bigint,
  value: bigint,
  data: Uint8Array,
  gas: number,
): CallMessage {
  const { message, self } = frame;
  const codeAddress = addressOf(targetWord);
  const inPlace = kind === "delegatecall" || kind === "callcode";
  return {
    kind: "call",
    caller: kind === "delegatecall" ? message.caller : message.targetWord,
    target: inPlace ? self.address : codeAddress,
    targetWord: inPlace ? message.targetWord : targetWord,
    codeAddress,
    value: kind === "delegatecall" ? message.value : value,
    transfersValue: kind === "call",
    payer: self.address,
    data,
    gas,
    isStatic: message.isStatic || kind === "staticcall",
    depth: message.depth + 1,
  };
}

function request(frame: Frame, message: NonNullable<Frame["request"]>["message"], offset: number, length: number) {
  frame.request = { message, outputOffset: offset, outputLength: length };
  frame.status = "waiting";
}

const create = (salted: boolean): Instruction => ({
  gas: creationGas,
  pops: salted ? 4 : 3,
  pushes: 1,
  run(frame) {
    if (!mayChange(frame)) return;
    const value = frame.pop();
    const offset = frame.pop();
    const length = frame.pop();
    const salt = salted ? frame.pop() : undefined;
    if (length > BigInt(initCodeBytesMax)) {
      frame.fail("init code too long");
      return;
    }
    const words = Math.ceil(Number(length) / 32);
    const wordGas = initCodeWordGas + (salted ? keccakWordGas : 0);
    if (!frame.reserve(offset, length) || !frame.charge(wordGas * words)) return;
    frame.returned = nothing;
    if (cannotStart(frame, value)) {
      frame.push(0n);
      return;
    }
    const gas = allBut64th(frame.gas);
    frame.gas -= gas;
    const { message, self, context } = frame;
    const initCode = piece(frame, offset, length);
    const creator = self.current ?? emptyAccount;
    const targetWord =
      salt === undefined ? createdWord(self.address, creator.nonce) : saltedWord(self.address, salt, initCode);
    context.state.setEntry(self, { ...creator, nonce: creator.nonce + 1 });
    const target = addressOf(targetWord);
    // EIP-2929: the new address stays warm even if its creation fails.
    context.state.warm(context.state.entry(target));
    const common = { caller: message.targetWord, payer: self.address, target, targetWord, value };
    request(frame, { kind: "create", ...common, initCode, gas, isStatic: false, depth: message.depth + 1 }, 0, 0);
  },
});

/** Address of the contract that an account creates with this nonce. */
export function createdWord(creator: Address, nonce: number): bigint {
  const encoded = encodeList([encodeBytes(hexToBytes(creator)), encodeQuantity(nonce)]);
  return BigInt.asUintN(160, wordOf(keccak256(encoded)));
}

/** EIP-1014. */
function saltedWord(creator: Address, salt: bigint, initCode: Uint8Array): bigint {
  const preimage = new Uint8Array(85);
  preimage[0] = 0xff;
  preimage.set(hexToBytes(creator), 1);
  preimage.set(bigIntToWord(salt), 21);
  preimage.set(keccak256(initCode), 53);
  return BigInt.asUintN(160, wordOf(keccak256(preimage)));
}

export const calls: InstructionSet = new Map<number, Instruction>([
  [0xf0, create(false)],
  [0xf1, call("call")],
  [0xf2, call("callcode")],
  [0xf4, call("delegatecall")],
  [0xf5, create(true)],
  [0xfa, call("staticcall")],
]);
