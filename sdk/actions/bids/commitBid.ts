import { encodeFunctionData } from "viem";
import { sealedBidTenderAbi } from "../../abis/sealedBidTender.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import type { Bid } from "../../typedData/bid.ts";
import type { Opening } from "../../typedData/commitment.ts";
import { type BidParameters, lockBid } from "./lockBid.ts";

export interface CommitBidParameters extends BidParameters, WriteParameters {}

export interface CommitBidResult extends WriteResult {
  readonly bid: Bid;
  /** What reveals it later. A secret until the commit deadline. */
  readonly opening: Opening;
}

/**
 * Commits a bid from the agent's bid key, after the sign lock has made it durable: a commitment on chain is a statement
 * like a signature.
 * @example
 * ```ts
 * const { opening } = await commitBid(client, { tenderId, amount: 2_500_000n });
 * ```
 */
export async function commitBid(client: AllotCore, parameters: CommitBidParameters): Promise<CommitBidResult> {
  const { bid, amount, salt } = await lockBid(client, parameters);
  const args = [bid.tenderId, bid.commitment] as const;
  const data = encodeFunctionData({ abi: sealedBidTenderAbi, functionName: "commitBid", args });
  const result = await sendTransaction(client, { to: client.allot.rules.sealedBidTender, data, gas: parameters.gas });
  return { ...result, bid, opening: { amount, salt } };
}
