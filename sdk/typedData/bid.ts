import { type Address, type Hex, hashTypedData, type LocalAccount, recoverTypedDataAddress } from "viem";
import type { MarketDomain } from "./domain.ts";

/** A sealed bid: the commitment hides amount and salt until the reveal. */
export interface Bid {
  readonly tenderId: Hex;
  readonly agentId: bigint;
  /** 0; the field is kept for tenders that will take several bids of an agent. */
  readonly slot: bigint;
  /** See `commitmentOf`. */
  readonly commitment: Hex;
}

export const bidTypes = {
  Bid: [
    { name: "tenderId", type: "bytes32" },
    { name: "agentId", type: "uint256" },
    { name: "slot", type: "uint64" },
    { name: "commitment", type: "bytes32" },
  ],
} as const;

const typedDataOf = (domain: MarketDomain, bid: Bid) =>
  ({ domain, types: bidTypes, primaryType: "Bid", message: bid }) as const;

/** EIP-712 digest of a bid: what the bid key signs. */
export function hashBid(domain: MarketDomain, bid: Bid): Hex {
  return hashTypedData(typedDataOf(domain, bid));
}

/**
 * Signs a bid, whatever has been signed before. Two different bids for one slot cost the stake: programs sign with the
 * action `signBid`, which asks the sign lock first.
 */
export function signBidStatement(account: LocalAccount, domain: MarketDomain, bid: Bid): Promise<Hex> {
  return account.signTypedData(typedDataOf(domain, bid));
}

export function recoverBidSigner(domain: MarketDomain, bid: Bid, signature: Hex): Promise<Address> {
  return recoverTypedDataAddress({ ...typedDataOf(domain, bid), signature });
}
