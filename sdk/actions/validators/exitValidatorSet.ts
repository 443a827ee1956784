import { type Address, encodeFunctionData } from "viem";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters } from "../../transactions/sendTransaction.ts";
import { type SetChangeResult, setChangeOf } from "./setChange.ts";

export interface ExitValidatorSetParameters extends WriteParameters {
  /** Address of the validator key. */
  readonly validator: Address;
}

/**
 * Leaves the next set that is not fixed yet; by the validator's owner, as long as four are left. Its key never serves again,
 * and its stake can be asked for from that epoch on. Throws `RevertedError`: `ValidatorRegistryUnauthorized`,
 * `ValidatorRegistryTooFew`, `ValidatorRegistryNotInSet`.
 * @example
 * ```ts
 * const { epoch } = await exitValidatorSet(ownerClient, { validator });
 * ```
 */
export async function exitValidatorSet(
  client: AllotCore,
  { validator, gas }: ExitValidatorSetParameters,
): Promise<SetChangeResult> {
  const data = encodeFunctionData({ abi: validatorRegistryAbi, functionName: "exit", args: [validator] });
  return setChangeOf(await sendTransaction(client, { to: client.allot.rules.validatorRegistry, data, gas }));
}
