import type { Address } from "viem";
import { readContract } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/** What reports have earned and `withdrawReward` has not sent yet. */
export interface Reward {
  /** In units of 10⁻⁶ credit. */
  readonly amount: bigint;
  /** Second from which it can be withdrawn. */
  readonly readyAt: bigint;
}

export interface GetRewardParameters {
  readonly reporter: Address;
  /** Whose faults were reported: the register that holds their stake pays. Agents' unless given. */
  readonly register?: "agents" | "attesters";
}

/**
 * A reporter's rewards.
 * @example
 * ```ts
 * const { amount, readyAt } = await getReward(client, { reporter: account.address });
 * ```
 */
export function getReward(client: AllotCore, parameters: GetRewardParameters): Promise<Reward> {
  const { reporter, register = "agents" } = parameters;
  const { agentLedger, attesterRegistry } = client.allot.rules;
  // Every register of stake has the same functions for rewards.
  const address = register === "agents" ? agentLedger : attesterRegistry;
  return callRules(readContract(client, { address, abi: agentLedgerAbi, functionName: "rewardOf", args: [reporter] }));
}
