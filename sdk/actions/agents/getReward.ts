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

/**
 * A reporter's rewards.
 * @example
 * ```ts
 * const { amount, readyAt } = await getReward(client, { reporter: account.address });
 * ```
 */
export function getReward(client: AllotCore, { reporter }: { readonly reporter: Address }): Promise<Reward> {
  const ledger = { address: client.allot.rules.agentLedger, abi: agentLedgerAbi } as const;
  return callRules(readContract(client, { ...ledger, functionName: "rewardOf", args: [reporter] }));
}
