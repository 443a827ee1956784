import { type Address, type Hex, hashTypedData, type LocalAccount } from "viem";
import type { MarketDomain } from "./domain.ts";

/** A key's consent to become an agent's bid key: nobody can make somebody else's address bid for an agent. */
export interface BidKeyProof {
  readonly agentId: bigint;
  /** Owner of the agent when the proof is used. */
  readonly owner: Address;
  /** `keyNonceOf(agentId)` of the ledger: a proof counts once. */
  readonly nonce: bigint;
  /** Last second of block time at which the proof counts. */
  readonly deadline: bigint;
}

export const bidKeyTypes = {
  BidKey: [
    { name: "agentId", type: "uint256" },
    { name: "owner", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

const typedDataOf = (domain: MarketDomain, proof: BidKeyProof) =>
  ({ domain, types: bidKeyTypes, primaryType: "BidKey", message: proof }) as const;

/** EIP-712 digest of a proof of possession; `domain` is the agent ledger's. */
export function hashBidKeyProof(domain: MarketDomain, proof: BidKeyProof): Hex {
  return hashTypedData(typedDataOf(domain, proof));
}

/** Signed by the bid key, not by the agent's owner. */
export function signBidKeyProof(bidKey: LocalAccount, domain: MarketDomain, proof: BidKeyProof): Promise<Hex> {
  return bidKey.signTypedData(typedDataOf(domain, proof));
}
