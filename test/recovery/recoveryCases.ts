// What can happen to a validator's process, disk and clock, done to real processes. Each case leaves all of them running.
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { crashPoints } from "../../node/storage/crashPoints.ts";
import { networkCases } from "./networkCases.ts";
import type { RecoveryCase } from "./recoveryCase.ts";
import { heightOf, until } from "./recoveryRun.ts";

/** Points that are only reached where a file has been lost. */
const needs: Readonly<Record<string, string>> = {
  "wal.created": "wal",
  "guard.replace": "signer-guard.json",
  "guard.replaced": "signer-guard.json",
};

const remove = ({ directory }: DevnetValidator, name: string): void =>
  rmSync(join(directory, name), { recursive: true, force: true });

function segmentOf({ directory }: DevnetValidator): string {
  const name = readdirSync(join(directory, "wal"))
    .filter((entry) => entry.endsWith(".wal"))
    .sort()
    .at(-1);
  return join(directory, "wal", name ?? "");
}

const atPoint = (name: string): RecoveryCase => ({
  name: `killed at ${name}`,
  async run(run, validator) {
    await validator.kill();
    const lost = needs[name];
    if (lost !== undefined) remove(validator, lost);
    // Not the first time: the node is in the middle of its work.
    await run.crash(validator, lost === undefined ? `${name}:4` : name);
    await run.progress();
    await run.recover(validator, `a kill at ${name}`);
  },
});

/** The victim is killed, its disk is changed, and it comes back. */
const whileDown = (name: string, change: (validator: DevnetValidator) => void): RecoveryCase => ({
  name,
  async run(run, validator) {
    await validator.kill();
    change(validator);
    await run.progress();
    await run.recover(validator, name);
  },
});

function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  const place = Math.floor(bytes.length * at);
  bytes[place] = (bytes[place] as number) ^ 0xff;
  writeFileSync(path, bytes);
}

/** The node refuses to start, its last words say what to do, and that is done. */
const rottenLog: RecoveryCase = {
  name: "a log that rotted in the middle",
  async run(run, validator) {
    await validator.kill();
    flipByte(segmentOf(validator), 0.3);
    const refusal = await validator.start().then(
      () => "",
      (error: Error) => error.message,
    );
    if (!refusal.includes("Move the wal folder away")) throw new Error(`it says: ${refusal}`);
    remove(validator, "wal");
    await run.recover(validator, "a log that rotted, moved away");
  },
};

const oldBackup: RecoveryCase = {
  name: "an old backup of the whole folder",
  async run(run, validator) {
    await validator.kill();
    const backup = `${validator.directory}.backup`;
    cpSync(validator.directory, backup, { recursive: true });
    await run.recover(validator, "a kill");
    await run.progress(10);
    await validator.kill();
    // What no backup may take back is the guard.
    for (const name of ["wal", "data"]) {
      remove(validator, name);
      cpSync(join(backup, name), join(validator.directory, name), { recursive: true });
    }
    rmSync(backup, { recursive: true });
    await run.recover(validator, "an old backup");
  },
};

const stoppedMs = 180_000;

/** The others go on meanwhile; it catches up with its old process, whose timers are all due. */
const stoppedProcess: RecoveryCase = {
  name: `a process stopped for ${stoppedMs / 60_000} minutes (SIGSTOP)`,
  async run(run, validator) {
    process.kill(validator.pid(), "SIGSTOP");
    try {
      await Promise.all([delay(stoppedMs), run.progress(10)]);
    } finally {
      process.kill(validator.pid(), "SIGCONT");
    }
    await run.catchesUp(validator, "three minutes without a turn", 0);
  },
};

/** More than f: nothing is final meanwhile, and everything goes on afterwards. */
const twoStopped: RecoveryCase = {
  name: "two of four processes stopped for a minute (SIGSTOP)",
  async run(run) {
    const [first, second, third] = run.validators as [DevnetValidator, DevnetValidator, DevnetValidator];
    for (const { pid } of [first, second]) process.kill(pid(), "SIGSTOP");
    try {
      // What had a quorum before may still be executed.
      await delay(stoppedMs / 6);
      const height = await heightOf(third);
      await delay(stoppedMs / 6);
      if ((await heightOf(third)) > height) throw new Error("something became final without a quorum");
    } finally {
      for (const { pid } of [first, second]) process.kill(pid(), "SIGCONT");
    }
    await run.resumes();
  },
};

const shiftedClock = fileURLToPath(new URL("shiftedClock.ts", import.meta.url));

const clockJump = (name: string, shiftMs: number): RecoveryCase => ({
  name,
  async run(run, validator) {
    await validator.kill();
    await run.startWith(validator, { NODE_OPTIONS: `--import ${shiftedClock}`, SHIFT_CLOCK_MS: String(shiftMs) });
    await run.progress();
    process.kill(validator.pid(), "SIGUSR2");
    await run.progress(10);
    await validator.kill();
    await run.recover(validator, name);
  },
});

const allKilled: RecoveryCase = {
  name: "all four killed at once",
  async run(run) {
    await Promise.all(run.validators.map((each) => each.kill()));
    const startedMs = performance.now();
    await Promise.all(run.validators.map((each) => each.start()));
    const readyMs = performance.now() - startedMs;
    await run.progress(1);
    run.recoveries.push({ what: "all four killed at once", readyMs, caughtUpMs: performance.now() - startedMs });
  },
};

/** Writes beyond the log's present size fail with EFBIG: a full disk for this process alone. So that it can still print
 * why it stops, what it has printed is moved away before. */
const fullDisk: RecoveryCase = {
  name: "a disk with no more room for the log",
  async run(run, validator) {
    const { execFileSync } = await import("node:child_process");
    run.keepOutput(validator);
    const bytes = statSync(segmentOf(validator)).size;
    execFileSync("prlimit", [`--pid=${validator.pid()}`, `--fsize=${bytes + 2_000}`]);
    await until(`${validator.name} stops`, () => !validator.running());
    const words = readFileSync(validator.logFile, "utf8");
    if (!/the node stops: /.test(words)) throw new Error(`${validator.name} ended with: ${words.slice(-1500)}`);
    await run.recover(validator, "a full disk");
  },
};

export const recoveryCases: readonly RecoveryCase[] = [
  // Honest validators never get to those of evidence: test/integration/conviction.test.ts has one that lies.
  ...Object.keys(crashPoints)
    .filter((name) => !name.startsWith("evidence."))
    .map(atPoint),
  whileDown("a log whose last frame is torn", (validator) => {
    const path = segmentOf(validator);
    truncateSync(path, statSync(path).size - 7);
  }),
  whileDown("a log with bytes behind its end", (validator) => {
    appendFileSync(segmentOf(validator), Buffer.alloc(1_000, 0xa5));
  }),
  whileDown("a log cut to half", (validator) => {
    const path = segmentOf(validator);
    truncateSync(path, statSync(path).size >> 1);
  }),
  whileDown("a deleted log", (validator) => remove(validator, "wal")),
  whileDown("a deleted guard", (validator) => remove(validator, "signer-guard.json")),
  whileDown("a deleted data folder", (validator) => remove(validator, "data")),
  whileDown("everything deleted but keys, genesis and guard", (validator) => {
    for (const name of ["wal", "data"]) remove(validator, name);
  }),
  rottenLog,
  oldBackup,
  stoppedProcess,
  twoStopped,
  clockJump("a clock that jumps an hour ahead", 3_600_000),
  clockJump("a clock that jumps an hour back", -3_600_000),
  fullDisk,
  allKilled,
  ...networkCases,
];
