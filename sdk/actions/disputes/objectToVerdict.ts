import { encodeFunctionData, type Hex, parseEventLogs, zeroHash } from "viem";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import type { AllotCore } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { ensureAllowance } from "../credits/approveCredits.ts";
import { getTask } from "../tasks/getTask.ts";

export interface ObjectToVerdictParameters extends WriteParameters {
  readonly taskId: bigint;
  /** 0 unless given. */
  readonly unit?: number;
  /** Anything the objector wants on record, for example the hash of its argument. */
  readonly reason?: Hex;
}

export interface ObjectToVerdictResult extends WriteResult {
  /** Deposited, in units of 10⁻⁶ credit. */
  readonly bond: bigint;
  /** Last second for sealing votes. */
  readonly voteDeadline: number;
  /** Last second for opening them; the ruling is final from the next second on. */
  readonly revealDeadline: number;
}

/**
 * Objects to the verdict on a delivery, or to the evaluator's silence, with the bond of the task's dispute terms: by
 * the requester against a payment, by the provider against a refund, within the dispute window. A panel is drawn and
 * votes. Throws `RevertedError`: `DisputePanelNotTheLoser`, `DisputePanelOutsideWindow`, `DisputePanelNothingToObject`,
 * `DisputePanelNoDisputeWindow`, `DisputePanelObjected`, `DisputePanelTooFewMembers`.
 * @example
 * ```ts
 * const { revealDeadline } = await objectToVerdict(client, { taskId, reason: keccak256(argument) });
 * ```
 */
export async function objectToVerdict(
  client: AllotCore,
  parameters: ObjectToVerdictParameters,
): Promise<ObjectToVerdictResult> {
  const { taskId, unit = 0, reason = zeroHash, gas = gasOf.objectToVerdict } = parameters;
  const { disputePanel } = client.allot.rules;
  const { disputeTerms } = await getTask(client, { taskId });
  if (disputeTerms !== undefined) await ensureAllowance(client, disputePanel, disputeTerms.bond);
  const args = [taskId, BigInt(unit), reason] as const;
  const data = encodeFunctionData({ abi: disputePanelAbi, functionName: "objectToVerdict", args });
  const result = await sendTransaction(client, { to: disputePanel, data, gas });
  const events = parseEventLogs({ abi: disputePanelAbi, logs: result.receipt.logs, eventName: "ObjectionMade" });
  const { bond, voteDeadline, revealDeadline } = requireEvent(events, "ObjectionMade").args;
  return { ...result, bond, voteDeadline, revealDeadline };
}
