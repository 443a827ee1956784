// Where TaskMarket keeps the record of a unit: `mapping(uint256 taskId => mapping(uint256 unit => Assignment))` at
// slot 0, two words, as documented at the head of contracts/market/TaskBook.sol.
import { keccak256Hex } from "../crypto/keccak.ts";
import type { Hex } from "../types/brands.ts";
import { bytesOf } from "../types/hex.ts";
import { wordOf } from "./format.ts";

const assignmentsSlot = 0n;
const recordWords = 2n;

/** Solidity's place of a mapping's entry: keccak256(key ‖ slot of the mapping), each 32 bytes. */
const entrySlot = (key: bigint, mapping: Hex): Hex =>
  keccak256Hex(Buffer.concat([bytesOf(wordOf(key)), bytesOf(mapping)]));

/** Slots of the record's words, in order, 32 bytes each. */
export function assignmentSlots(taskId: bigint, unit: bigint): Hex[] {
  const first = BigInt(entrySlot(unit, entrySlot(taskId, wordOf(assignmentsSlot))));
  return Array.from({ length: Number(recordWords) }, (_, index) => wordOf(BigInt.asUintN(256, first + BigInt(index))));
}
