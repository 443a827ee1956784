import { readContract } from "viem/actions";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/**
 * How many agents have been registered; their ids count from 0.
 * @example
 * ```ts
 * const count = await getAgentCount(client);
 * ```
 */
export function getAgentCount(client: AllotCore): Promise<bigint> {
  const identity = { address: client.allot.rules.identityRegistry, abi: identityRegistryAbi } as const;
  return callRules(readContract(client, { ...identity, functionName: "agentCount" }));
}
