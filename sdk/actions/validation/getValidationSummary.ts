import type { Address } from "viem";
import { readContract } from "viem/actions";
import { validationRegistryAbi } from "../../abis/validationRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

export interface GetValidationSummaryParameters {
  readonly agentId: bigint;
  /** Whose answers count; every validator's unless given. An agent chooses whom it asks: name those you trust. */
  readonly validators?: readonly Address[];
  readonly tag?: string;
}

export interface ValidationSummary {
  /** Requests answered. */
  readonly count: bigint;
  /** Average of the latest answers, 0 to 100; 0 when there is none. */
  readonly average: number;
}

/**
 * Number and average of validators' latest answers about an agent.
 * @example
 * ```ts
 * const { count, average } = await getValidationSummary(client, { agentId: 7n, validators: [auditor] });
 * ```
 */
export async function getValidationSummary(
  client: AllotCore,
  { agentId, validators = [], tag = "" }: GetValidationSummaryParameters,
): Promise<ValidationSummary> {
  const registry = { address: client.allot.rules.validationRegistry, abi: validationRegistryAbi } as const;
  const call = readContract(client, { ...registry, functionName: "getSummary", args: [agentId, validators, tag] });
  const [count, average] = await callRules(call);
  return { count, average };
}
