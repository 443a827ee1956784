import { encodeFunctionData, parseEventLogs } from "viem";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import type { AllotCore } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { wordFor } from "../tasks/taskStatus.ts";
import { type Ruling, rulings } from "./dispute.ts";

export interface ConcludeDisputeParameters extends WriteParameters {
  readonly taskId: bigint;
  /** 0 unless given. */
  readonly unit?: number;
}

/** How the bond was shared out, in units of 10⁻⁶ credit; `withdrawFromPanel` sends it. */
export interface ConcludeDisputeResult extends WriteResult {
  readonly ruling: Ruling;
  /** To the objector. */
  readonly returned: bigint;
  /** To those who opened their votes, together. */
  readonly paid: bigint;
  readonly burned: bigint;
}

/**
 * Shares out a dispute's bond once the reveal deadline has passed. Anyone may call it; the unit itself is ended by
 * `concludeTask`, before or after. Throws `RevertedError`: `DisputePanelUndecided`, `DisputePanelConcluded`,
 * `DisputePanelNoDispute`.
 * @example
 * ```ts
 * const { ruling, returned } = await concludeDispute(client, { taskId });
 * ```
 */
export async function concludeDispute(
  client: AllotCore,
  parameters: ConcludeDisputeParameters,
): Promise<ConcludeDisputeResult> {
  const { taskId, unit = 0, gas = gasOf.concludeDispute } = parameters;
  const { disputePanel } = client.allot.rules;
  const args = [taskId, BigInt(unit)] as const;
  const data = encodeFunctionData({ abi: disputePanelAbi, functionName: "concludeDispute", args });
  const result = await sendTransaction(client, { to: disputePanel, data, gas });
  const events = parseEventLogs({ abi: disputePanelAbi, logs: result.receipt.logs, eventName: "DisputeConcluded" });
  const { ruling, returned, paid, burned } = requireEvent(events, "DisputeConcluded").args;
  return { ...result, ruling: wordFor(rulings, ruling), returned, paid, burned };
}
