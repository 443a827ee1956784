import type { Address } from "viem";
import { getContractEvents, readContract } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { inStretches } from "../../transactions/inStretches.ts";

/** A key that bids, or did, for an agent. Times in seconds since 1970. */
export interface BidKey {
  readonly bidKey: Address;
  readonly agentId: bigint;
  /** From when it is the agent's. */
  readonly from: bigint;
  /** Until when it was; undefined while it is. */
  readonly to: bigint | undefined;
  /** The agent's first key also bids in tenders older than itself. */
  readonly first: boolean;
  /** Taken back by the owner, or voided by a transfer of the agent. */
  readonly revoked: boolean;
}

export interface GetBidKeysParameters {
  readonly agentId: bigint;
  /** First block to look at; 0 unless given. */
  readonly fromBlock?: bigint;
}

/**
 * Every bid key that an agent has or had, oldest first: a key belongs to one agent for ever.
 * @example
 * ```ts
 * const keys = await getBidKeys(client, { agentId: 7n });
 * ```
 */
export async function getBidKeys(client: AllotCore, parameters: GetBidKeysParameters): Promise<readonly BidKey[]> {
  const { agentId, fromBlock = 0n } = parameters;
  const ledger = { address: client.allot.rules.agentLedger, abi: agentLedgerAbi } as const;
  const events = await inStretches(client, fromBlock, (stretch) =>
    getContractEvents(client, { ...ledger, eventName: "BidKeySet", args: { agentId }, strict: true, ...stretch }),
  );
  return Promise.all(
    events.map(async ({ args: { key: bidKey } }) => {
      const held = await callRules(readContract(client, { ...ledger, functionName: "keyOf", args: [bidKey] }));
      const { from, to, first, revoked } = held;
      return { bidKey, agentId: held.agentId, from, to: to === 0n ? undefined : to, first, revoked };
    }),
  );
}
