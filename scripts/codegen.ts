// Writes the ABIs that the SDK types its calls by, from Hardhat's artifacts: sdk/abis/<contract>.ts, one constant
// each, and sdk/abis/errors.ts with every custom error of the rules, since a call through one contract may revert
// with the error of another. The files are committed, so that the SDK needs no compiler; run this after a change of
// the contracts' interfaces: npm run hardhat -- build && node scripts/codegen.ts [--check]
//
// With --check nothing is written. The exit code is 1 when a file is not as it would be written, or cannot be.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Abi } from "viem";
import { genesisAddresses } from "../contracts/deploy/genesisAddresses.ts";
import { artifactReader } from "../node/genesis/artifacts.ts";
import { AllotError } from "../node/types/errors.ts";

const folder = fileURLToPath(new URL("../sdk/abis/", import.meta.url));

/** The four mechanisms are reached through IAwardMechanism. */
const mechanisms = new Set(["PostedPrice", "FirstPrice", "Vickrey", "UniformPrice"]);
const contracts = [...Object.keys(genesisAddresses).filter((name) => !mechanisms.has(name)), "IAwardMechanism"];

const constantOf = (name: string): string => (name === "EAS" ? "eas" : name.charAt(0).toLowerCase() + name.slice(1));

/** `internalType` says nothing to a caller and changes with every rename of a struct. */
const lineOf = (item: unknown): string =>
  JSON.stringify(item, (key, value) => (key === "internalType" ? undefined : value));

const moduleOf = (constant: string, lines: readonly string[], source: string): string =>
  `// Generated from ${source} by scripts/codegen.ts.\nexport const ${constant} = [\n${lines.map((line) => `  ${line},\n`).join("")}] as const;\n`;

function generate(): { readonly files: Map<string, string>; readonly problems: string[] } {
  const files = new Map<string, string>();
  const problems: string[] = [];
  const errors = new Set<string>();
  const read = artifactReader();
  for (const name of contracts) {
    let abi: Abi;
    try {
      abi = read(name).abi;
    } catch (error) {
      if (!(error instanceof AllotError)) throw error;
      problems.push(error.message);
      continue;
    }
    files.set(`${constantOf(name)}.ts`, moduleOf(`${constantOf(name)}Abi`, abi.map(lineOf), name));
    for (const item of abi) {
      if (item.type !== "error") continue;
      // Two contracts may name a parameter of the same error differently; the selector is the same.
      const inputs = item.inputs.map((input) => ({ ...input, name: input.name ?? "" }));
      errors.add(lineOf({ ...item, inputs }));
    }
  }
  files.set("errors.ts", moduleOf("ruleErrorsAbi", [...errors].sort(), "the custom errors of all rule contracts"));
  return { files, problems };
}

const check = process.argv.includes("--check");
const { files, problems } = generate();
const stale: string[] = [];
await mkdir(folder, { recursive: true });
for (const [file, text] of files) {
  const present = await readFile(`${folder}${file}`, "utf8").catch(() => undefined);
  if (present === text) continue;
  stale.push(`sdk/abis/${file}`);
  if (!check) await writeFile(`${folder}${file}`, text);
}
if (check && stale.length > 0) {
  problems.push(`not up to date: ${stale.join(", ")}; run "npm run hardhat -- build" and "node scripts/codegen.ts"`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(check ? "sdk/abis is up to date" : `${stale.length} files written to sdk/abis`);
