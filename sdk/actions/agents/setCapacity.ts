import { encodeFunctionData } from "viem";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface SetCapacityParameters extends WriteParameters {
  readonly agentId: bigint;
  /** Most commitments and jobs at once, up to 65,535; the stake may carry fewer. */
  readonly capacity: number;
}

/**
 * Declares how many commitments and jobs an agent takes at once. By its owner.
 * @example
 * ```ts
 * await setCapacity(client, { agentId, capacity: 8 });
 * ```
 */
export function setCapacity(client: AllotCore, parameters: SetCapacityParameters): Promise<WriteResult> {
  const { agentId, capacity, gas } = parameters;
  const data = encodeFunctionData({ abi: agentLedgerAbi, functionName: "setCapacity", args: [agentId, capacity] });
  return sendTransaction(client, { to: client.allot.rules.agentLedger, data, gas });
}
