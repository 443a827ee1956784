import { encodeFunctionData } from "viem";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface WithdrawStakeParameters extends WriteParameters {
  readonly agentId: bigint;
}

/**
 * Pays unbonded stake to the agent's owner, from `readyAt` on. Anyone may call it.
 * @example
 * ```ts
 * await withdrawStake(client, { agentId });
 * ```
 */
export function withdrawStake(client: AllotCore, parameters: WithdrawStakeParameters): Promise<WriteResult> {
  const { agentId, gas = gasOf.withdrawStake } = parameters;
  const data = encodeFunctionData({ abi: agentLedgerAbi, functionName: "withdrawUnbonded", args: [agentId] });
  return sendTransaction(client, { to: client.allot.rules.agentLedger, data, gas });
}
