// `npm run coverage`: what the contracts' tests reach, by lines, statements and branches, with what they do not reach.
// Works on a copy in which every condition is passed through a function of its own (coverage/conditions.ts): Hardhat
// counts lines and statements, and so which of that function's two lines were reached.
import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Condition, instrument, OUTCOMES, outcomesSource } from "./coverage/conditions.ts";
import { type FileFigures, figuresOf, type Share } from "./coverage/figures.ts";
import { contractFiles, parse } from "./mutate/contractSources.ts";
import { copyOfTree } from "./mutate/copyOfTree.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Tests of gas measure, and instrumented code takes more. */
const NOT_COUNTED = "gas of";
/** As little optimizing as fits the stack: instrumented twice, the contracts take long to compile and run once. */
const CONFIG = `import config from "./hardhat.config.ts";
const details = { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: "u" } };
const settings = { evmVersion: "cancun", viaIR: true, optimizer: { enabled: true, runs: 1, details } };
const { overrides: _, ...solidity } = config.solidity;
const [ours, ...others] = solidity.compilers;
const compilers = [{ ...ours, settings }, ...others];
export default { ...config, solidity: { ...solidity, compilers } };
`;
const CONFIG_FILE = "hardhat.coverage.config.ts";
/** Hardhat's own report, which knows nothing of conditions, begins with this. */
const REPORT = "Saved html report";

/** Instruments the contracts of the copy; returns the files that have code, and their conditions in order. */
function instrumentAll(copy: string): { files: readonly string[]; conditions: readonly Condition[] } {
  const files = contractFiles(copy);
  const conditions: Condition[] = [];
  for (const file of files) {
    const path = join(copy, file);
    const made = instrument(file, readFileSync(path), parse(copy, file), conditions.length);
    conditions.push(...made.conditions);
    writeFileSync(path, made.source);
  }
  writeFileSync(join(copy, `contracts/${OUTCOMES}.sol`), outcomesSource(conditions.length));
  writeFileSync(join(copy, CONFIG_FILE), CONFIG);
  return { files, conditions };
}

/** Runs the contracts' tests in the copy and shows what they say. */
async function runTests(copy: string, tests: readonly string[]): Promise<number | null> {
  const hardhat = join(copy, "node_modules/hardhat/dist/src/cli.js");
  const args = [hardhat, "--config", join(copy, CONFIG_FILE), "test", "mocha", ...tests];
  args.push("--coverage", "--grep-exclude", NOT_COUNTED);
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => child.kill("SIGKILL"));
  let isReport = false;
  child.stdout.on("data", (chunk: Buffer) => {
    const [before = ""] = chunk.toString().split(REPORT);
    if (!isReport) process.stdout.write(before);
    isReport ||= before.length < chunk.toString().length;
  });
  return await new Promise((resolve) => child.once("close", resolve));
}

const percent = ({ covered, all }: Share): string => (all === 0 ? "–" : `${((100 * covered) / all).toFixed(2)} %`);
const column = (share: Share): string => `${percent(share)} (${share.covered}/${share.all})`.padEnd(22);
const sum = (figures: readonly FileFigures[], of: (one: FileFigures) => Share): Share => ({
  covered: figures.reduce((total, one) => total + of(one).covered, 0),
  all: figures.reduce((total, one) => total + of(one).all, 0),
});

function report(figures: readonly FileFigures[]): void {
  const row = (name: string, lines: Share, statements: Share, branches: Share): void =>
    void process.stdout.write(`${name.padEnd(46)}${column(lines)}${column(statements)}${column(branches)}\n`);
  process.stdout.write(`\n${"contract".padEnd(46)}${"lines".padEnd(22)}${"statements".padEnd(22)}branches\n`);
  for (const { file, lines, statements, branches } of figures) {
    if (statements.all > 0) row(file.replace("contracts/", ""), lines, statements, branches);
  }
  row(
    "together",
    sum(figures, ({ lines }) => lines),
    sum(figures, ({ statements }) => statements),
    sum(figures, ({ branches }) => branches),
  );
  process.stdout.write("\nnot covered:\n");
  for (const { file, linesMissed, missed } of figures) {
    if (linesMissed.length > 0) process.stdout.write(`  ${file}: lines ${linesMissed.join(", ")}\n`);
    for (const { condition, outcome } of missed) {
      const { line, where, text } = condition;
      process.stdout.write(`  ${file}:${line} ${where}: \`${text}\` is never ${outcome}\n`);
    }
  }
}

const copy = copyOfTree(root, "allot-coverage-");
process.once("exit", () => rmSync(copy, { recursive: true, force: true }));
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
const { files, conditions } = instrumentAll(copy);
const code = await runTests(copy, process.argv.slice(2));
if (code === 0) report(figuresOf(copy, files, conditions));
process.exitCode = code ?? 1;
