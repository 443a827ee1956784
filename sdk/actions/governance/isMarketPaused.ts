import { readContract } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/**
 * Whether the operators have stopped new tasks and new bids. Operators pause with a proposal of `pause` of the
 * AgentLedger contract, and go on with `resume`; neither waits for the delay.
 * @example
 * ```ts
 * if (await isMarketPaused(client)) console.log("no new tasks or bids for now");
 * ```
 */
export async function isMarketPaused(client: AllotCore): Promise<boolean> {
  const ledger = { address: client.allot.rules.agentLedger, abi: agentLedgerAbi } as const;
  return await callRules(readContract(client, { ...ledger, functionName: "isPaused" }));
}
