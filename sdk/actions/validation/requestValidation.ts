import { type Address, encodeFunctionData, type Hex } from "viem";
import { validationRegistryAbi } from "../../abis/validationRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface RequestValidationParameters extends WriteParameters {
  readonly agentId: bigint;
  /** Account or contract that is asked. */
  readonly validator: Address;
  /** Where the validator finds what it needs, and the hash that names the request; put something random in it. */
  readonly uri: string;
  readonly requestHash: Hex;
}

/**
 * Asks a validator to look at an agent's work (ERC-8004); by the agent's owner or an account that it approved.
 *
 * Throws `RevertedError`: `ValidationUnauthorized`, `ValidationRequestExists`, `ValidationRequestIncomplete`.
 * @example
 * ```ts
 * await requestValidation(client, { agentId, validator, uri: "https://agent.example/work", requestHash: keccak256(file) });
 * ```
 */
export function requestValidation(client: AllotCore, parameters: RequestValidationParameters): Promise<WriteResult> {
  const { agentId, validator, uri, requestHash, gas } = parameters;
  const args = [validator, agentId, uri, requestHash] as const;
  const data = encodeFunctionData({ abi: validationRegistryAbi, functionName: "validationRequest", args });
  return sendTransaction(client, { to: client.allot.rules.validationRegistry, data, gas });
}
