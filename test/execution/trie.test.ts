import { verifyMerkleProof } from "@ethereumjs/mpt";
import { expect } from "chai";
import { keccak256 } from "../../node/crypto/keccak.ts";
import { bytesToHex } from "../../node/execution/bytes.ts";
import type { TrieNode } from "../../node/execution/trie/node.ts";
import { decodeNode, encodeNode } from "../../node/execution/trie/node.ts";
import { nibblesOf } from "../../node/execution/trie/nodeSource.ts";
import { orderedTrie } from "../../node/execution/trie/orderedRoot.ts";
import { proveKey } from "../../node/execution/trie/proveKey.ts";
import { compareKeys, updateTrie } from "../../node/execution/trie/updateTrie.ts";
import { Random } from "./random.ts";
import { ReferenceTrie } from "./referenceTrie.ts";

/** The trie under test, its nodes in a map as they would lie on disk. */
class StoredTrie {
  readonly nodes = new Map<string, TrieNode>();
  root: Uint8Array | undefined;

  update(changes: ReadonlyMap<string, Uint8Array | undefined>): void {
    const sorted = [...changes]
      .map(([key, value]) => ({ key: nibblesOf(Buffer.from(key, "hex")), value }))
      .sort(compareKeys);
    const written = new Map<string, TrieNode | undefined>();
    this.root = updateTrie({ node: (key) => this.nodes.get(key) }, "t", sorted, written);
    for (const [key, node] of written) {
      if (node === undefined) this.nodes.delete(key);
      // Through the encoding, as everything on disk has gone.
      else this.nodes.set(key, decodeNode(encodeNode(node)));
    }
  }

  prove(key: string): Uint8Array[] {
    return proveKey({ node: (place) => this.nodes.get(place) }, "t", nibblesOf(Buffer.from(key, "hex")));
  }
}

/** Changes of one block: new keys, new values for known keys, and removals. */
function randomChanges(random: Random, known: readonly string[], shape: Shape, removing: number) {
  const changes = new Map<string, Uint8Array | undefined>();
  for (let i = random.below(40); i > 0; i--) {
    const key = random.chance(0.5) && known.length > 0 ? random.pick(known) : hex(random.bytes(shape.keyBytes));
    const value = random.bytes(shape.valueBytes).map((byte) => byte | 1);
    changes.set(key, random.chance(removing) ? undefined : value);
  }
  return changes;
}

interface Shape {
  readonly keyBytes: number;
  readonly valueBytes: number;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("the state trie", () => {
  const random = Random.fromEnvironment();

  // Short keys and values make nodes shorter than a hash, which lie embedded in their parents.
  for (const shape of [2, 3, 32].flatMap((keyBytes) => [1, 3, 40].map((valueBytes) => ({ keyBytes, valueBytes })))) {
    it(`equals the reference, ${shape.keyBytes}-byte keys, ${shape.valueBytes}-byte values (seed ${random.seed})`, async () => {
      const trie = new StoredTrie();
      const reference = new ReferenceTrie();
      for (let round = 0; round < 50; round++) {
        const changes = randomChanges(random, reference.keys(), shape, round > 35 ? 0.8 : 0.25);
        trie.update(changes);
        for (const [key, value] of changes) await reference.set(key, value);
        expect(trie.root && hex(trie.root), `round ${round}`).to.equal(reference.root());
      }
      const everything = new Map(reference.keys().map((key) => [key, undefined] as const));
      trie.update(everything);
      expect(trie.root).to.equal(undefined);
      expect(trie.nodes.size, "nothing is left behind").to.equal(0);
    });
  }

  it(`proves what is there and what is not (seed ${random.seed})`, async () => {
    const trie = new StoredTrie();
    const values = new Map<string, Uint8Array>();
    for (let i = 0; i < 300; i++) values.set(hex(keccak256(random.bytes(8))), random.bytes(1 + random.below(40)));
    trie.update(values);
    const root = trie.root as Uint8Array;
    for (const [key, value] of values) {
      expect(await verifyMerkleProof(Buffer.from(key, "hex"), trie.prove(key), { root })).to.deep.equal(value);
    }
    for (let i = 0; i < 50; i++) {
      const absent = hex(random.bytes(32));
      expect(await verifyMerkleProof(Buffer.from(absent, "hex"), trie.prove(absent), { root })).to.equal(null);
    }
    expect(new StoredTrie().prove("00")).to.deep.equal([]);
  });

  it("numbers the items of a list as Ethereum does", async () => {
    for (const length of [0, 1, 2, 17, 127, 128, 129, 300]) {
      const items = Array.from({ length }, (_, i) => random.bytes(1 + ((i * 37) % 700)));
      expect(orderedTrie(items).root).to.equal(bytesToHex(await ReferenceTrie.rootOfList(items)));
    }
  });
});
