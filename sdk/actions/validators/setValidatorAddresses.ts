import { type Address, encodeFunctionData } from "viem";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface SetValidatorAddressesParameters extends WriteParameters {
  /** Address of the validator key. */
  readonly validator: Address;
  /** libp2p multiaddrs without the /p2p part: all of them, in place of those before. */
  readonly addresses: readonly string[];
}

/**
 * Says where a validator is reached from now on; by its owner. Throws `RevertedError`: `ValidatorRegistryUnauthorized`.
 * @example
 * ```ts
 * await setValidatorAddresses(ownerClient, { validator, addresses: ["/dns4/allot.acme.example/tcp/26656"] });
 * ```
 */
export function setValidatorAddresses(
  client: AllotCore,
  { validator, addresses, gas }: SetValidatorAddressesParameters,
): Promise<WriteResult> {
  const args = [validator, addresses] as const;
  const data = encodeFunctionData({ abi: validatorRegistryAbi, functionName: "setAddresses", args });
  return sendTransaction(client, { to: client.allot.rules.validatorRegistry, data, gas });
}
