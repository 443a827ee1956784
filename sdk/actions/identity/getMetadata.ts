import type { Hex } from "viem";
import { readContract } from "viem/actions";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

export interface GetMetadataParameters {
  readonly agentId: bigint;
  readonly key: string;
}

/**
 * An agent's metadata under a key (ERC-8004); undefined where there is none.
 * @example
 * ```ts
 * const kind = await getMetadata(client, { agentId: 7n, key: "kind" });
 * ```
 */
export async function getMetadata(
  client: AllotCore,
  { agentId, key }: GetMetadataParameters,
): Promise<Hex | undefined> {
  const identity = { address: client.allot.rules.identityRegistry, abi: identityRegistryAbi } as const;
  const value = await callRules(
    readContract(client, { ...identity, functionName: "getMetadata", args: [agentId, key] }),
  );
  return value === "0x" ? undefined : value;
}
