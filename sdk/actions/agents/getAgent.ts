import type { Address } from "viem";
import { readContract } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/** Amounts in units of 10⁻⁶ credit, times in seconds since 1970. */
export interface Agent {
  readonly agentId: bigint;
  readonly owner: Address;
  /** Where the agent's registration file is found. */
  readonly uri: string;
  /** The key that bids now; undefined when there is none. */
  readonly bidKey: Address | undefined;
  /** 0 until the agent has been enrolled by its first bid key or stake. */
  readonly organisation: number;
  /** Whether it may take on something new. */
  readonly active: boolean;
  readonly suspended: boolean;
  readonly delisted: boolean;
  readonly bonded: bigint;
  /** Part of `bonded` that open commitments hold. */
  readonly locked: bigint;
  readonly committed: number;
  readonly running: number;
  /** Most commitments and jobs at once: as declared, or what the stake carries. */
  readonly capacity: number;
  readonly unbonding: { readonly amount: bigint; readonly readyAt: bigint };
}

/**
 * Reads an agent. Throws `RevertedError` (`ERC721NonexistentToken`) for an id that was never given.
 * @example
 * ```ts
 * const { bonded, running, capacity } = await getAgent(client, { agentId: 7n });
 * ```
 */
export async function getAgent(client: AllotCore, { agentId }: { readonly agentId: bigint }): Promise<Agent> {
  const { agentLedger, identityRegistry } = client.allot.rules;
  const ledger = { address: agentLedger, abi: agentLedgerAbi, args: [agentId] } as const;
  const identity = { address: identityRegistry, abi: identityRegistryAbi, args: [agentId] } as const;
  const [owner, uri, record, key, active, unbonding] = await callRules(
    Promise.all([
      readContract(client, { ...identity, functionName: "ownerOf" }),
      readContract(client, { ...identity, functionName: "tokenURI" }),
      readContract(client, { ...ledger, functionName: "agentOf" }),
      readContract(client, { ...ledger, functionName: "bidKeyOf" }),
      readContract(client, { ...ledger, functionName: "isActive" }),
      readContract(client, { ...ledger, functionName: "unbondingOf" }),
    ]),
  );
  const { organisation, suspended, delisted, bonded, locked, committed, running, capacity } = record;
  const bidKey = BigInt(key) === 0n ? undefined : key;
  const status = { organisation, active, suspended, delisted };
  return { agentId, owner, uri, bidKey, ...status, bonded, locked, committed, running, capacity, unbonding };
}
