import { type Address, encodeFunctionData } from "viem";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters } from "../../transactions/sendTransaction.ts";
import { type SetChangeResult, setChangeOf } from "./setChange.ts";

export interface EvictValidatorParameters extends WriteParameters {
  /** Address of the validator key. */
  readonly validator: Address;
}

/**
 * Removes a convicted validator that the automatic limit kept in the set, within the limit of this epoch; by anyone. Throws
 * `RevertedError`: `ValidatorRegistryNotBarred`, `ValidatorRegistryNotInSet`, `ValidatorRegistryEvictionLimit` while the limit
 * is reached or four are left: then the operators remove it (`proposeValidatorRemoval`).
 * @example
 * ```ts
 * const { epoch } = await evictValidator(client, { validator });
 * ```
 */
export async function evictValidator(
  client: AllotCore,
  { validator, gas }: EvictValidatorParameters,
): Promise<SetChangeResult> {
  const data = encodeFunctionData({ abi: validatorRegistryAbi, functionName: "evict", args: [validator] });
  return setChangeOf(await sendTransaction(client, { to: client.allot.rules.validatorRegistry, data, gas }));
}
