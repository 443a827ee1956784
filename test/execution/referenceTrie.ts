import { MerklePatriciaTrie } from "@ethereumjs/mpt";
import { encodeCount } from "../../node/types/rlpWriter.ts";

/** The trie of @ethereumjs/mpt, to compare with. Keys in hex. */
export class ReferenceTrie {
  readonly #trie = new MerklePatriciaTrie();
  readonly #values = new Map<string, Uint8Array>();

  async set(key: string, value: Uint8Array | undefined): Promise<void> {
    if (value === undefined) {
      this.#values.delete(key);
      await this.#trie.del(Buffer.from(key, "hex"));
    } else {
      this.#values.set(key, value);
      await this.#trie.put(Buffer.from(key, "hex"), value);
    }
  }

  keys(): string[] {
    return [...this.#values.keys()];
  }

  /** In hex; undefined for the empty trie. */
  root(): string | undefined {
    return this.#values.size === 0 ? undefined : Buffer.from(this.#trie.root()).toString("hex");
  }

  static async rootOfList(items: readonly Uint8Array[]): Promise<Uint8Array> {
    const trie = new MerklePatriciaTrie();
    for (const [index, item] of items.entries()) await trie.put(encodeCount(index), item);
    return trie.root();
  }
}
