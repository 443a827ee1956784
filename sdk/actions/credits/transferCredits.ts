import { type Address, encodeFunctionData } from "viem";
import { creditsAbi } from "../../abis/credits.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface TransferCreditsParameters extends WriteParameters {
  readonly to: Address;
  /** In units of 10⁻⁶ credit. */
  readonly amount: bigint;
}

/**
 * Sends credits to another account.
 * @example
 * ```ts
 * await transferCredits(client, { to: owner, amount: 1_000_000n });
 * ```
 */
export function transferCredits(client: AllotCore, parameters: TransferCreditsParameters): Promise<WriteResult> {
  const { to, amount, gas } = parameters;
  const data = encodeFunctionData({ abi: creditsAbi, functionName: "transfer", args: [to, amount] });
  return sendTransaction(client, { to: client.allot.rules.credits, data, gas });
}
