import type { Address } from "viem";
import { getContractEvents, readContract } from "viem/actions";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { inStretches } from "../../transactions/inStretches.ts";

export interface GetAgentsOfParameters {
  readonly owner: Address;
  /** First block to look at; 0 unless given. */
  readonly fromBlock?: bigint;
}

/**
 * The agents that an account owns now, in ascending order.
 * @example
 * ```ts
 * const agentIds = await getAgentsOf(client, { owner: account.address });
 * ```
 */
export async function getAgentsOf(client: AllotCore, parameters: GetAgentsOfParameters): Promise<readonly bigint[]> {
  const { owner, fromBlock = 0n } = parameters;
  const identity = { address: client.allot.rules.identityRegistry, abi: identityRegistryAbi } as const;
  const events = await inStretches(client, fromBlock, (stretch) =>
    getContractEvents(client, { ...identity, eventName: "Transfer", args: { to: owner }, strict: true, ...stretch }),
  );
  const received = [...new Set(events.map(({ args }) => args.tokenId))].sort((a, b) => (a < b ? -1 : 1));
  const owners = await callRules(
    Promise.all(received.map((id) => readContract(client, { ...identity, functionName: "ownerOf", args: [id] }))),
  );
  return received.filter((_, index) => owners[index]?.toLowerCase() === owner.toLowerCase());
}
