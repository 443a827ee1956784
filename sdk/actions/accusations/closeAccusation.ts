import { encodeFunctionData } from "viem";
import { falseCapabilityAbi } from "../../abis/falseCapability.ts";
import type { AllotCore } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface CloseAccusationParameters extends WriteParameters {
  readonly accusationId: bigint;
}

/**
 * Ends an accusation whose deadline has passed without enough accusers, or without the operators' decision: every lock
 * comes back, and the accused is free. Anyone may call it. Throws `RevertedError`: `FalseCapabilityNotOver` (facts: the
 * deadline).
 * @example
 * ```ts
 * await closeAccusation(client, { accusationId: 3n });
 * ```
 */
export function closeAccusation(client: AllotCore, parameters: CloseAccusationParameters): Promise<WriteResult> {
  const { accusationId, gas = gasOf.closeAccusation } = parameters;
  const data = encodeFunctionData({ abi: falseCapabilityAbi, functionName: "close", args: [accusationId] });
  return sendTransaction(client, { to: client.allot.rules.falseCapability, data, gas });
}
