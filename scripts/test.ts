// `npm test`: every part of the test-suite, each in a process of its own, as many at once as there are processors, four
// at most. Outputs are shown one after the other. The last line is "N passed, N failed"; the exit code is 0 only when
// nothing failed.
//
//   npm test                          everything
//   npm test -- --jobs 1              everything, one part at a time
//   npm test -- consensus storage     some parts: folders or files of test/
//   npm test -- contracts --grep bid  tests whose name matches
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, stripVTControlCharacters } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const testFolder = join(root, "test");
/** A part that has not ended by then is stopped and counts as failed. */
const partMs = 20 * 60_000;
const jobsMax = 4;
/** Time between the summary and the end of the process: more means that a test left something open. */
const closingMs = 60_000;
/** Of one part's failures, repeated at the end. */
const failuresCharsMax = 8_000;

interface Part {
  readonly name: string;
  readonly command: readonly string[];
}

interface PartResult {
  readonly part: Part;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** What mocha says of the failed tests. */
  readonly failures: string;
  /** Why it failed beside its tests. */
  readonly complaint: string | undefined;
}

/** Folders with tests in them and files of test/, by the name that selects them. */
function partNames(): readonly string[] {
  const hasTests = (folder: string): boolean =>
    readdirSync(join(testFolder, folder), { recursive: true }).some((file) => String(file).endsWith(".test.ts"));
  return readdirSync(testFolder, { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() ? hasTests(entry.name) : entry.name.endsWith(".test.ts")))
    .map((entry) => entry.name.replace(/\.test\.ts$/, ""))
    .sort();
}

function partOf(name: string, grep: string | undefined): Part {
  const filter = grep === undefined ? [] : ["--grep", grep];
  const bin = (tool: string): string => join(root, "node_modules", ".bin", tool);
  if (name === "contracts") return { name, command: [bin("hardhat"), "test", "mocha", ...filter] };
  const file = `test/${name}.test.ts`;
  const files = existsSync(join(root, file)) ? file : `test/${name}/**/*.test.ts`;
  return { name, command: [bin("mocha"), files, ...filter] };
}

/** Ends the process with everything it started; it leads its own process group. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended in the meantime.
  }
}

const countIn = (text: string, word: string): number =>
  Number(new RegExp(`^\\s*(\\d+) ${word}`, "m").exec(text)?.[1] ?? 0);

/** Mocha's account of the failed tests, which it prints last. */
function failuresIn(output: string): string {
  const start = output.search(/^\s*\d+ failing$/m);
  return start === -1 ? "" : output.slice(start).trim().slice(0, failuresCharsMax);
}

/** Lets one part after the other speak; what the others say meanwhile is kept for their turn. */
class Outputs {
  readonly #kept: string[];
  readonly #ended: boolean[];
  #speaking = 0;

  constructor(titles: readonly string[]) {
    this.#kept = titles.map((title) => `\n=== ${title} ===\n`);
    this.#ended = titles.map(() => false);
  }

  say(index: number, text: string): void {
    this.#kept[index] += text;
    if (index === this.#speaking) this.#flush();
  }

  end(index: number): void {
    this.#ended[index] = true;
    this.#flush();
    while (this.#ended[this.#speaking] === true) {
      this.#speaking++;
      this.#flush();
    }
  }

  #flush(): void {
    process.stdout.write(this.#kept[this.#speaking] ?? "");
    this.#kept[this.#speaking] = "";
  }
}

/** @param say gets the output as it comes */
function runPart(part: Part, say: (text: string) => void): Promise<PartResult> {
  const started = Date.now();
  const [command = "", ...args] = part.command;
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...colour },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const stopChild = (): void => {
    killGroup(child);
    process.exit(130);
  };
  process.once("SIGINT", stopChild);
  let output = "";
  let complaint: string | undefined;
  const giveUp = (reason: string) => () => {
    complaint = reason;
    killGroup(child);
  };
  const limit = setTimeout(giveUp(`did not end within ${partMs / 60_000} minutes`), partMs);
  let closing: NodeJS.Timeout | undefined;
  child.stderr.on("data", (chunk: Buffer) => say(chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => {
    say(chunk.toString());
    output += stripVTControlCharacters(chunk.toString());
    if (closing === undefined && /^\s*\d+ passing/m.test(output)) {
      closing = setTimeout(giveUp("left something open: its process did not end after the last test"), closingMs);
    }
  });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      complaint = error.message;
    });
    child.once("close", (code) => {
      clearTimeout(limit);
      clearTimeout(closing);
      process.removeListener("SIGINT", stopChild);
      const passed = countIn(output, "passing");
      const failed = countIn(output, "failing");
      if (code !== 0 && failed === 0) complaint ??= `ended with exit code ${code}`;
      if (code === 0 && passed === 0 && !process.argv.includes("--grep")) complaint ??= "ran no test";
      const seconds = (Date.now() - started) / 1000;
      const failures = failed === 0 ? "" : failuresIn(output);
      resolve({ part, passed, failed: failed + (complaint === undefined ? 0 : 1), seconds, failures, complaint });
    });
  });
}

function selected(asked: readonly string[]): readonly string[] {
  const known = partNames();
  const names = asked.map((name) => name.replace(/^test\//, "").replace(/\/$|\.test\.ts$/g, ""));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names.length === 0 ? known : names;
  process.stderr.write(`npm test: there is no part "${unknown}"; the parts are ${known.join(", ")}\n`);
  process.exit(2);
}

const { values, positionals } = parseArgs({
  options: { grep: { type: "string" }, jobs: { type: "string" } },
  allowPositionals: true,
});
const jobs = Number(values.jobs ?? Math.min(jobsMax, availableParallelism()));
if (!Number.isInteger(jobs) || jobs < 1) {
  process.stderr.write(`npm test: --jobs must be a whole number of at least 1, not ${values.jobs}\n`);
  process.exit(2);
}
const names = selected(positionals);
const outputs = new Outputs(names.map((name, i) => `${name} (${i + 1} of ${names.length})`));
const results: PartResult[] = [];
let next = 0;
async function runNextParts(): Promise<void> {
  for (let index = next++; index < names.length; index = next++) {
    const part = partOf(names[index] as string, values.grep);
    results[index] = await runPart(part, (text) => outputs.say(index, text));
    outputs.end(index);
  }
}
outputs.say(0, "");
await Promise.all(Array.from({ length: jobs }, runNextParts));

// A failure stands far above the end of the output: repeat it there.
for (const { part, failures } of results) {
  if (failures !== "") process.stdout.write(`\n=== failed in ${part.name} ===\n${failures}\n`);
}
process.stdout.write("\n");
for (const { part, passed, failed, seconds, complaint } of results) {
  const note = complaint === undefined ? "" : `  (${complaint})`;
  process.stdout.write(
    `${part.name.padEnd(14)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed  ${seconds.toFixed(0).padStart(4)} s${note}\n`,
  );
}
const total = (count: "passed" | "failed"): number => results.reduce((sum, result) => sum + result[count], 0);
process.stdout.write(`${total("passed")} passed, ${total("failed")} failed\n`);
process.exitCode = total("failed") === 0 ? 0 : 1;
