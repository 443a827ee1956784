import type { Hex } from "viem";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { type Bid, signBidStatement } from "../../typedData/bid.ts";
import type { Opening } from "../../typedData/commitment.ts";
import { marketDomain } from "../../typedData/domain.ts";
import { type BidParameters, lockBid } from "./lockBid.ts";

/** A bid that anyone can commit for its author. */
export interface SignedBid {
  readonly bid: Bid;
  /** 65 bytes, by the agent's bid key. */
  readonly signature: Hex;
}

export interface SignBidResult extends SignedBid {
  /** What reveals it later. A secret until the commit deadline. */
  readonly opening: Opening;
}

/**
 * Signs a bid for a relay, after the sign lock has made it durable. Throws `SignLockError` with `SIGN_LOCK_CONFLICT`
 * when something else was signed or committed for the tender.
 * @example
 * ```ts
 * const { bid, signature } = await signBid(client, { tenderId, amount: 2_500_000n });
 * await relayBid(relayClient, { bid, signature });
 * ```
 */
export async function signBid(client: AllotCore, parameters: BidParameters): Promise<SignBidResult> {
  const { bid, amount, salt } = await lockBid(client, parameters);
  const network = await client.allot.network();
  const domain = marketDomain({ ...network, verifyingContract: client.allot.rules.sealedBidTender });
  const signature = await signBidStatement(requireAccount(client), domain, bid);
  return { bid, signature, opening: { amount, salt } };
}
