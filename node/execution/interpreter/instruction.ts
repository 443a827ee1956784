import type { Frame } from "./frame.ts";

/** What one opcode does. The interpreter has checked the stack and taken `gas` before `run`. */
export interface Instruction {
  readonly gas: number;
  readonly pops: number;
  readonly pushes: number;
  /** May move the frame's position; the interpreter then adds one. */
  run(frame: Frame): void;
}

export type InstructionSet = ReadonlyMap<number, Instruction>;

/** Pops one word and pushes what becomes of it. */
export const unary = (gas: number, compute: (a: bigint) => bigint): Instruction => ({
  gas,
  pops: 1,
  pushes: 1,
  run(frame) {
    const { stack } = frame;
    const top = frame.height - 1;
    stack[top] = compute(stack[top] as bigint);
  },
});

/** Pops two words, the top one first, and pushes what becomes of them. */
export const binary = (gas: number, compute: (a: bigint, b: bigint) => bigint): Instruction => ({
  gas,
  pops: 2,
  pushes: 1,
  run(frame) {
    const { stack } = frame;
    const top = --frame.height;
    stack[top - 1] = compute(stack[top] as bigint, stack[top - 1] as bigint);
  },
});

/** Pushes one word. */
export const source = (gas: number, read: (frame: Frame) => bigint): Instruction => ({
  gas,
  pops: 0,
  pushes: 1,
  run(frame) {
    frame.stack[frame.height++] = read(frame);
  },
});
