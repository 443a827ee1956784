// A copy of the tree in which one contract at a time is broken. The tree itself is never written to, so that nothing
// has to be restored whatever happens.
import { spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type CompilerSettings, compile, contractsByFile, fileOf } from "./contractSources.ts";
import { copyOfTree } from "./copyOfTree.ts";
import type { Mutant } from "./mutants.ts";

/** A run of tests that takes longer than this, on a busy machine too, has been sent into a loop. */
const testsMs = 30 * 60_000;
/** Calls after which a broken property counts as not found. */
const PROPERTY_CALLS = 30_000;
/** Tests that compare figures or layouts of the whole bytecode notice any change, right or wrong. */
const NOT_ABOUT_RULES = /([Gg]as|storageLayout|bytecode)\.test\.ts$/;

/** Hex digits of the hash of the sources at the end of a bytecode, with its frame. */
const METADATA_DIGITS = 106;
const withoutMetadata = (bytecode: string): string => bytecode.slice(0, -METADATA_DIGITS);

export type Outcome =
  | { readonly result: "killed"; readonly by: string }
  | { readonly result: "survived" }
  | { readonly result: "stillborn" };

/** Settings of the compiler for a file, as Hardhat would choose them. */
export type SettingsOf = (file: string) => CompilerSettings;

export class Workshop {
  readonly root: string;
  readonly #settingsOf: SettingsOf;
  readonly #contracts: ReadonlyMap<string, readonly string[]>;

  constructor(original: string, settingsOf: SettingsOf) {
    this.root = copyOfTree(original, "allot-mutate-");
    this.#settingsOf = settingsOf;
    for (const made of ["artifacts", "cache", "types"]) {
      cpSync(join(original, made), join(this.root, made), { recursive: true });
    }
    this.#contracts = contractsByFile(this.root);
  }

  /** Breaks one place, compiles, runs the contracts' tests or the properties, and mends the copy again. */
  async judge(mutant: Mutant, by: "tests" | "properties" = "tests"): Promise<Outcome> {
    const path = join(this.root, mutant.file);
    const source = readFileSync(path);
    const mutated = [source.subarray(0, mutant.from), Buffer.from(mutant.after), source.subarray(mutant.to)];
    writeFileSync(path, Buffer.concat(mutated));
    const restore = [() => writeFileSync(path, source)];
    let changes = false;
    try {
      for (const name of this.#contracts.get(mutant.file) ?? []) {
        const file = fileOf(this.root, name);
        const compiled = compile(this.root, file, name, this.#settingsOf(file));
        if (compiled === undefined) return { result: "stillborn" };
        const artifactPath = join(this.root, "artifacts", file, `${name}.json`);
        const artifact = readFileSync(artifactPath, "utf8");
        restore.push(() => writeFileSync(artifactPath, artifact));
        const original = JSON.parse(artifact) as { readonly bytecode: string };
        changes ||= withoutMetadata(original.bytecode) !== withoutMetadata(compiled.bytecode);
        writeFileSync(artifactPath, JSON.stringify({ ...original, ...compiled }));
      }
      if (!changes) return { result: "stillborn" };
      return by === "tests" ? await this.#runTests(mutant) : await this.#runProperties();
    } finally {
      for (const undo of restore) undo();
    }
  }

  /** The tests beside the broken contract first; then, for those that survive them, all others. */
  async #runTests(mutant: Mutant): Promise<Outcome> {
    const folder = mutant.file.split("/")[1] ?? "";
    const tests = readdirSync(join(this.root, "test/contracts"), { recursive: true })
      .map((file) => `test/contracts/${String(file).replaceAll("\\", "/")}`)
      .filter((file) => file.endsWith(".test.ts") && !NOT_ABOUT_RULES.test(file))
      .sort();
    const isNear = (file: string): boolean => file.startsWith(`test/contracts/${folder}/`);
    for (const part of [tests.filter(isNear), tests.filter((file) => !isNear(file))]) {
      const by = part.length === 0 ? undefined : await this.#firstFailure(part);
      if (by !== undefined) return { result: "killed", by };
    }
    return { result: "survived" };
  }

  /** Random calls: what broke is the line that names the seed. */
  async #runProperties(): Promise<Outcome> {
    const args = [join(this.root, "test/properties/main.ts"), "--seed", "1", "--calls", String(PROPERTY_CALLS)];
    const { code, output } = await this.#run(args);
    if (code === 0) return { result: "survived" };
    const found = output.split("\n").find((line) => /^seed \d+: /.test(line));
    return { result: "killed", by: found ?? output.trim().split("\n").at(-1) ?? `exit code ${code}` };
  }

  /** Name of the first test that fails. */
  async #firstFailure(files: readonly string[]): Promise<string | undefined> {
    const hardhat = join(this.root, "node_modules/hardhat/dist/src/cli.js");
    const args = [hardhat, "test", "mocha", ...files, "--no-compile", "--no-typechain", "--bail"];
    const { code, output } = await this.#run(args);
    if (code === 0) return undefined;
    if (code === null) return "the tests did not end";
    const failure = /^ {2}1\) ([\s\S]*?):\n/m.exec(output.slice(output.search(/^\s*\d+ failing$/m)));
    return failure?.[1]?.replaceAll(/\s+/g, " ") ?? (output.trim().split("\n").at(-1) || `exit code ${code}`);
  }

  async #run(args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
    const child = spawn(process.execPath, [...args], {
      cwd: this.root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ALLOT_TEST_SEED: "1", FORCE_COLOR: "0" },
      timeout: testsMs,
      killSignal: "SIGKILL",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += stripVTControlCharacters(chunk.toString());
      });
    }
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, output };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
