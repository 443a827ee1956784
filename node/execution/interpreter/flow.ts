// Yellow paper, appendix H.2: the stack, jumps, and the ends of a frame.
import type { Frame, FrameStatus } from "./frame.ts";
import { type Instruction, type InstructionSet, source } from "./instruction.ts";

function jump(frame: Frame, target: bigint): void {
  const position = target < BigInt(frame.code.length) ? Number(target) : -1;
  if (!frame.analysis.isJumpDestination(position)) {
    frame.fail("invalid jump");
    return;
  }
  frame.position = position - 1;
}

const push = (length: number): Instruction => ({
  gas: 3,
  pops: 0,
  pushes: 1,
  run(frame) {
    const { position } = frame;
    frame.stack[frame.height++] = frame.analysis.constantAt(position);
    frame.position = position + length;
  },
});

const duplicate = (depth: number): Instruction => ({
  gas: 3,
  pops: depth,
  pushes: depth + 1,
  run(frame) {
    const { stack, height } = frame;
    stack[height] = stack[height - depth] as bigint;
    frame.height = height + 1;
  },
});

const swap = (depth: number): Instruction => ({
  gas: 3,
  pops: depth + 1,
  pushes: depth + 1,
  run({ stack, height }) {
    const top = stack[height - 1] as bigint;
    stack[height - 1] = stack[height - 1 - depth] as bigint;
    stack[height - 1 - depth] = top;
  },
});

const end = (status: FrameStatus): Instruction => ({
  gas: 0,
  pops: 2,
  pushes: 0,
  run(frame) {
    const offset = frame.pop();
    const length = frame.pop();
    if (!frame.reserve(offset, length)) return;
    if (length > 0n) frame.output = frame.memory.read(Number(offset), Number(length));
    frame.status = status;
  },
});

/** Numbers 1 to `count` with what is made of each. */
const series = (first: number, count: number, make: (n: number) => Instruction): [number, Instruction][] =>
  Array.from({ length: count }, (_, i) => [first + i, make(i + 1)]);

export const stop: Instruction = {
  gas: 0,
  pops: 0,
  pushes: 0,
  run(frame) {
    frame.status = "returned";
  },
};

export const flow: InstructionSet = new Map<number, Instruction>([
  [0x00, stop],
  [0x50, { gas: 2, pops: 1, pushes: 0, run: (frame) => void frame.height-- }],
  [0x56, { gas: 8, pops: 1, pushes: 0, run: (frame) => jump(frame, frame.pop()) }],
  [
    0x57,
    {
      gas: 10,
      pops: 2,
      pushes: 0,
      run(frame) {
        const target = frame.pop();
        if (frame.pop() !== 0n) jump(frame, target);
      },
    },
  ],
  [0x5b, { gas: 1, pops: 0, pushes: 0, run: () => undefined }],
  [0x5f, source(2, () => 0n)],
  ...series(0x60, 32, push),
  ...series(0x80, 16, duplicate),
  ...series(0x90, 16, swap),
  [0xf3, end("returned")],
  [0xfd, end("reverted")],
]);
