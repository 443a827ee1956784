// `npm run fuzz`: input from outside, made from right input by changes that know its form, for as long as you like.
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { reportFailure } from "../node/cli/exit.ts";
import { integerFlag } from "../node/cli/flags.ts";
import { table } from "../node/cli/output.ts";
import { AllotError } from "../node/types/errors.ts";
import { allTargets, type Find, type FuzzReport, fuzz } from "../test/fuzz/fuzz.ts";

interface Flags {
  readonly seconds?: number;
  readonly executions?: number;
  readonly seed: number;
  readonly target?: readonly string[];
  readonly finds?: string;
  readonly json?: boolean;
}

const program = new Command("fuzz")
  .description("Gives changed input to everything that reads input from outside, and reports what it should not do.")
  .option("--seconds <n>", "time for each target", integerFlag("--seconds", 1, 1_000_000))
  .option("--executions <n>", "inputs for each target", integerFlag("--executions", 1, 1_000_000_000))
  .option(
    "--seed <n>",
    "first number of chance",
    integerFlag("--seed", 0, 0xffff_ffff),
    Math.floor(Math.random() * 2 ** 32),
  )
  .option("--target <names...>", "only these targets")
  .option("--finds <file>", "write what was found to a file, in the form of test/fuzz/corpus.json")
  .option("--json", "print the report as JSON")
  .addHelpText(
    "after",
    "\nWithout --seconds and --executions: 10 seconds for each target.\nExit code 1 when something was found.",
  );

async function main(flags: Flags): Promise<boolean> {
  const targets = await allTargets();
  const names = targets.map(({ name }) => name);
  const unknown = flags.target?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const message = `--target: there is no target "${unknown}"; there are ${names.map((name) => `"${name}"`).join(", ")}`;
    throw new AllotError("BAD_VALUE", { target: unknown }, message);
  }
  const seconds = flags.seconds ?? (flags.executions === undefined ? 10 : Number.POSITIVE_INFINITY);
  const executionsMax = flags.executions ?? Number.MAX_SAFE_INTEGER;
  const reports: FuzzReport[] = [];
  for (const target of targets) {
    if (flags.target?.includes(target.name) === false) continue;
    process.stderr.write(`${target.name} …\n`);
    reports.push(await fuzz(target, { seed: flags.seed, seconds, executionsMax }));
  }
  for (const target of targets) await target.close?.();
  const finds = reports.flatMap((report) => report.finds);
  process.stdout.write(flags.json ? `${JSON.stringify(reports, null, 2)}\n` : shown(reports, finds));
  if (flags.finds !== undefined) writeFileSync(flags.finds, `${JSON.stringify(finds.map(corpusEntry), null, 2)}\n`);
  return finds.length === 0;
}

const corpusEntry = ({ target, reason, input }: Find) => ({ target, found: reason, input });

function shown(reports: readonly FuzzReport[], finds: readonly Find[]): string {
  const rows = reports.map(({ target, executions, accepted, seconds, longestMs, keptBytes, finds: { length } }) => [
    target,
    executions.toLocaleString("en"),
    accepted.toLocaleString("en"),
    Math.round(executions / seconds).toLocaleString("en"),
    longestMs.toFixed(0),
    (keptBytes / 1024 / 1024).toFixed(1),
    String(length),
  ]);
  const head = ["target", "inputs", "accepted", "per second", "longest ms", "kept MiB", "finds"];
  const details = finds.map(({ target, reason, input }) => `\n${target}: ${JSON.stringify(input)}\n${reason}\n`);
  return `seed ${reports[0]?.seed}\n${table([head, ...rows])}\n${details.join("")}`;
}

try {
  const clean = await main(program.parse().opts());
  process.exitCode = clean ? 0 : 1;
} catch (error) {
  process.exitCode = reportFailure(error);
}
