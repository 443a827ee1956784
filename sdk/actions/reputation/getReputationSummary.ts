import type { Address } from "viem";
import { readContract } from "viem/actions";
import { reputationRegistryAbi } from "../../abis/reputationRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

export interface GetReputationSummaryParameters {
  readonly agentId: bigint;
  /** Whose feedback counts; at least one. Anybody can give feedback: name those you trust. */
  readonly clients: readonly Address[];
  readonly tag1?: string;
  readonly tag2?: string;
}

export interface ReputationSummary {
  readonly count: bigint;
  /** The average is `value` / 10^`valueDecimals`. */
  readonly value: bigint;
  readonly valueDecimals: number;
}

/**
 * Number and average of what some clients said of an agent and did not revoke. Throws `RevertedError`
 * (`ReputationClientsMissing`) when no client is given.
 * @example
 * ```ts
 * const { count, value } = await getReputationSummary(client, { agentId: 7n, clients: [requester], tag1: "starred" });
 * ```
 */
export async function getReputationSummary(
  client: AllotCore,
  { agentId, clients, tag1 = "", tag2 = "" }: GetReputationSummaryParameters,
): Promise<ReputationSummary> {
  const registry = { address: client.allot.rules.reputationRegistry, abi: reputationRegistryAbi } as const;
  const args = [agentId, clients, tag1, tag2] as const;
  const call = readContract(client, { ...registry, functionName: "getSummary", args });
  const [count, value, valueDecimals] = await callRules(call);
  return { count, value, valueDecimals };
}
