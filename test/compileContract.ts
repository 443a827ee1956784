import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Hex } from "../node/types/brands.ts";

const compiled = new Map<string, Hex>();

/** Creation code of the contract in a file that is named after it; compiled once for each process. */
export function compileContract(file: URL): Hex {
  const known = compiled.get(file.href);
  if (known !== undefined) return known;
  const solc: { compile(input: string): string } = createRequire(import.meta.url)("solc");
  const name = basename(fileURLToPath(file));
  const input = {
    language: "Solidity",
    sources: { [name]: { content: readFileSync(file, "utf8") } },
    settings: {
      evmVersion: "cancun",
      optimizer: { enabled: true },
      outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const { evm } = output.contracts[name][name.replace(/\.sol$/, "")];
  const bytecode: Hex = `0x${evm.bytecode.object}`;
  compiled.set(file.href, bytecode);
  return bytecode;
}
