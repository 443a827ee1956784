// `npm run recovery`: everything that can happen to a validator's process, disk and clock, done to real processes.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { recoveryCases } from "./recoveryCases.ts";
import { RecoveryRun } from "./recoveryRun.ts";

const usage = `npm run recovery -- [--case PART] [--rounds COUNT] [--list]
  --case    only cases whose name contains this
  --rounds  how often each (1)
  --list    print the cases`;

function refuse(sentence: string): never {
  process.stderr.write(`recovery: ${sentence}\n${usage}\n`);
  process.exit(2);
}

function given() {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({ options: { case: text, rounds: text, list: flag, help: flag } }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const { case: part = "", rounds: roundsText = "1", list, help } = given();
if (help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const chosen = recoveryCases.filter(({ name }) => name.includes(part));
if (chosen.length === 0) refuse(`no case has "${part}" in its name; --list prints them`);
if (list) {
  process.stdout.write(`${chosen.map(({ name }) => name).join("\n")}\n`);
  process.exit(0);
}
const rounds = Number(roundsText);
if (!Number.isSafeInteger(rounds) || rounds < 1) refuse(`--rounds must be a whole number from 1, not "${roundsText}"`);

const seconds = (durationMs: number): string => `${(durationMs / 1_000).toFixed(1)} s`.padStart(8);
/** Of each validator's log, when a case fails. */
const logLinesShown = 20;
let current = "the start";
const run = await RecoveryRun.start();
try {
  process.stdout.write(`${"ready".padStart(8)} ${"caught up".padStart(10)}\n`);
  for (let i = 0; i < chosen.length * rounds; i++) {
    const printed = run.recoveries.length;
    const { name, run: happen } = chosen[i % chosen.length] as (typeof chosen)[number];
    current = name;
    await happen(run, run.validators[i % run.validators.length] as DevnetValidator);
    const last = run.recoveries.slice(printed).at(-1);
    const times = last === undefined ? "".padStart(18) : `${seconds(last.readyMs)}  ${seconds(last.caughtUpMs)}`;
    process.stdout.write(`${times}  ${name}\n`);
  }
  const violations = await run.violations();
  const { blocks, executed, objects } = run.traffic;
  const seen = `${blocks.size} blocks, ${executed.size} transfers and ${objects.answered} calls to shared objects`;
  const sum = `${chosen.length * rounds} cases, ${seen} seen final`;
  process.stdout.write(`${sum}, ${violations.length} violations\n${violations.map((one) => `  ${one}\n`).join("")}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
} catch (error) {
  process.stdout.write(`FAILED ${current}: ${error instanceof Error ? error.stack : String(error)}\n`);
  for (const { name, logFile } of run.validators) {
    const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-logLinesShown);
    process.stdout.write(`\nlast words of ${name}:\n${lines.map((line) => `  ${line}\n`).join("")}`);
  }
  process.exitCode = 1;
} finally {
  await run.stop();
}
