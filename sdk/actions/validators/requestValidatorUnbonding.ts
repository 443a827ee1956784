import { type Address, encodeFunctionData, parseEventLogs } from "viem";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface RequestValidatorUnbondingParameters extends WriteParameters {
  /** Address of the validator key. */
  readonly validator: Address;
  /** In units of 10⁻⁶ credit. */
  readonly amount: bigint;
}

export interface RequestValidatorUnbondingResult extends WriteResult {
  /** Second from which `withdrawValidatorStake` pays. Until then the amount can still be slashed. */
  readonly readyAt: bigint;
}

/**
 * Starts the exit of a validator's stake, by its owner, before it has joined or once an epoch has begun in whose set it no
 * longer is. Throws `RevertedError`: `BondStakeBelowMinimum` while it serves, `BondStakeShort`, `BondUnauthorized`.
 * @example
 * ```ts
 * const { readyAt } = await requestValidatorUnbonding(ownerClient, { validator, amount: 10_000_000_000n });
 * ```
 */
export async function requestValidatorUnbonding(
  client: AllotCore,
  { validator, amount, gas }: RequestValidatorUnbondingParameters,
): Promise<RequestValidatorUnbondingResult> {
  const args = [validator, amount] as const;
  const data = encodeFunctionData({ abi: validatorRegistryAbi, functionName: "requestUnbonding", args });
  const result = await sendTransaction(client, { to: client.allot.rules.validatorRegistry, data, gas });
  const events = parseEventLogs({ abi: validatorRegistryAbi, logs: result.receipt.logs, eventName: "StakeUnbonding" });
  return { ...result, readyAt: requireEvent(events, "StakeUnbonding").args.readyAt };
}
