import { getContractEvents } from "viem/actions";
import { falseCapabilityAbi } from "../../abis/falseCapability.ts";
import type { AllotCore } from "../../clients/context.ts";
import { inStretches } from "../../transactions/inStretches.ts";
import { type Accusation, getAccusation } from "./getAccusation.ts";

export interface GetAccusationsParameters {
  /** Only those against this agent; against every agent unless given. */
  readonly agentId?: bigint;
  /** First block to look at; 0 unless given. */
  readonly fromBlock?: bigint;
}

/**
 * Accusations of false capabilities, oldest first, ended ones included.
 * @example
 * ```ts
 * const accusations = await getAccusations(client, { agentId: 7n });
 * ```
 */
export async function getAccusations(
  client: AllotCore,
  parameters: GetAccusationsParameters = {},
): Promise<readonly Accusation[]> {
  const { agentId, fromBlock = 0n } = parameters;
  const module = { address: client.allot.rules.falseCapability, abi: falseCapabilityAbi, strict: true } as const;
  const args = agentId === undefined ? {} : { agentId };
  const made = await inStretches(client, fromBlock, (stretch) =>
    getContractEvents(client, { ...module, eventName: "AccusationMade", args, ...stretch }),
  );
  return Promise.all(made.map((event) => getAccusation(client, { accusationId: event.args.accusationId })));
}
