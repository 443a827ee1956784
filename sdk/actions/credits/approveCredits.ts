import { type Address, encodeFunctionData, maxUint256 } from "viem";
import { readContract } from "viem/actions";
import { creditsAbi } from "../../abis/credits.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface ApproveCreditsParameters extends WriteParameters {
  /** Contract that may take the account's credits; mostly `client.allot.rules.taskMarket` or `.agentLedger`. */
  readonly spender: Address;
  /** In units of 10⁻⁶ credit; without limit unless given. */
  readonly amount?: bigint;
}

/**
 * Lets a contract take credits of the account. `postTask` and `depositStake` call it where it is needed.
 * @example
 * ```ts
 * await approveCredits(client, { spender: client.allot.rules.taskMarket, amount: 5_000_000n });
 * ```
 */
export function approveCredits(client: AllotCore, parameters: ApproveCreditsParameters): Promise<WriteResult> {
  const { spender, amount = maxUint256, gas } = parameters;
  const data = encodeFunctionData({ abi: creditsAbi, functionName: "approve", args: [spender, amount] });
  return sendTransaction(client, { to: client.allot.rules.credits, data, gas });
}

/**
 * Approves a rule contract without limit when it may take less than `amount` now. Without limit, because two actions
 * that run at once would overwrite each other's exact allowance; the rule contracts take only what their caller asks.
 */
export async function ensureAllowance(client: AllotCore, spender: Address, amount: bigint): Promise<void> {
  const allowance = await readContract(client, {
    address: client.allot.rules.credits,
    abi: creditsAbi,
    functionName: "allowance",
    args: [requireAccount(client).address, spender],
  });
  if (allowance < amount) await approveCredits(client, { spender });
}
