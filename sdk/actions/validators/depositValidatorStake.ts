import { type Address, encodeFunctionData } from "viem";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { ensureAllowance } from "../credits/approveCredits.ts";

export interface DepositValidatorStakeParameters extends WriteParameters {
  /** Address of the validator key. */
  readonly validator: Address;
  /** In units of 10⁻⁶ credit. */
  readonly amount: bigint;
}

/**
 * Adds the account's credits to a validator's stake. Anyone may; they become its owner's. Throws `RevertedError`:
 * `BondAccountRefused` for a key that the operators have not admitted, that has left, or that is barred.
 * @example
 * ```ts
 * await depositValidatorStake(ownerClient, { validator, amount: 10_000_000_000n });
 * ```
 */
export async function depositValidatorStake(
  client: AllotCore,
  { validator, amount, gas }: DepositValidatorStakeParameters,
): Promise<WriteResult> {
  const { validatorRegistry } = client.allot.rules;
  await ensureAllowance(client, validatorRegistry, amount);
  const args = [validator, amount] as const;
  const data = encodeFunctionData({ abi: validatorRegistryAbi, functionName: "deposit", args });
  return sendTransaction(client, { to: validatorRegistry, data, gas });
}
