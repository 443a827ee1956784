// The assignment record in TaskMarket's storage: two words, documented at the head of contracts/market/TaskBook.sol.
import { type Address, encodeAbiParameters, type Hex, hexToBigInt, keccak256, numberToHex } from "viem";
import { storageSlots } from "../../contracts/deploy/storage.ts";
import { type UnitStatus, unitStatuses, type Verdict, verdicts, wordFor } from "../actions/tasks/taskStatus.ts";

export interface AssignmentRecord {
  readonly provider: Address;
  readonly price: bigint;
  readonly status: UnitStatus;
  readonly verdict: Verdict;
  readonly round: number;
  readonly agentId: bigint;
  readonly jobId: bigint;
  readonly deliveryDeadline: number;
}

const uintPair = [{ type: "uint256" }, { type: "uint256" }] as const;
const keyAndSlot = [{ type: "uint256" }, { type: "bytes32" }] as const;

/** Slots of the record's words: `mapping(taskId => mapping(unit => Assignment))`. */
export function assignmentSlots(taskId: bigint, unit: number): readonly [Hex, Hex] {
  const ofTask = keccak256(encodeAbiParameters(uintPair, [taskId, BigInt(storageSlots.TaskMarket._assignments)]));
  const first = keccak256(encodeAbiParameters(keyAndSlot, [BigInt(unit), ofTask]));
  return [first, numberToHex((hexToBigInt(first) + 1n) % 2n ** 256n, { size: 32 })];
}

/** Reads the record from its words; undefined when they are empty. */
export function decodeAssignment(words: readonly [bigint, bigint]): AssignmentRecord | undefined {
  const [first, second] = words.map(bitReader) as [BitReader, BitReader];
  const provider = numberToHex(first(160), { size: 20 });
  const price = first(64);
  const status = wordFor(unitStatuses, Number(first(8)));
  const verdict = wordFor(verdicts, Number(first(8)));
  const round = Number(first(8));
  const agentId = second(64);
  const jobId = second(64);
  const deliveryDeadline = Number(second(40));
  if (status === "none") return undefined;
  return { provider, price, status, verdict, round, agentId, jobId, deliveryDeadline };
}

type BitReader = (bits: number) => bigint;

/** Takes fields off a word, from its low end. */
function bitReader(word: bigint): BitReader {
  let rest = word;
  return (bits) => {
    const field = BigInt.asUintN(bits, rest);
    rest >>= BigInt(bits);
    return field;
  };
}
