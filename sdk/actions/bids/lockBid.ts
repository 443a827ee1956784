import type { Hex } from "viem";
import type { BidRecord, SignLock } from "../../agent/signLock.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { commitmentOf, randomSalt } from "../../typedData/commitment.ts";
import { marketDomain } from "../../typedData/domain.ts";
import { getAgentIdOf } from "../agents/getAgentIdOf.ts";
import { requireSignLock } from "./requireSignLock.ts";

/** The one slot that an agent has in a tender. */
const onlySlot = 0n;

export interface BidParameters {
  readonly tenderId: Hex;
  /** Price asked per unit, in units of 10⁻⁶ credit; above 0. */
  readonly amount: bigint;
  /** Drawn at random unless given. */
  readonly salt?: Hex;
  /** The agent of the account; looked up unless given. */
  readonly agentId?: bigint;
  /** The client's unless given. */
  readonly signLock?: SignLock;
}

/**
 * Draws up a bid and makes it durable in the sign lock: only after this may it be signed or sent. Asked again for the
 * same amount, also after a restart, it gives the same bid; for another amount it throws `SIGN_LOCK_CONFLICT`.
 */
export async function lockBid(client: AllotCore, parameters: BidParameters): Promise<BidRecord> {
  const { tenderId, amount } = parameters;
  const signLock = requireSignLock(client, parameters.signLock);
  const bidder = requireAccount(client).address;
  const network = await client.allot.network();
  const agentId = parameters.agentId ?? (await getAgentIdOf(client, { bidKey: bidder }));
  const domain = marketDomain({ ...network, verifyingContract: client.allot.rules.sealedBidTender });
  const locked = signLock.findBid({ domain, agentId, tenderId, slot: onlySlot });
  const sameOffer = locked !== undefined && locked.amount === amount && locked.bidder === bidder;
  if (sameOffer && (parameters.salt ?? locked.salt) === locked.salt) return locked;
  const salt = parameters.salt ?? randomSalt();
  const commitment = commitmentOf({ tenderId, bidder, amount, salt });
  const bid = { tenderId, agentId, slot: onlySlot, commitment };
  const record: BidRecord = { kind: "bid", domain, bid, bidder, amount, salt };
  await signLock.lockBid(record);
  return record;
}
