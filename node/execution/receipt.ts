import type { Address, Digest } from "../types/brands.ts";

export interface Log {
  readonly address: Address;
  readonly topics: readonly Digest[];
  readonly data: Uint8Array;
}

export interface Receipt {
  readonly transactionHash: Digest;
  readonly type: 0 | 1 | 2;
  readonly success: boolean;
  readonly cumulativeGasUsed: number;
  readonly gasUsed: number;
  /** Address of the contract that a creation made, if it succeeded. */
  readonly contractAddress: Address | undefined;
  readonly logs: readonly Log[];
  /** 256 bytes. */
  readonly logsBloom: Uint8Array;
}
