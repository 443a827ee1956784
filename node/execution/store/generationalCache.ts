/** A bounded map that forgets what has not been used for long: when the young generation is full it becomes the old
 * one, and the old one is forgotten. Half the memory of an exact order of use, and no cost per read to keep it. */
export class GenerationalCache<K, V> {
  readonly #generationMax: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  /** Holds at most twice `generationMax` entries. */
  constructor(generationMax: number) {
    this.#generationMax = generationMax;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#generationMax) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  delete(key: K): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
