import { encodeFunctionData, parseEventLogs } from "viem";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface RequestUnbondingParameters extends WriteParameters {
  readonly agentId: bigint;
  /** In units of 10⁻⁶ credit. */
  readonly amount: bigint;
}

export interface RequestUnbondingResult extends WriteResult {
  /** Second from which `withdrawStake` pays. Until then the amount can still be slashed. */
  readonly readyAt: bigint;
}

/**
 * Starts the exit of free stake. By the agent's owner.
 * @example
 * ```ts
 * const { readyAt } = await requestUnbonding(client, { agentId, amount: 500_000_000n });
 * ```
 */
export async function requestUnbonding(
  client: AllotCore,
  parameters: RequestUnbondingParameters,
): Promise<RequestUnbondingResult> {
  const { agentId, amount, gas } = parameters;
  const data = encodeFunctionData({ abi: agentLedgerAbi, functionName: "requestUnbonding", args: [agentId, amount] });
  const result = await sendTransaction(client, { to: client.allot.rules.agentLedger, data, gas });
  const events = parseEventLogs({ abi: agentLedgerAbi, logs: result.receipt.logs, eventName: "UnbondingRequested" });
  return { ...result, readyAt: requireEvent(events, "UnbondingRequested").args.readyAt };
}
