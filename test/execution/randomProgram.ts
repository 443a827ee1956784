// Random but sensible EVM programs: each instruction gets operands of a kind that lets it do something, so that runs
// go deep instead of failing at once. BLOCKHASH is left out: it is where the engines are known to differ.
import type { Address } from "../../node/types/brands.ts";
import type { Random } from "./random.ts";

type Operand = "word" | "offset" | "length" | "address" | "gas" | "value" | "slot" | "shift" | "small";

interface Instruction {
  readonly code: number;
  /** From the top of the stack down. */
  readonly operands: readonly Operand[];
  readonly results: number;
}

const words = (codes: readonly number[], operands: number): Instruction[] =>
  codes.map((code) => ({ code, operands: new Array<Operand>(operands).fill("word"), results: 1 }));

const instructions: readonly Instruction[] = [
  ...words([1, 2, 3, 4, 5, 6, 7, 0x0a, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18], 2),
  ...words([8, 9], 3),
  ...words([0x15, 0x19], 1),
  ...[0x0b, 0x1a, 0x1b, 0x1c, 0x1d].map((code): Instruction => ({ code, operands: ["shift", "word"], results: 1 })),
  { code: 0x20, operands: ["offset", "length"], results: 1 },
  ...[0x31, 0x3b, 0x3f].map((code): Instruction => ({ code, operands: ["address"], results: 1 })),
  ...[0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4a].map(
    (code): Instruction => ({ code, operands: [], results: 1 }),
  ),
  ...[0x58, 0x59, 0x5a, 0x5a, 0x5f].map((code): Instruction => ({ code, operands: [], results: 1 })),
  { code: 0x35, operands: ["offset"], results: 1 },
  ...[0x37, 0x39, 0x5e].map((code): Instruction => ({ code, operands: ["offset", "offset", "length"], results: 0 })),
  { code: 0x3e, operands: ["offset", "small", "small"], results: 0 },
  { code: 0x3c, operands: ["address", "offset", "offset", "length"], results: 0 },
  { code: 0x49, operands: ["slot"], results: 1 },
  { code: 0x50, operands: ["word"], results: 0 },
  { code: 0x51, operands: ["offset"], results: 1 },
  ...[0x52, 0x53].map((code): Instruction => ({ code, operands: ["offset", "word"], results: 0 })),
  ...[0x54, 0x54, 0x5c].map((code): Instruction => ({ code, operands: ["slot"], results: 1 })),
  ...[0x55, 0x55, 0x55, 0x5d].map((code): Instruction => ({ code, operands: ["slot", "value"], results: 0 })),
  ...[0, 1, 2, 3, 4].map(
    (topics): Instruction => ({
      code: 0xa0 + topics,
      operands: ["offset", "length", ...new Array<Operand>(topics).fill("word")],
      results: 0,
    }),
  ),
  { code: 0xf0, operands: ["value", "offset", "length"], results: 1 },
  { code: 0xf5, operands: ["value", "offset", "length", "slot"], results: 1 },
  ...[0xf1, 0xf1, 0xf1, 0xf2].map(
    (code): Instruction => ({
      code,
      operands: ["gas", "address", "value", "offset", "length", "offset", "length"],
      results: 1,
    }),
  ),
  ...[0xf4, 0xf4, 0xfa, 0xfa].map(
    (code): Instruction => ({
      code,
      operands: ["gas", "address", "offset", "length", "offset", "length"],
      results: 1,
    }),
  ),
];

