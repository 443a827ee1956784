import type { Address, Hex } from "viem";
import { readContract } from "viem/actions";
import { validationRegistryAbi } from "../../abis/validationRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

export interface Validation {
  readonly requestHash: Hex;
  readonly validator: Address;
  readonly agentId: bigint;
  /** 0 to 100; undefined while the validator has not answered. */
  readonly response: number | undefined;
  readonly fileHash: Hex;
  readonly tag: string;
  /** Second of the latest answer; undefined before. */
  readonly updatedAt: bigint | undefined;
}

/**
 * Reads a validation request and its latest answer. Throws `RevertedError` (`ValidationRequestUnknown`).
 * @example
 * ```ts
 * const { response } = await getValidation(client, { requestHash });
 * ```
 */
export async function getValidation(
  client: AllotCore,
  { requestHash }: { readonly requestHash: Hex },
): Promise<Validation> {
  const registry = { address: client.allot.rules.validationRegistry, abi: validationRegistryAbi } as const;
  const call = readContract(client, { ...registry, functionName: "getValidationStatus", args: [requestHash] });
  const [validator, agentId, response, fileHash, tag, lastUpdate] = await callRules(call);
  const answered = lastUpdate !== 0n;
  return {
    requestHash,
    validator,
    agentId,
    response: answered ? response : undefined,
    fileHash,
    tag,
    updatedAt: answered ? lastUpdate : undefined,
  };
}
