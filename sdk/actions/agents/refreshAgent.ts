import { encodeFunctionData } from "viem";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface RefreshAgentParameters extends WriteParameters {
  readonly agentId: bigint;
}

/**
 * Has the ledger look again whether an agent's owner is listed: it keeps the answer, so that bids need not ask. Anyone
 * may call it.
 * @example
 * ```ts
 * await refreshAgent(client, { agentId });
 * ```
 */
export function refreshAgent(client: AllotCore, { agentId, gas }: RefreshAgentParameters): Promise<WriteResult> {
  const data = encodeFunctionData({ abi: agentLedgerAbi, functionName: "refreshStatus", args: [agentId] });
  return sendTransaction(client, { to: client.allot.rules.agentLedger, data, gas });
}
