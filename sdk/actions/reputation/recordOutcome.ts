import { encodeFunctionData, parseEventLogs } from "viem";
import { outcomeRecorderAbi } from "../../abis/outcomeRecorder.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { wordFor } from "../tasks/taskStatus.ts";

/** `no-show`: nothing was delivered in time. `rejected`: by the evaluator, or by a panel. */
export const recordedOutcomes = ["paid", "rejected", "no-show"] as const;
export type RecordedOutcome = (typeof recordedOutcomes)[number];

export interface RecordOutcomeParameters extends WriteParameters {
  readonly taskId: bigint;
}

export interface RecordOutcomeResult extends WriteResult {
  readonly outcomes: readonly {
    readonly agentId: bigint;
    readonly outcome: RecordedOutcome;
    /** Of the recorder's feedback for the agent in the registry; 0 when the registry refused it. */
    readonly feedbackIndex: bigint;
  }[];
  /** False when there are more: call again. */
  readonly complete: boolean;
}

/**
 * Records what became of a closed task's units as reputation of their agents: in the recorder's own tally and as feedback
 * in the ERC-8004 registry, where the client is `client.allot.rules.outcomeRecorder` and the first tag `task-outcome`.
 * Anyone may call it; no money waits for it. Throws `RevertedError`: `OutcomeRecorderNotClosed`, `OutcomeRecorderDone`.
 * @example
 * ```ts
 * const { outcomes } = await recordOutcome(client, { taskId });
 * ```
 */
export async function recordOutcome(
  client: AllotCore,
  { taskId, gas }: RecordOutcomeParameters,
): Promise<RecordOutcomeResult> {
  const data = encodeFunctionData({ abi: outcomeRecorderAbi, functionName: "recordOutcome", args: [taskId] });
  const result = await sendTransaction(client, { to: client.allot.rules.outcomeRecorder, data, gas });
  const events = parseEventLogs({ abi: outcomeRecorderAbi, logs: result.receipt.logs });
  const outcomes = events.flatMap((event) => {
    if (event.eventName !== "OutcomeRecorded") return [];
    const { agentId, outcome, feedbackIndex } = event.args;
    return [{ agentId, outcome: wordFor(recordedOutcomes, outcome), feedbackIndex }];
  });
  return { ...result, outcomes, complete: events.some(({ eventName }) => eventName === "TaskRecorded") };
}
