import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Abi, parseAbi } from "viem";
import type { Hex } from "../../node/types/brands.ts";

interface Compiled {
  readonly bytecode: Hex;
  readonly abi: Abi;
}

let compiled: Compiled | undefined;

/** The interface by hand, so that its types are known. */
export const notebookAbi = parseAbi([
  "constructor(uint256 first) payable",
  "event Noted(address indexed author, uint256 indexed number, string text)",
  "error TooLong(uint256 length)",
  "function count() view returns (uint256)",
  "function notes(uint256 number) view returns (string)",
  "function note(string text) payable returns (uint256)",
  "function refuse(string reason) pure",
  "function panic(uint256 by) pure returns (uint256)",
  "function spin() view returns (uint256)",
]);

/** Compiles Notebook.sol, once for each process. */
export function notebookBytecode(): Hex {
  if (compiled !== undefined) return compiled.bytecode;
  const solc: { compile(input: string): string } = createRequire(import.meta.url)("solc");
  const content = readFileSync(new URL("Notebook.sol", import.meta.url), "utf8");
  const input = {
    language: "Solidity",
    sources: { "Notebook.sol": { content } },
    settings: {
      evmVersion: "cancun",
      optimizer: { enabled: true },
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const { abi, evm } = output.contracts["Notebook.sol"].Notebook;
  compiled = { abi, bytecode: `0x${evm.bytecode.object}` };
  return compiled.bytecode;
}
