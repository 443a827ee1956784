import { type Address, encodeFunctionData, parseEventLogs } from "viem";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface WithdrawFromPanelParameters extends WriteParameters {
  /** Who is sent what it is owed; the client's account unless given. */
  readonly account?: Address;
}

export interface WithdrawFromPanelResult extends WriteResult {
  /** What was sent, in units of 10⁻⁶ credit; 0 when nothing was owed. */
  readonly amount: bigint;
}

/**
 * Sends an account the bonds and voting fees that concluded disputes owe it. Anyone may call it; only the account
 * receives.
 * @example
 * ```ts
 * const { amount } = await withdrawFromPanel(client);
 * ```
 */
export async function withdrawFromPanel(
  client: AllotCore,
  parameters: WithdrawFromPanelParameters = {},
): Promise<WithdrawFromPanelResult> {
  const { account = requireAccount(client).address, gas } = parameters;
  const data = encodeFunctionData({ abi: disputePanelAbi, functionName: "withdrawFor", args: [account] });
  const result = await sendTransaction(client, { to: client.allot.rules.disputePanel, data, gas });
  const [event] = parseEventLogs({ abi: disputePanelAbi, logs: result.receipt.logs, eventName: "Withdrawn" });
  return { ...result, amount: event?.args.amount ?? 0n };
}
