import { type Address, encodeFunctionData } from "viem";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface WithdrawValidatorStakeParameters extends WriteParameters {
  /** Address of the validator key. */
  readonly validator: Address;
}

/**
 * Pays a validator's unbonded stake to its owner, from `readyAt` on. Anyone may call it. Throws `RevertedError`:
 * `StakeNotReady`; `StakeFaultOpen` while an accusation is not decided.
 * @example
 * ```ts
 * await withdrawValidatorStake(client, { validator });
 * ```
 */
export function withdrawValidatorStake(
  client: AllotCore,
  { validator, gas = gasOf.withdrawStake }: WithdrawValidatorStakeParameters,
): Promise<WriteResult> {
  const data = encodeFunctionData({ abi: validatorRegistryAbi, functionName: "withdrawUnbonded", args: [validator] });
  return sendTransaction(client, { to: client.allot.rules.validatorRegistry, data, gas });
}
