import { parseEventLogs } from "viem";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import type { WriteResult } from "../../transactions/sendTransaction.ts";

export interface SetChangeResult extends WriteResult {
  /** First epoch whose set the change is in. */
  readonly epoch: number;
}

/** A transaction that changed the next set, with the epoch that it counts from. */
export function setChangeOf(result: WriteResult): SetChangeResult {
  const events = parseEventLogs({
    abi: validatorRegistryAbi,
    logs: result.receipt.logs,
    eventName: "ValidatorSetChanged",
  });
  return { ...result, epoch: Number(requireEvent(events, "ValidatorSetChanged").args.epoch) };
}
