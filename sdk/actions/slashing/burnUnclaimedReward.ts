import { encodeFunctionData, type Hex } from "viem";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface BurnUnclaimedRewardParameters extends WriteParameters {
  readonly faultId: Hex;
}

/**
 * Burns a reporter's share that nobody claimed in time. Anyone may call it, when the claim time is over. Throws
 * `RevertedError` (`StakeRewardClaimable`, `StakeRewardGone`).
 * @example
 * ```ts
 * await burnUnclaimedReward(client, { faultId });
 * ```
 */
export function burnUnclaimedReward(
  client: AllotCore,
  parameters: BurnUnclaimedRewardParameters,
): Promise<WriteResult> {
  const { faultId, gas = gasOf.burnReward } = parameters;
  const data = encodeFunctionData({ abi: agentLedgerAbi, functionName: "burnUnclaimedReward", args: [faultId] });
  return sendTransaction(client, { to: client.allot.rules.agentLedger, data, gas });
}
