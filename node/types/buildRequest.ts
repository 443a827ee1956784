import type { Justification } from "./block.ts";
import type { Address, Digest, Epoch, Height, View } from "./brands.ts";

/** All of a header but what the application and the clock decide. */
export interface BuildRequest {
  readonly chainId: number;
  readonly epoch: Epoch;
  readonly view: View;
  readonly height: Height;
  readonly parentView: View;
  readonly parentDigest: Digest;
  readonly proposer: Address;
  readonly parentExecutionHash: Digest;
  readonly justification: Justification;
  /** The block's time: own clock, but not below the first nor above the second (milliseconds since 1970). */
  readonly timestampMinMs: number;
  readonly timestampMaxMs: number;
  /** True when the block must carry no transactions: too many blocks wait for finality. */
  readonly empty: boolean;
}
