import { type Address, encodeFunctionData, type Hex } from "viem";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters } from "../../transactions/sendTransaction.ts";
import { ensureAllowance } from "../credits/approveCredits.ts";
import { type SetChangeResult, setChangeOf } from "./setChange.ts";

export interface RotateValidatorKeyParameters extends WriteParameters {
  /** Address of the validator key that has the seat. */
  readonly validator: Address;
  /** Address of the key that takes it. */
  readonly successor: Address;
  /** The successor's compressed public peer key. */
  readonly peerKey: Hex;
  /** Where it is reached: libp2p multiaddrs without the /p2p part. */
  readonly addresses: readonly string[];
  /** The successor's own stake, from the owner's credits, in units of 10⁻⁶ credit; at least the minimum (`getEpochs`). */
  readonly amount: bigint;
}

/**
 * Gives a validator's seat to a new key from the next set on that is not fixed yet; by its owner. The old key's stake
 * leaves as that of any validator that has left. Throws `RevertedError`: `ValidatorRegistryUnauthorized`,
 * `ValidatorRegistryAccountUsed`, `ValidatorRegistryPeerKeyUsed`, `ValidatorRegistryNotBonded` for too little stake, or for a
 * key that is barred.
 * @example
 * ```ts
 * const { epoch } = await rotateValidatorKey(ownerClient, { validator, successor, peerKey, addresses, amount });
 * ```
 */
export async function rotateValidatorKey(
  client: AllotCore,
  { validator, successor, peerKey, addresses, amount, gas }: RotateValidatorKeyParameters,
): Promise<SetChangeResult> {
  const { validatorRegistry } = client.allot.rules;
  await ensureAllowance(client, validatorRegistry, amount);
  const args = [validator, successor, peerKey, addresses, amount] as const;
  const data = encodeFunctionData({ abi: validatorRegistryAbi, functionName: "rotateKey", args });
  return setChangeOf(await sendTransaction(client, { to: validatorRegistry, data, gas }));
}