const push = (value: bigint): number[] => {
  if (value === 0n) return [0x5f];
  const hex = value.toString(16);
  const bytes = [...Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex")];
  return [0x5f + bytes.length, ...bytes];
};

export class ProgramWriter {
  readonly #random: Random;
  readonly #addresses: readonly Address[];

  /** @param addresses that programs look at and call */
  constructor(random: Random, addresses: readonly Address[]) {
    this.#random = random;
    this.#addresses = addresses;
  }

  /** Code to run, `instructions` of it. */
  program(length: number): Uint8Array {
    const code: number[] = [];
    for (let i = 0; i < length; i++) {
      if (this.#random.chance(0.06)) this.#jump(code);
      else if (this.#random.chance(0.08)) code.push(0x80 + this.#random.below(4), 0x90 + this.#random.below(3));
      else this.#instruction(code, this.#random.pick(instructions));
    }
    this.#ending(code);
    return Uint8Array.from(code);
  }

  /** Code that creates a contract with `runtime` as its code. */
  creation(runtime: Uint8Array): Uint8Array {
    const length = [0x61, runtime.length >> 8, runtime.length & 255];
    return Uint8Array.from([...length, 0x80, 0x60, 0x0a, 0x5f, 0x39, 0x5f, 0xf3, ...runtime]);
  }

  #instruction(code: number[], { code: opcode, operands, results }: Instruction): void {
    for (const operand of [...operands].reverse()) code.push(...this.#operand(operand));
    code.push(opcode);
    if (results > 0 && this.#random.chance(0.4)) code.push(...push(BigInt(this.#random.below(8))), 0x55);
  }

  /** Over some bytes that are no code, or back and round while gas lasts. */
  #jump(code: number[]): void {
    if (this.#random.chance(0.15)) {
      const target = code.length;
      code.push(0x5b, ...push(BigInt(this.#random.below(4))), 0x54, 0x60, 0x01, 0x01, 0x80);
      code.push(...push(BigInt(this.#random.below(4))), 0x55, 0x60, 0x03, 0x16, 0x61, target >> 8, target & 255, 0x57);
      return;
    }
    const skipped = [...this.#random.bytes(this.#random.below(5))];
    const conditional = this.#random.chance(0.5);
    if (conditional) code.push(...this.#operand("value"));
    const target = code.length + 4 + skipped.length + (this.#random.chance(0.01) ? 1 : 0);
    code.push(0x61, target >> 8, target & 255, conditional ? 0x57 : 0x56, ...skipped, 0x5b);
  }

  #ending(code: number[]): void {
    // What memory holds becomes state, so that no difference in it stays unseen.
    if (this.#random.chance(0.7)) code.push(0x59, 0x5f, 0x20, 0x60, 0x09, 0x55, 0x3d, 0x60, 0x0a, 0x55);
    const end = this.#random.pick([0x00, 0x00, 0xf3, 0xf3, 0xf3, 0xf3, 0xfd, 0xfe, 0xff]);
    if (end === 0xf3 || end === 0xfd) code.push(...this.#operand("length"), ...this.#operand("offset"));
    if (end === 0xff) code.push(...this.#operand("address"));
    code.push(end);
  }

  #operand(operand: Operand): number[] {
    const random = this.#random;
    switch (operand) {
      case "word":
        return random.chance(0.3)
          ? push(BigInt(random.below(40)))
          : random.chance(0.2)
            ? push(random.pick([2n ** 256n - 1n, 2n ** 255n, 2n ** 128n, 2n ** 255n - 1n]))
            : push(BigInt(`0x${Buffer.from(random.bytes(1 + random.below(32))).toString("hex")}`));
      case "offset":
        return push(random.chance(0.001) ? 2n ** 40n : BigInt(random.below(300)));
      case "length":
        return push(random.chance(0.001) ? 2n ** 64n : BigInt(random.below(130)));
      case "address":
        return random.chance(0.1) ? [0x30] : push(BigInt(random.pick(this.#addresses)));
      case "gas":
        return random.chance(0.4) ? [0x5a] : push(BigInt(random.below(60_000)));
      case "value":
        return push(random.chance(0.5) ? 0n : BigInt(random.below(3)));
      case "slot":
        return push(BigInt(random.below(10)));
      case "small":
        return push(random.chance(0.8) ? 0n : BigInt(random.below(30)));
      case "shift":
        return push(BigInt(random.below(270)));
    }
  }
}

/** Addresses of precompiled contracts 1 to 9. */
export const precompileAddresses = Array.from({ length: 9 }, (_, i) => `0x${`${i + 1}`.padStart(40, "0")}` as Address);
