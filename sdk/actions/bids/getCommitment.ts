import type { Address, Hex } from "viem";
import { readContract } from "viem/actions";
import { sealedBidTenderAbi } from "../../abis/sealedBidTender.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

export interface GetCommitmentParameters {
  readonly tenderId: Hex;
  readonly bidder: Address;
}

/**
 * What a bidder committed to a tender, undefined for nothing. The chain keeps the first 31 bytes; the last one is 0.
 * @example
 * ```ts
 * const commitment = await getCommitment(client, { tenderId, bidder });
 * ```
 */
export async function getCommitment(client: AllotCore, parameters: GetCommitmentParameters): Promise<Hex | undefined> {
  const { tenderId, bidder } = parameters;
  const tender = { address: client.allot.rules.sealedBidTender, abi: sealedBidTenderAbi } as const;
  const args = [tenderId, bidder] as const;
  const [commitment] = await callRules(readContract(client, { ...tender, functionName: "commitmentOf", args }));
  return BigInt(commitment) === 0n ? undefined : commitment;
}

/** Whether a commitment kept by the chain is this one. */
export const isSameCommitment = (kept: Hex, commitment: Hex): boolean =>
  kept.slice(0, 64).toLowerCase() === commitment.slice(0, 64).toLowerCase();
