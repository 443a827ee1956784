import { type Address, encodeFunctionData } from "viem";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters } from "../../transactions/sendTransaction.ts";
import { type SetChangeResult, setChangeOf } from "./setChange.ts";

export interface JoinValidatorSetParameters extends WriteParameters {
  /** Address of the validator key. */
  readonly validator: Address;
}

/**
 * Takes a seat in the next set that is not fixed yet; by the validator's owner, with the minimum stake behind it. Throws
 * `RevertedError`: `ValidatorRegistryUnauthorized`, `ValidatorRegistryNotBonded`, `ValidatorRegistryJoinedBefore` for a key
 * that has served, `ValidatorRegistryInvalidSize` for the hundred-and-first.
 * @example
 * ```ts
 * const { epoch } = await joinValidatorSet(ownerClient, { validator });
 * ```
 */
export async function joinValidatorSet(
  client: AllotCore,
  { validator, gas }: JoinValidatorSetParameters,
): Promise<SetChangeResult> {
  const data = encodeFunctionData({ abi: validatorRegistryAbi, functionName: "join", args: [validator] });
  return setChangeOf(await sendTransaction(client, { to: client.allot.rules.validatorRegistry, data, gas }));
}
