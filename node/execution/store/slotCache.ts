import type { Address } from "../../types/brands.ts";

type Generation = Map<Address, Map<bigint, bigint>>;

/** A `GenerationalCache` for storage slots, keyed by address and slot without building a joint key. */
export class SlotCache {
  readonly #generationMax: number;
  #young: Generation = new Map();
  #old: Generation = new Map();
  #youngSize = 0;

  constructor(generationMax: number) {
    this.#generationMax = generationMax;
  }

  get(address: Address, slot: bigint): bigint | undefined {
    const young = this.#young.get(address)?.get(slot);
    if (young !== undefined) return young;
    const old = this.#old.get(address)?.get(slot);
    if (old !== undefined) this.set(address, slot, old);
    return old;
  }

  set(address: Address, slot: bigint, value: bigint): void {
    if (this.#youngSize >= this.#generationMax) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngSize = 0;
    }
    let slots = this.#young.get(address);
    if (slots === undefined) {
      slots = new Map();
      this.#young.set(address, slots);
    }
    slots.set(slot, value);
    this.#youngSize++;
  }
}
