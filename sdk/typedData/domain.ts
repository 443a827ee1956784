import type { Address, Hex } from "viem";

/** What all signed statements of one network share. */
export interface Network {
  readonly chainId: number;
  /** Random, drawn once at genesis: nothing signed for another network, even one with the same chain id, verifies. */
  readonly networkId: Hex;
}

/** Domain of bids and deliveries: one per contract that judges them (RULES, "Statements and equivocation"). */
export interface MarketDomain {
  readonly name: "Allot Market";
  readonly version: "1";
  readonly chainId: number;
  readonly verifyingContract: Address;
  readonly salt: Hex;
}

/** Domain of the validators' votes (CONSENSUS, "Quantities"). It names no contract: votes are judged anywhere. */
export interface ConsensusDomain {
  readonly name: "Allot Consensus";
  readonly version: "1";
  readonly chainId: number;
  readonly salt: Hex;
}

/**
 * @example
 * ```ts
 * const domain = marketDomain({ chainId: 8469, networkId, verifyingContract: contracts.sealedBidTender });
 * ```
 */
export function marketDomain(parameters: Network & { readonly verifyingContract: Address }): MarketDomain {
  return {
    name: "Allot Market",
    version: "1",
    chainId: parameters.chainId,
    verifyingContract: parameters.verifyingContract,
    salt: parameters.networkId,
  };
}

export function consensusDomain(network: Network): ConsensusDomain {
  return { name: "Allot Consensus", version: "1", chainId: network.chainId, salt: network.networkId };
}
