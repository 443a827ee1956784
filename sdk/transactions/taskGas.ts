import { readContract } from "viem/actions";
import { sealedBidTenderAbi } from "../abis/sealedBidTender.ts";
import { getTask } from "../actions/tasks/getTask.ts";
import type { AllotCore } from "../clients/context.ts";
import { callRules } from "./callRules.ts";

/** What a transaction may take on an Allot network at most. */
const gasMax = 16_000_000n;

export interface TaskGas {
  /** Enough to settle: an award over all bids, a job per unit. */
  readonly settle: bigint;
  /** Enough to end a unit, or to take one over: the award may be computed again for each of four candidates. */
  readonly reassign: bigint;
}

/**
 * Gas limits that grow with a task's bids and units, with room above what the rules were measured to take: 376,000 to
 * settle one unit with three bids, 9,800,000 for 32 units with 256 bids.
 */
export async function taskGas(client: AllotCore, taskId: bigint): Promise<TaskGas> {
  const { tenderId, units } = await getTask(client, { taskId });
  const tender = { address: client.allot.rules.sealedBidTender, abi: sealedBidTenderAbi } as const;
  const bids = await callRules(readContract(client, { ...tender, functionName: "bidCount", args: [tenderId] }));
  return {
    settle: capped(600_000n + 16_000n * bids + 250_000n * BigInt(units)),
    reassign: capped(1_000_000n + 64_000n * bids),
  };
}

const capped = (gas: bigint): bigint => (gas < gasMax ? gas : gasMax);
