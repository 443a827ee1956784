import type { Address } from "viem";
import { readContract } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { type StakeRegister, stakeRegisterOf } from "../slashing/stakeRegister.ts";

/** What reports have earned and `withdrawReward` has not sent yet. */
export interface Reward {
  /** In units of 10⁻⁶ credit. */
  readonly amount: bigint;
  /** Second from which it can be withdrawn. */
  readonly readyAt: bigint;
}

export interface GetRewardParameters {
  readonly reporter: Address;
  /** Whose faults were reported; agents' unless given. */
  readonly register?: StakeRegister;
}

/**
 * A reporter's rewards.
 * @example
 * ```ts
 * const { amount, readyAt } = await getReward(client, { reporter: account.address });
 * ```
 */
export function getReward(client: AllotCore, { reporter, register = "agents" }: GetRewardParameters): Promise<Reward> {
  // Every register of stake has the same functions for rewards.
  const ledger = { address: stakeRegisterOf(client.allot.rules, register), abi: agentLedgerAbi } as const;
  return callRules(readContract(client, { ...ledger, functionName: "rewardOf", args: [reporter] }));
}
