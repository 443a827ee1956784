import type { Hex } from "viem";
import { readContract } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { type StakeRegister, stakeRegisterOf } from "./stakeRegister.ts";

export interface IsFaultPunishedParameters {
  /** `verifyEvidence` and `faultIdOf` give it. */
  readonly faultId: Hex;
  /** Whose fault it is; an agent's unless given. */
  readonly register?: StakeRegister;
}

/**
 * Whether a fault has been punished: each is, once.
 * @example
 * ```ts
 * const done = await isFaultPunished(client, { faultId, register: "validators" });
 * ```
 */
export function isFaultPunished(
  client: AllotCore,
  { faultId, register = "agents" }: IsFaultPunishedParameters,
): Promise<boolean> {
  // Every register of stake has the same functions for faults.
  const ledger = { address: stakeRegisterOf(client.allot.rules, register), abi: agentLedgerAbi } as const;
  return callRules(readContract(client, { ...ledger, functionName: "isPunished", args: [faultId] }));
}
