import type { Address } from "viem";
import { readContract } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { type Capability, capabilityIdOf } from "./capabilityIdOf.ts";

export interface GetCapabilityParameters {
  readonly agentId: bigint;
  readonly capability: Capability;
  /** The attester that a task asks for; any that counts unless given. */
  readonly attester?: Address;
}

/** What bids are checked against. */
export interface HeldCapability {
  /** First second at which it no longer counts. */
  readonly validUntil: bigint;
  readonly level: number;
  readonly attester: Address;
}

/**
 * An agent's capability as bids are checked against it; undefined where the agent holds none now: nothing attested,
 * expired, revoked, voided by a transfer of the agent, or fallen with its attester.
 * @example
 * ```ts
 * const held = await getCapability(client, { agentId, capability: "count-words" });
 * ```
 */
export async function getCapability(
  client: AllotCore,
  { agentId, capability, attester }: GetCapabilityParameters,
): Promise<HeldCapability | undefined> {
  const ledger = { address: client.allot.rules.agentLedger, abi: agentLedgerAbi } as const;
  const id = capabilityIdOf(capability);
  const { current, ...held } = await callRules(
    attester === undefined
      ? readContract(client, { ...ledger, functionName: "capabilityOf", args: [agentId, id] })
      : readContract(client, { ...ledger, functionName: "capabilityFrom", args: [agentId, id, attester] }),
  );
  return current ? held : undefined;
}
