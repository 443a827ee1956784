import type { Address, Digest, Hex } from "./brands.ts";

/** A decoded, signed transaction: EIP-155 legacy, EIP-2930 or EIP-1559. All fees are 0 on this ledger. The sender
 * has been recovered once; the object is cached from admission to execution. */
export interface Transaction {
  readonly hash: Digest;
  readonly type: 0 | 1 | 2;
  readonly chainId: number;
  readonly sender: Address;
  readonly nonce: number;
  readonly gasLimit: number;
  /** Undefined for a contract creation. */
  readonly to: Address | undefined;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly accessList: readonly { readonly address: Address; readonly storageKeys: readonly Hex[] }[];
  readonly signature: { readonly r: bigint; readonly s: bigint; readonly yParity: 0 | 1 };
  /** The signed encoding as it came: EIP-2718 envelope or legacy RLP list. */
  readonly raw: Uint8Array;
}
