import { encodeFunctionData, parseEventLogs } from "viem";
import { attesterRegistryAbi } from "../../abis/attesterRegistry.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface RequestAttesterUnbondingParameters extends WriteParameters {
  /** In units of 10⁻⁶ credit. */
  readonly amount: bigint;
}

export interface RequestAttesterUnbondingResult extends WriteResult {
  /** Second from which `withdrawAttesterStake` pays. Until then the amount can still be slashed. */
  readonly readyAt: bigint;
}

/**
 * Starts the exit of an attester's free stake, by the attester. With less than the minimum left, what it attested counts
 * no more, from that block on. Throws `RevertedError`: `BondStakeShort` for more than what no accusation locks.
 * @example
 * ```ts
 * const { readyAt } = await requestAttesterUnbonding(attesterClient, { amount: 500_000_000n });
 * ```
 */
export async function requestAttesterUnbonding(
  client: AllotCore,
  { amount, gas }: RequestAttesterUnbondingParameters,
): Promise<RequestAttesterUnbondingResult> {
  const args = [requireAccount(client).address, amount] as const;
  const data = encodeFunctionData({ abi: attesterRegistryAbi, functionName: "requestUnbonding", args });
  const result = await sendTransaction(client, { to: client.allot.rules.attesterRegistry, data, gas });
  const events = parseEventLogs({ abi: attesterRegistryAbi, logs: result.receipt.logs, eventName: "StakeUnbonding" });
  return { ...result, readyAt: requireEvent(events, "StakeUnbonding").args.readyAt };
}
