import type { Hex } from "viem";
import { getContractEvents } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { inStretches } from "../../transactions/inStretches.ts";
import { getCapability, type HeldCapability } from "./getCapability.ts";

export interface GetCapabilitiesParameters {
  readonly agentId: bigint;
  /** First block to look at; 0 unless given. */
  readonly fromBlock?: bigint;
}

/**
 * Every capability that an agent holds now, as bids are checked against it where any attester will do. What else was
 * attested of it: `getAttestations`.
 * @example
 * ```ts
 * const held = await getCapabilities(client, { agentId: 7n });
 * ```
 */
export async function getCapabilities(
  client: AllotCore,
  { agentId, fromBlock = 0n }: GetCapabilitiesParameters,
): Promise<readonly (HeldCapability & { readonly capability: Hex })[]> {
  const ledger = { address: client.allot.rules.agentLedger, abi: agentLedgerAbi } as const;
  const events = await inStretches(client, fromBlock, (stretch) =>
    getContractEvents(client, {
      ...ledger,
      eventName: "CapabilityCached",
      args: { agentId },
      strict: true,
      ...stretch,
    }),
  );
  const capabilities = [...new Set(events.map(({ args }) => args.capability))];
  const held = await Promise.all(
    capabilities.map(async (capability) => ({
      capability,
      held: await getCapability(client, { agentId, capability }),
    })),
  );
  return held.flatMap(({ capability, held: found }) => (found === undefined ? [] : [{ capability, ...found }]));
}
