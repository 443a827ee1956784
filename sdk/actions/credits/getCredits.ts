import type { Address } from "viem";
import { readContract } from "viem/actions";
import { creditsAbi } from "../../abis/credits.ts";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/** In units of 10⁻⁶ credit. */
export interface CreditsOf {
  readonly balance: bigint;
  /** Earned or refunded, and sent by `withdrawPayment`. */
  readonly withdrawable: bigint;
}

/**
 * What an account holds, and what the market owes it.
 * @example
 * ```ts
 * const { balance, withdrawable } = await getCredits(client, { account: account.address });
 * ```
 */
export async function getCredits(client: AllotCore, { account }: { readonly account: Address }): Promise<CreditsOf> {
  const { credits, taskMarket } = client.allot.rules;
  const [balance, withdrawable] = await callRules(
    Promise.all([
      readContract(client, { address: credits, abi: creditsAbi, functionName: "balanceOf", args: [account] }),
      readContract(client, { address: taskMarket, abi: taskMarketAbi, functionName: "creditOf", args: [account] }),
    ]),
  );
  return { balance, withdrawable };
}
