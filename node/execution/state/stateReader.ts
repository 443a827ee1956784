import type { Address, Digest } from "../../types/brands.ts";
import type { Account } from "./account.ts";

/** The state at some point, read synchronously. */
export interface StateReader {
  account(address: Address): Account | undefined;
  /** 0 where nothing is stored. */
  slot(address: Address, slot: bigint): bigint;
  /** By code hash; no bytes for the empty hash. Never changes, whatever the point in time. */
  code(codeHash: Digest): Uint8Array;
}
