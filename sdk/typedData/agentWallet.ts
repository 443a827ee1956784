import { type Address, type Hex, hashTypedData, type LocalAccount } from "viem";

/** What a wallet agrees to when it becomes an agent's (ERC-8004). */
export interface AgentWalletProof {
  readonly agentId: bigint;
  readonly newWallet: Address;
  /** The agent's owner: a proof given to another owner is void. */
  readonly owner: Address;
  /** Last second, of block time, at which the proof counts. */
  readonly deadline: bigint;
}

/** Where the proof counts: one identity registry of one chain. */
export interface IdentityDomain {
  readonly name: "ERC8004IdentityRegistry";
  readonly version: "1";
  readonly chainId: number;
  readonly verifyingContract: Address;
}

/**
 * The identity registry's EIP-712 domain, which ERC-8004's registries in use share; it has no salt, unlike the market's.
 * @example
 * ```ts
 * const domain = identityDomain({ chainId: 8469, verifyingContract: ruleAddresses.identityRegistry });
 * ```
 */
export const identityDomain = (network: {
  readonly chainId: number;
  readonly verifyingContract: Address;
}): IdentityDomain => ({
  name: "ERC8004IdentityRegistry",
  version: "1",
  chainId: network.chainId,
  verifyingContract: network.verifyingContract,
});

export const agentWalletTypes = {
  AgentWalletSet: [
    { name: "agentId", type: "uint256" },
    { name: "newWallet", type: "address" },
    { name: "owner", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

const typedDataOf = (domain: IdentityDomain, proof: AgentWalletProof) =>
  ({ domain, types: agentWalletTypes, primaryType: "AgentWalletSet", message: proof }) as const;

/** EIP-712 digest of a wallet's proof: what a wallet that is a contract is asked about (ERC-1271). */
export const hashAgentWalletProof = (domain: IdentityDomain, proof: AgentWalletProof): Hex =>
  hashTypedData(typedDataOf(domain, proof));

export const signAgentWalletProof = (
  wallet: LocalAccount,
  domain: IdentityDomain,
  proof: AgentWalletProof,
): Promise<Hex> => wallet.signTypedData(typedDataOf(domain, proof));
