// Named moments at which a node kills itself, as `kill -9` at that very moment would: for tests of recovery
// (`npm run recovery`), which cannot hit a moment between two writes from outside. ALLOT_CRASH_AT=wal.torn:5 in the
// environment of `allot start` ends it with SIGKILL when it gets to that point for the fifth time. Without the variable
// none of this is in the way: the node is then composed without it.
import { AllotError } from "../types/errors.ts";

export const crashPoints = {
  "wal.created": "a new segment of the log exists, its folder is not synced",
  "wal.write": "a frame of the log is about to be written",
  "wal.torn": "half of a frame is written",
  "wal.written": "a frame is written, not synced",
  "wal.synced": "a frame is durable, and nothing that waited for it has left",
  "guard.write": "the signer's guard is about to be written",
  "guard.torn": "half of its entry is written",
  "guard.written": "its entry is written, not synced",
  "guard.synced": "its entry is durable, and the vote is not signed yet",
  "guard.replace": "a new guard is complete, not yet in the old one's place",
  "guard.replaced": "a new guard has taken the old one's place, the folder is not synced",
  "vote.signed": "a vote is signed, and has not left",
  "message.sent": "a message to all others has been handed to the network",
  "block.put": "a final block has been handed to the store",
  "block.durable": "a final block is durable, its result is not",
  "block.committed": "a final block's result survives the end of the process",
  "evidence.committed": "a commitment to evidence has been handed to the mempool",
  "evidence.shown": "evidence has been handed to the mempool",
} as const satisfies Record<string, string>;

export type CrashPointName = keyof typeof crashPoints;

export const crashVariable = "ALLOT_CRASH_AT";

export class CrashPoint {
  readonly name: CrashPointName;
  #left: number;

  private constructor(name: CrashPointName, times: number) {
    this.name = name;
    this.#left = times;
  }

  /** @throws AllotError BAD_VALUE when the variable names no crash point */
  static from(environment: Readonly<Record<string, string | undefined>>): CrashPoint | undefined {
    const text = environment[crashVariable];
    if (text === undefined || text === "") return undefined;
    const [name = "", times = "1"] = text.split(":");
    if (!Object.hasOwn(crashPoints, name) || !/^[1-9]\d{0,8}$/.test(times)) {
      const reason = `must be one of ${Object.keys(crashPoints).join(", ")}, with :N for the Nth time, not "${text}"`;
      const facts = { file: crashVariable, place: "", reason };
      throw new AllotError("BAD_VALUE", facts, `${crashVariable}: ${reason}`);
    }
    return new CrashPoint(name as CrashPointName, Number(times));
  }

  /** Does not return when this is the moment. `last` is done before the end. */
  reached(name: CrashPointName, last?: () => void): void {
    if (name !== this.name || --this.#left > 0) return;
    last?.();
    process.kill(process.pid, "SIGKILL");
    // The signal may take a moment to arrive.
    for (;;);
  }
}
