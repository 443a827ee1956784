import type { Address, Hex } from "viem";
import { readContract } from "viem/actions";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { type TaskStatus, taskStatuses, wordFor } from "./taskStatus.ts";

/** Amounts in units of 10⁻⁶ credit, windows in seconds. Terms are those of the posting, whatever changed since. */
export interface Task {
  readonly taskId: bigint;
  readonly status: TaskStatus;
  readonly requester: Address;
  readonly evaluator: Address;
  readonly tenderId: Hex;
  readonly specification: Hex;
  readonly reserve: bigint;
  readonly units: number;
  /** Units awarded and not yet paid or refunded. */
  readonly openUnits: number;
  readonly priceBinding: boolean;
  readonly maxReassignments: number;
  readonly deliveryWindow: number;
  readonly verdictWindow: number;
  readonly disputeWindow: number;
  readonly acceptanceWindow: number;
  /** Under what objections are decided; undefined when verdicts hold at once. */
  readonly disputeTerms: DisputeTerms | undefined;
  /** Second of block time at which the awards became jobs; 0 before. */
  readonly settledAt: number;
}

/** How a panel decides; see DisputePanel. */
export interface DisputeTerms {
  /** What an objector deposits. */
  readonly bond: bigint;
  /** Per seat: paid for a vote that was opened, burned for one that was not. */
  readonly fee: bigint;
  /** From the objection; votes are sealed. */
  readonly voteWindow: number;
  /** From the end of the vote window; votes are opened. */
  readonly voteRevealWindow: number;
  /** Most members drawn. */
  readonly seats: number;
  /** Fewest opened votes that decide. */
  readonly quorum: number;
  /** Lowest level of the capability `evaluation` that is drawn. */
  readonly level: number;
  /** Most that one vote counts. */
  readonly weightMax: number;
}

/**
 * Reads a task. Throws `RevertedError` (`TaskMarketUnknownTask`) for an id that was never given.
 * @example
 * ```ts
 * const { status, tenderId } = await getTask(client, { taskId: 12n });
 * ```
 */
export async function getTask(client: AllotCore, { taskId }: { readonly taskId: bigint }): Promise<Task> {
  const market = { address: client.allot.rules.taskMarket, abi: taskMarketAbi } as const;
  const stored = await callRules(readContract(client, { ...market, functionName: "taskOf", args: [taskId] }));
  const { noShowBps: _, expiryMargin: __, candidatesMax: ___, status, panel, ...task } = stored;
  const disputeTerms = task.disputeWindow === 0 ? undefined : panel;
  return { taskId, status: wordFor(taskStatuses, status), disputeTerms, ...task };
}
