import { type Address, encodeAbiParameters, type Hex, keccak256 } from "viem";

export interface SealedVote {
  readonly chainId: number;
  /** Address of DisputePanel. */
  readonly panel: Address;
  readonly taskId: bigint;
  readonly unit: number;
  readonly voter: Address;
  /** True for the objector, false for the verdict as it stands. */
  readonly uphold: boolean;
  readonly salt: Hex;
}

const types = [
  { type: "uint256" },
  { type: "address" },
  { type: "uint256" },
  { type: "uint256" },
  { type: "address" },
  { type: "bool" },
  { type: "bytes32" },
] as const;

/**
 * What a panel's member commits to: keccak256(abi.encode(chainId, panel, taskId, unit, voter, uphold, salt)).
 * @example
 * ```ts
 * const commitment = voteCommitmentOf({ chainId, panel, taskId, unit: 0, voter, uphold: true, salt: randomSalt() });
 * ```
 */
export function voteCommitmentOf({ chainId, panel, taskId, unit, voter, uphold, salt }: SealedVote): Hex {
  return keccak256(encodeAbiParameters(types, [BigInt(chainId), panel, taskId, BigInt(unit), voter, uphold, salt]));
}
