// The contracts as solc sees them: sources by import path, what a contract is made of, and compiling one alone.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CONTRACT_NAMES } from "../../contracts/deploy/plan.ts";
import type { AstNode } from "./syntaxTree.ts";

const require = createRequire(import.meta.url);
const solc = require("solc") as { compile(input: string, options: unknown): string };

/** Contracts of others, compiled as they are. */
const NOT_OURS = new Set(["SchemaRegistry", "EAS"]);

export interface CompilerSettings {
  readonly [setting: string]: unknown;
}

export interface Compiled {
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

/** Paths of our contracts from the root, without interfaces. */
export function contractFiles(root: string): readonly string[] {
  return readdirSync(join(root, "contracts"), { recursive: true })
    .map((file) => `contracts/${String(file).replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".sol") && !file.startsWith("contracts/interfaces/"))
    .sort();
}

function readImport(root: string, path: string): { contents: string } | { error: string } {
  const file = [join(root, path), join(root, "node_modules", path)].find((candidate) => existsSync(candidate));
  return file === undefined ? { error: `there is no ${path}` } : { contents: readFileSync(file, "utf8") };
}

/** The syntax tree of one file. */
export function parse(root: string, file: string): AstNode {
  const input = {
    language: "Solidity",
    sources: { [file]: { content: readFileSync(join(root, file), "utf8") } },
    settings: { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: (path: string) => readImport(root, path) }));
  return output.sources[file].ast as AstNode;
}

/** Compiles one contract; undefined when it does not compile. */
export function compile(root: string, file: string, name: string, settings: CompilerSettings): Compiled | undefined {
  const input = {
    language: "Solidity",
    sources: { [file]: { content: readFileSync(join(root, file), "utf8") } },
    settings: {
      ...settings,
      outputSelection: { [file]: { [name]: ["evm.bytecode.object", "evm.deployedBytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: (path: string) => readImport(root, path) }));
  const evm = output.contracts?.[file]?.[name]?.evm;
  if (evm === undefined || evm.bytecode.object === "") return undefined;
  return { bytecode: `0x${evm.bytecode.object}`, deployedBytecode: `0x${evm.deployedBytecode.object}` };
}

/** Files that a file imports, directly or not, itself included. Contracts know each other by interfaces alone. */
function closureOf(root: string, file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(join(root, file), "utf8");
  for (const [, path = ""] of source.matchAll(/from "(\.[^"]+)"/g)) closureOf(root, join(file, "..", path), seen);
  return seen;
}

/** Which deployed contracts a file is part of, by file. */
export function contractsByFile(root: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const name of CONTRACT_NAMES) {
    if (NOT_OURS.has(name)) continue;
    for (const file of closureOf(root, fileOf(root, name))) found.set(file, [...(found.get(file) ?? []), name]);
  }
  return found;
}

/** The file of a deployed contract. */
export function fileOf(root: string, name: string): string {
  const file = contractFiles(root).find((path) => path.endsWith(`/${name}.sol`));
  if (file === undefined) throw new RangeError(`no file under contracts/ is called ${name}.sol`);
  return file;
}
