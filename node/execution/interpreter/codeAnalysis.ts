// What can be known about a code before it runs: where jumps may go, and the constants that it pushes. Done once for
// each code that is held in memory, since the same contracts run again and again.

const jumpDestination = 0xffff;
const opcodeJumpDestination = 0x5b;
const opcodePush1 = 0x60;
const opcodePush32 = 0x7f;

export class CodeAnalysis {
  /** By position: for a push the index of its constant, for a jump destination 0xffff. */
  readonly #marks: Uint16Array;
  readonly #constants: bigint[] = [];

  constructor(code: Uint8Array) {
    this.#marks = new Uint16Array(code.length);
    const known = new Map<bigint, number>();
    for (let position = 0; position < code.length; position++) {
      const opcode = code[position] as number;
      if (opcode === opcodeJumpDestination) this.#marks[position] = jumpDestination;
      if (opcode < opcodePush1 || opcode > opcodePush32) continue;
      const length = opcode - opcodePush1 + 1;
      const constant = constantAt(code, position + 1, length);
      let index = known.get(constant);
      if (index === undefined) {
        index = this.#constants.push(constant) - 1;
        known.set(constant, index);
      }
      this.#marks[position] = index;
      position += length;
    }
  }

  isJumpDestination(position: number): boolean {
    return this.#marks[position] === jumpDestination;
  }

  /** What the push instruction at `position` pushes. */
  constantAt(position: number): bigint {
    return this.#constants[this.#marks[position] as number] as bigint;
  }
}

/** `length` bytes as a number; behind the end of the code there are zeros. */
function constantAt(code: Uint8Array, start: number, length: number): bigint {
  const bytes = code.subarray(start, start + length);
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
  return BigInt(`0x${hex.padEnd(2 * length, "0")}`);
}

const analyses = new WeakMap<Uint8Array, CodeAnalysis>();

/** The analysis of a code, kept for as long as the code itself is. */
export function analysisOf(code: Uint8Array): CodeAnalysis {
  let analysis = analyses.get(code);
  if (analysis === undefined) {
    analysis = new CodeAnalysis(code);
    analyses.set(code, analysis);
  }
  return analysis;
}
