// Which outcomes became reputation, from the chain's events alone.
import { decodeEventLog } from "viem";
import { outcomeRecorderAbi } from "../../sdk/abis/outcomeRecorder.ts";
import { type RecordedOutcome, recordedOutcomes } from "../../sdk/actions/reputation/recordOutcome.ts";
import { ruleAddresses } from "../../sdk/contracts.ts";
import type { FollowedBlock } from "./follow.ts";

export interface ReputationBoard {
  /** Tasks all of whose outcomes are recorded. */
  readonly tasks: ReadonlySet<bigint>;
  /** Recorded outcomes of all agents together. */
  readonly outcomes: Readonly<Record<RecordedOutcome, number>>;
  take(block: FollowedBlock): void;
}

export function createReputationBoard(): ReputationBoard {
  const recorder = ruleAddresses.outcomeRecorder.toLowerCase();
  const tasks = new Set<bigint>();
  const outcomes = { paid: 0, rejected: 0, "no-show": 0 };
  return {
    tasks,
    outcomes,
    take(block) {
      for (const { address, data, topics } of block.logs) {
        if (address.toLowerCase() !== recorder) continue;
        const event = decodeEventLog({ abi: outcomeRecorderAbi, data, topics });
        if (event.eventName === "TaskRecorded") tasks.add(event.args.taskId);
        else outcomes[recordedOutcomes[event.args.outcome] ?? "rejected"]++;
      }
    },
  };
}
