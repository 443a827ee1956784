import { encodeFunctionData, parseEventLogs } from "viem";
import { jobEscrowAbi } from "../../abis/jobEscrow.ts";
import type { AllotCore } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface ClaimRefundParameters extends WriteParameters {
  readonly jobId: bigint;
}

export interface ClaimRefundResult extends WriteResult {
  /** What went back to the market, in units of 10⁻⁶ credit. */
  readonly amount: bigint;
}

/**
 * Ends a job that has expired (ERC-8183): its money goes back to the market, which pays whom the unit's outcome names
 * (`concludeTask`, `withdrawPayment`). Anyone may call it, from `expiredAt` on. Throws `RevertedError`
 * (`JobEscrowNotExpired`, `JobEscrowInvalidStatus`, `JobEscrowUnknownJob`).
 * @example
 * ```ts
 * const { amount } = await claimRefund(client, { jobId });
 * ```
 */
export async function claimRefund(client: AllotCore, parameters: ClaimRefundParameters): Promise<ClaimRefundResult> {
  const { jobId, gas = gasOf.claimRefund } = parameters;
  const data = encodeFunctionData({ abi: jobEscrowAbi, functionName: "claimRefund", args: [jobId] });
  const result = await sendTransaction(client, { to: client.allot.rules.jobEscrow, data, gas });
  const events = parseEventLogs({ abi: jobEscrowAbi, logs: result.receipt.logs, eventName: "Refunded" });
  return { ...result, amount: requireEvent(events, "Refunded").args.amount };
}
