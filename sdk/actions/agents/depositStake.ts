import { encodeFunctionData } from "viem";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { ensureAllowance } from "../credits/approveCredits.ts";

export interface DepositStakeParameters extends WriteParameters {
  readonly agentId: bigint;
  /** In units of 10⁻⁶ credit. */
  readonly amount: bigint;
}

/**
 * Adds the account's credits to an agent's stake. Anyone may; they become the agent's.
 * @example
 * ```ts
 * await depositStake(client, { agentId, amount: 1_000_000_000n });
 * ```
 */
export async function depositStake(client: AllotCore, parameters: DepositStakeParameters): Promise<WriteResult> {
  const { agentId, amount, gas } = parameters;
  const { agentLedger } = client.allot.rules;
  await ensureAllowance(client, agentLedger, amount);
  const data = encodeFunctionData({ abi: agentLedgerAbi, functionName: "stake", args: [agentId, amount] });
  return sendTransaction(client, { to: agentLedger, data, gas });
}
