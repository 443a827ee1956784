import { encodeFunctionData, type Hex, parseEventLogs } from "viem";
import { operatorsAbi } from "../../abis/operators.ts";
import type { AllotCore } from "../../clients/context.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface ExecuteProposalParameters extends WriteParameters {
  readonly proposalId: bigint;
}

export interface ExecuteProposalResult extends WriteResult {
  /** What the call returned, ABI-encoded. */
  readonly returned: Hex;
}

/**
 * Makes a queued call once its delay has passed; by anyone.
 *
 * Throws `RevertedError`: `OperatorsNotReady` (facts: `readyAt`), `OperatorsNoQuorum`, `OperatorsNotOpen`, or the
 * reason for which the call itself was refused.
 * @example
 * ```ts
 * await executeProposal(client, { proposalId: 4n });
 * ```
 */
export async function executeProposal(
  client: AllotCore,
  parameters: ExecuteProposalParameters,
): Promise<ExecuteProposalResult> {
  const { proposalId, gas } = parameters;
  const data = encodeFunctionData({ abi: operatorsAbi, functionName: "execute", args: [proposalId] });
  const result = await sendTransaction(client, { to: client.allot.rules.operators, data, gas });
  const events = parseEventLogs({ abi: operatorsAbi, logs: result.receipt.logs, eventName: "CallExecuted" });
  return { ...result, returned: requireEvent(events, "CallExecuted").args.result };
}
