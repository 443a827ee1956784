import { parseAbi } from "viem";
import type { Hex } from "../../node/types/brands.ts";
import { compileContract } from "../compileContract.ts";

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

export const notebookBytecode = (): Hex => compileContract(new URL("Notebook.sol", import.meta.url));
