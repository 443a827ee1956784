import { type Address, encodeFunctionData } from "viem";
import { attesterRegistryAbi } from "../../abis/attesterRegistry.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface WithdrawAttesterStakeParameters extends WriteParameters {
  /** The client's account unless given. */
  readonly attester?: Address;
}

/**
 * Pays unbonded stake to its attester, from `readyAt` on. Anyone may call it. Throws `RevertedError`: `StakeNotReady`;
 * `StakeFaultOpen` while an accusation of the attester is not decided.
 * @example
 * ```ts
 * await withdrawAttesterStake(attesterClient);
 * ```
 */
export function withdrawAttesterStake(
  client: AllotCore,
  parameters: WithdrawAttesterStakeParameters = {},
): Promise<WriteResult> {
  const { attester = requireAccount(client).address, gas = gasOf.withdrawStake } = parameters;
  const data = encodeFunctionData({ abi: attesterRegistryAbi, functionName: "withdrawUnbonded", args: [attester] });
  return sendTransaction(client, { to: client.allot.rules.attesterRegistry, data, gas });
}
