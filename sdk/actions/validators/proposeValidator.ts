import type { Address, Hex } from "viem";
import type { AllotCore } from "../../clients/context.ts";
import type { WriteParameters } from "../../transactions/sendTransaction.ts";
import { type ProposeCallResult, proposeCall } from "../governance/proposeCall.ts";

export interface ProposeValidatorParameters extends WriteParameters {
  /** Address of the validator key. */
  readonly validator: Address;
  /** Account that acts for the seat: an active member of an organisation. */
  readonly owner: Address;
  readonly name: string;
  /** Compressed public key of the peer key. */
  readonly peerKey: Hex;
  /** Where it is reached: libp2p multiaddrs without the /p2p part. */
  readonly addresses: readonly string[];
}

/**
 * Proposes to admit a validator; by an operator. Once that is executed it may be given stake, and its owner may join.
 * Throws `RevertedError` (`OperatorsUnauthorized`); at the execution: `ValidatorRegistryAccountUsed`,
 * `ValidatorRegistryPeerKeyUsed`, `ValidatorRegistryOwnerNotAllowed`.
 * @example
 * ```ts
 * const { proposalId } = await proposeValidator(operatorClient, { validator, owner, name: "acme", peerKey, addresses });
 * ```
 */
export function proposeValidator(
  client: AllotCore,
  { validator, owner, name, peerKey, addresses, gas }: ProposeValidatorParameters,
): Promise<ProposeCallResult> {
  const args = [validator, owner, { name, peerKey, addresses }];
  return proposeCall(client, { contract: "validatorRegistry", functionName: "admit", args, gas });
}
