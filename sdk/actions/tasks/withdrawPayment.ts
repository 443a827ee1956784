import { type Address, encodeFunctionData, parseEventLogs } from "viem";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface WithdrawPaymentParameters extends WriteParameters {
  /** Who is sent what it earned; the client's account unless given. */
  readonly account?: Address;
}

export interface WithdrawPaymentResult extends WriteResult {
  /** What was sent, in units of 10⁻⁶ credit; 0 when nothing was owed. */
  readonly amount: bigint;
}

/**
 * Sends an account all that the market and the escrow owe it: prices, refunds. Anyone may call it; only the account
 * receives.
 * @example
 * ```ts
 * const { amount } = await withdrawPayment(client);
 * ```
 */
export async function withdrawPayment(
  client: AllotCore,
  parameters: WithdrawPaymentParameters = {},
): Promise<WithdrawPaymentResult> {
  const { account = requireAccount(client).address, gas } = parameters;
  const { taskMarket } = client.allot.rules;
  const data = encodeFunctionData({ abi: taskMarketAbi, functionName: "withdrawFor", args: [account] });
  const result = await sendTransaction(client, { to: taskMarket, data, gas });
  const events = parseEventLogs({ abi: taskMarketAbi, logs: result.receipt.logs, eventName: "Withdrawn" });
  // The escrow has an event of the same name; the market's carries the sum. Nothing owed, no event.
  const own = events.find((event) => event.address.toLowerCase() === taskMarket.toLowerCase());
  return { ...result, amount: own?.args.amount ?? 0n };
}
