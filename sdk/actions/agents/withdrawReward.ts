import { type Address, encodeFunctionData } from "viem";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { type StakeRegister, stakeRegisterOf } from "../slashing/stakeRegister.ts";

export interface WithdrawRewardParameters extends WriteParameters {
  /** The client's account unless given. */
  readonly reporter?: Address;
  /** Whose faults were reported: the register that holds their stake pays. Agents' unless given. */
  readonly register?: StakeRegister;
}

/**
 * Pays out a reporter's rewards that are ready. Anyone may call it; only the reporter receives.
 * @example
 * ```ts
 * await withdrawReward(client);
 * ```
 */
export function withdrawReward(client: AllotCore, parameters: WithdrawRewardParameters = {}): Promise<WriteResult> {
  const { reporter = requireAccount(client).address, register = "agents", gas = gasOf.withdrawStake } = parameters;
  // Every register of stake has the same functions for rewards.
  const data = encodeFunctionData({ abi: agentLedgerAbi, functionName: "withdrawReward", args: [reporter] });
  return sendTransaction(client, { to: stakeRegisterOf(client.allot.rules, register), data, gas });
}
