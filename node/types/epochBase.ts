import type { Digest, Height, View } from "./brands.ts";

/** The block that an epoch starts from: genesis, or the last one of the epoch before. Final by definition. */
export interface EpochBase {
  readonly digest: Digest;
  readonly view: View;
  readonly height: Height;
}
