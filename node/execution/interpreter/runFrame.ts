// The loop. It is synchronous: an instruction costs one indexed call.
import { arithmetic } from "./arithmetic.ts";
import { calls } from "./calls.ts";
import { environment } from "./environment.ts";
import { flow, stop } from "./flow.ts";
import type { Frame } from "./frame.ts";
import { stackItemsMax } from "./gasPrices.ts";
import type { Instruction } from "./instruction.ts";
import { storage } from "./storage.ts";

const invalid: Instruction = { gas: 0, pops: 0, pushes: 0, run: (frame) => frame.fail("invalid opcode") };

/** By opcode, in arrays of their own: the loop reads four numbers for each instruction. */
const gasOf = new Uint16Array(256);
const popsOf = new Uint8Array(256);
const heightMaxOf = new Uint16Array(256);
const runOf: Instruction["run"][] = new Array(256).fill(invalid.run);

for (const set of [arithmetic, environment, storage, flow, calls]) {
  for (const [opcode, { gas, pops, pushes, run }] of set) {
    gasOf[opcode] = gas;
    popsOf[opcode] = pops;
    heightMaxOf[opcode] = stackItemsMax - (pushes - pops);
    runOf[opcode] = run;
  }
}
for (let opcode = 0; opcode < 256; opcode++) if (heightMaxOf[opcode] === 0) heightMaxOf[opcode] = stackItemsMax;

/** Runs a frame until it ends, waits for a call, or has used `turnGas` and pauses. */
export function runFrame(frame: Frame, turnGas: number): void {
  const { code } = frame;
  frame.status = "running";
  frame.pauseBelowGas = Math.max(0, frame.gas - turnGas);
  while (frame.status === "running") {
    const opcode = code[frame.position];
    if (opcode === undefined) {
      stop.run(frame);
      return;
    }
    if (frame.height < (popsOf[opcode] as number)) {
      frame.fail("stack underflow");
      return;
    }
    if (frame.height > (heightMaxOf[opcode] as number)) {
      frame.fail("stack overflow");
      return;
    }
    const gas = gasOf[opcode] as number;
    frame.gas -= gas;
    if (frame.gas < frame.pauseBelowGas) {
      if (frame.gas < 0) {
        frame.fail("out of gas");
        return;
      }
      // The instruction is done when the frame goes on.
      frame.gas += gas;
      frame.status = "paused";
      return;
    }
    (runOf[opcode] as Instruction["run"])(frame);
    frame.position++;
  }
}
