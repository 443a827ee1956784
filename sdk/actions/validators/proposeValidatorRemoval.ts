import type { Address } from "viem";
import type { AllotCore } from "../../clients/context.ts";
import type { WriteParameters } from "../../transactions/sendTransaction.ts";
import { type ProposeCallResult, proposeCall } from "../governance/proposeCall.ts";

export interface ProposeValidatorRemovalParameters extends WriteParameters {
  /** Address of the validator key. */
  readonly validator: Address;
}

/**
 * Proposes to remove a validator from the next set that is not fixed yet, whatever the automatic limit, but never the last;
 * by an operator. Throws `RevertedError` (`OperatorsUnauthorized`); at the execution: `ValidatorRegistryNotInSet`.
 * @example
 * ```ts
 * const { proposalId } = await proposeValidatorRemoval(operatorClient, { validator });
 * ```
 */
export function proposeValidatorRemoval(
  client: AllotCore,
  { validator, gas }: ProposeValidatorRemovalParameters,
): Promise<ProposeCallResult> {
  return proposeCall(client, { contract: "validatorRegistry", functionName: "remove", args: [validator], gas });
}
