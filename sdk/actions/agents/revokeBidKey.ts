import { type Address, encodeFunctionData } from "viem";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface RevokeBidKeyParameters extends WriteParameters {
  readonly bidKey: Address;
}

/**
 * Stops every new bid of a key at once; what it committed to before stays its duty. By the agent's owner or the key.
 * @example
 * ```ts
 * await revokeBidKey(client, { bidKey: stolen });
 * ```
 */
export function revokeBidKey(client: AllotCore, { bidKey, gas }: RevokeBidKeyParameters): Promise<WriteResult> {
  const data = encodeFunctionData({ abi: agentLedgerAbi, functionName: "revokeBidKey", args: [bidKey] });
  return sendTransaction(client, { to: client.allot.rules.agentLedger, data, gas });
}
