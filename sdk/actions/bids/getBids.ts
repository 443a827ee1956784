import type { Address, Hex } from "viem";
import { readContract } from "viem/actions";
import { sealedBidTenderAbi } from "../../abis/sealedBidTender.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

export interface CommittedBid {
  readonly bidder: Address;
  /** In units of 10⁻⁶ credit; undefined while it is not revealed. */
  readonly amount: bigint | undefined;
}

/**
 * The bids of a tender in the order of their commitments, which decides ties.
 * @example
 * ```ts
 * const bids = await getBids(client, { tenderId });
 * ```
 */
export async function getBids(
  client: AllotCore,
  { tenderId }: { readonly tenderId: Hex },
): Promise<readonly CommittedBid[]> {
  const tender = { address: client.allot.rules.sealedBidTender, abi: sealedBidTenderAbi } as const;
  const count = await callRules(readContract(client, { ...tender, functionName: "bidCount", args: [tenderId] }));
  return Promise.all(
    Array.from({ length: Number(count) }, async (_, index) => {
      const args = [tenderId, BigInt(index)] as const;
      const [bidder, amount] = await callRules(readContract(client, { ...tender, functionName: "bidAt", args }));
      return { bidder, amount: amount === 0n ? undefined : amount };
    }),
  );
}
