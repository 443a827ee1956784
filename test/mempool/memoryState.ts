import type { StateView } from "../../node/execution/engine.ts";
import { type Address, Digest, Height } from "../../node/types/brands.ts";
import { hexOf } from "../../node/types/hex.ts";

/** A ledger state as plain data: what admission reads, and nothing that executes. */
export class MemoryState implements Pick<StateView, "nonceOf" | "balanceOf" | "storageAt" | "height" | "digest"> {
  readonly digest = Digest(`0x${"00".repeat(32)}`);
  height = Height(0);
  readonly nonces = new Map<Address, number>();
  readonly balances = new Map<Address, bigint>();
  /** By address and slot, joined. */
  readonly words = new Map<string, Uint8Array>();

  nonceOf(address: Address): number {
    return this.nonces.get(address) ?? 0;
  }

  balanceOf(address: Address): bigint {
    return this.balances.get(address) ?? 0n;
  }

  storageAt(address: Address, slot: Uint8Array): Uint8Array {
    return this.words.get(address + hexOf(slot)) ?? new Uint8Array(32);
  }
}
