import { type Address, bytesToHex, encodeAbiParameters, type Hex, keccak256 } from "viem";

/** What a commitment hides: without it a bid can never be revealed, and its lock on the stake burns. */
export interface Opening {
  /** Price asked per unit, in units of 10⁻⁶ credit. */
  readonly amount: bigint;
  /** 32 random bytes. */
  readonly salt: Hex;
}

/**
 * The commitment of ERC-8469: keccak256(abi.encode(tenderId, bidder, amount, salt)).
 * @example
 * ```ts
 * const commitment = commitmentOf({ tenderId, bidder: account.address, amount: 2_500_000n, salt: randomSalt() });
 * ```
 */
export function commitmentOf(parameters: Opening & { readonly tenderId: Hex; readonly bidder: Address }): Hex {
  const { tenderId, bidder, amount, salt } = parameters;
  return keccak256(encodeAbiParameters(commitmentTypes, [tenderId, bidder, amount, salt]));
}

const commitmentTypes = [{ type: "bytes32" }, { type: "address" }, { type: "uint256" }, { type: "bytes32" }] as const;

/** 32 bytes from the operating system: a salt that can be guessed opens the bid to everybody. */
export function randomSalt(): Hex {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
}
