import { readContract } from "viem/actions";
import { outcomeRecorderAbi } from "../../abis/outcomeRecorder.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/** What became of an agent's units, over all tasks whose outcomes were recorded. */
export interface Tally {
  readonly paid: bigint;
  readonly rejected: bigint;
  readonly noShows: bigint;
}

/**
 * Counts an agent's recorded outcomes. No agent can keep one out, as it can out of the registry by making the recorder its
 * operator.
 * @example
 * ```ts
 * const { paid, noShows } = await getTally(client, { agentId: 7n });
 * ```
 */
export function getTally(client: AllotCore, { agentId }: { readonly agentId: bigint }): Promise<Tally> {
  const recorder = { address: client.allot.rules.outcomeRecorder, abi: outcomeRecorderAbi } as const;
  return callRules(readContract(client, { ...recorder, functionName: "tallyOf", args: [agentId] }));
}
