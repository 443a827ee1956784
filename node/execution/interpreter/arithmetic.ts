// Yellow paper, appendix H.2: arithmetic, comparison and bits.
import { exponentByteGas } from "./gasPrices.ts";
import { binary, type Instruction, type InstructionSet, unary } from "./instruction.ts";
import { wordMask } from "./words.ts";

const unsigned = (value: bigint): bigint => BigInt.asUintN(256, value);
const signed = (word: bigint): bigint => BigInt.asIntN(256, word);
const flag = (value: boolean): bigint => (value ? 1n : 0n);

const ternary = (compute: (a: bigint, b: bigint, c: bigint) => bigint): Instruction => ({
  gas: 8,
  pops: 3,
  pushes: 1,
  run(frame) {
    const a = frame.pop();
    const b = frame.pop();
    frame.push(compute(a, b, frame.pop()));
  },
});

const exponentiate: Instruction = {
  gas: 10,
  pops: 2,
  pushes: 1,
  run(frame) {
    const base = frame.pop();
    const exponent = frame.pop();
    const bytes = exponent === 0n ? 0 : Math.ceil(exponent.toString(16).length / 2);
    if (frame.charge(exponentByteGas * bytes)) frame.push(power(base, exponent));
  },
};

/** base ^ exponent mod 2^256, by squaring. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = unsigned(result * square);
    square = unsigned(square * square);
  }
  return result;
}

function signExtend(byte: bigint, word: bigint): bigint {
  return byte > 30n ? word : unsigned(BigInt.asIntN(8 * (Number(byte) + 1), word));
}

function shiftRightSigned(shift: bigint, word: bigint): bigint {
  const value = signed(word);
  if (shift > 255n) return value < 0n ? wordMask : 0n;
  return unsigned(value >> shift);
}

export const arithmetic: InstructionSet = new Map<number, Instruction>([
  [0x01, binary(3, (a, b) => unsigned(a + b))],
  [0x02, binary(5, (a, b) => unsigned(a * b))],
  [0x03, binary(3, (a, b) => unsigned(a - b))],
  [0x04, binary(5, (a, b) => (b === 0n ? 0n : a / b))],
  [0x05, binary(5, (a, b) => (b === 0n ? 0n : unsigned(signed(a) / signed(b))))],
  [0x06, binary(5, (a, b) => (b === 0n ? 0n : a % b))],
  [0x07, binary(5, (a, b) => (b === 0n ? 0n : unsigned(signed(a) % signed(b))))],
  [0x08, ternary((a, b, n) => (n === 0n ? 0n : (a + b) % n))],
  [0x09, ternary((a, b, n) => (n === 0n ? 0n : (a * b) % n))],
  [0x0a, exponentiate],
  [0x0b, binary(5, signExtend)],
  [0x10, binary(3, (a, b) => flag(a < b))],
  [0x11, binary(3, (a, b) => flag(a > b))],
  [0x12, binary(3, (a, b) => flag(signed(a) < signed(b)))],
  [0x13, binary(3, (a, b) => flag(signed(a) > signed(b)))],
  [0x14, binary(3, (a, b) => flag(a === b))],
  [0x15, unary(3, (a) => flag(a === 0n))],
  [0x16, binary(3, (a, b) => a & b)],
  [0x17, binary(3, (a, b) => a | b)],
  [0x18, binary(3, (a, b) => a ^ b)],
  [0x19, unary(3, (a) => a ^ wordMask)],
  [0x1a, binary(3, (i, word) => (i > 31n ? 0n : (word >> (248n - 8n * i)) & 0xffn))],
  [0x1b, binary(3, (shift, word) => (shift > 255n ? 0n : unsigned(word << shift)))],
  [0x1c, binary(3, (shift, word) => (shift > 255n ? 0n : word >> shift))],
  [0x1d, binary(3, shiftRightSigned)],
]);
