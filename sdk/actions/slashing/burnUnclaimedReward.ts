import { encodeFunctionData, type Hex } from "viem";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { type StakeRegister, stakeRegisterOf } from "./stakeRegister.ts";

export interface BurnUnclaimedRewardParameters extends WriteParameters {
  readonly faultId: Hex;
  /** Whose fault it was; an agent's unless given. */
  readonly register?: StakeRegister;
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
  const { faultId, register = "agents", gas = gasOf.burnReward } = parameters;
  const data = encodeFunctionData({ abi: agentLedgerAbi, functionName: "burnUnclaimedReward", args: [faultId] });
  return sendTransaction(client, { to: stakeRegisterOf(client.allot.rules, register), data, gas });
}
