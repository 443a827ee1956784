import { type Address, zeroAddress } from "viem";
import { readContract } from "viem/actions";
import { reputationRegistryAbi } from "../../abis/reputationRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

export interface GetResponseCountParameters {
  readonly agentId: bigint;
  /** Whose feedback was responded to; every client's unless given. */
  readonly client?: Address;
  /** All of the client's feedback unless given. */
  readonly feedbackIndex?: bigint;
  /** Whose responses count; everybody's unless given. */
  readonly responders?: readonly Address[];
}

/**
 * How many responses were appended to feedback about an agent.
 * @example
 * ```ts
 * const count = await getResponseCount(client, { agentId: 7n, client: requester, feedbackIndex: 1n });
 * ```
 */
export function getResponseCount(client: AllotCore, parameters: GetResponseCountParameters): Promise<bigint> {
  const { agentId, client: author = zeroAddress, feedbackIndex = 0n, responders = [] } = parameters;
  const registry = { address: client.allot.rules.reputationRegistry, abi: reputationRegistryAbi } as const;
  const args = [agentId, author, feedbackIndex, responders] as const;
  return callRules(readContract(client, { ...registry, functionName: "getResponseCount", args }));
}
