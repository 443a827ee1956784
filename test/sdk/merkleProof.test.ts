import { expect } from "chai";
import { bytesToHex, concatHex, type Hex, keccak256, numberToHex, pad, toRlp } from "viem";
import { emptyTrieRoot, verifyMerkleProof } from "../../sdk/certificates/merkleProof.ts";
import { createMerkleStateTrie } from "./fixtures/merkleTrie.ts";

const keyOf = (index: number): Hex => pad(numberToHex(index));
const present = (value: Uint8Array) => ({ outcome: "present", value });

describe("Merkle-Patricia proofs", () => {
  for (const entries of [1, 2, 17, 400]) {
    it(`agree with @ethereumjs/mpt on a trie of ${entries}`, async () => {
      const trie = await createMerkleStateTrie();
      // Values of one byte make nodes that stand inside their parents.
      const contentOf = (index: number) => Uint8Array.from({ length: 1 + (index % 3) * 40 }, () => 1 + (index % 250));
      for (let index = 0; index < entries; index++) await trie.put(keyOf(index), contentOf(index));
      for (let index = 0; index < entries; index++) {
        const proof = await trie.prove(keyOf(index));
        expect(verifyMerkleProof(trie.root(), keyOf(index), proof)).to.deep.equal(present(contentOf(index)));
      }
      for (let index = entries; index < entries + 50; index++) {
        const proof = await trie.prove(keyOf(index));
        expect(verifyMerkleProof(trie.root(), keyOf(index), proof)).to.deep.equal({ outcome: "absent" });
      }
    });
  }

  it("prove absence from an empty trie, with and without its only node", () => {
    expect(verifyMerkleProof(emptyTrieRoot, keyOf(1), [])).to.deep.equal({ outcome: "absent" });
    expect(verifyMerkleProof(emptyTrieRoot, keyOf(1), ["0x80"])).to.deep.equal({ outcome: "absent" });
    expect(verifyMerkleProof(keyOf(7), keyOf(1), []).outcome).to.equal("invalid");
  });

  it("prove nothing with any byte of any node changed, a node missing, repeated, swapped or added", async () => {
    const trie = await createMerkleStateTrie();
    for (let index = 0; index < 400; index++) await trie.put(keyOf(index), Uint8Array.of(1 + (index % 9), 7));
    const proof = await trie.prove(keyOf(5));
    expect(proof.length).to.be.greaterThan(2);
    const outcomeOf = (nodes: readonly Hex[]) => verifyMerkleProof(trie.root(), keyOf(5), nodes).outcome;
    expect(outcomeOf(proof)).to.equal("present");
    for (const [position, node] of proof.entries()) {
      for (let at = 2; at < node.length; at += 6) {
        const nibble = ((Number.parseInt(node[at] as string, 16) + 1) % 16).toString(16);
        const changed = `${node.slice(0, at)}${nibble}${node.slice(at + 1)}` as Hex;
        expect(outcomeOf(proof.with(position, changed)), `node ${position}, digit ${at}`).to.equal("invalid");
      }
      expect(outcomeOf(proof.toSpliced(position, 1))).to.equal("invalid");
      expect(outcomeOf(proof.toSpliced(position, 0, node))).to.equal("invalid");
    }
    expect(outcomeOf([...proof].reverse())).to.equal("invalid");
    expect(outcomeOf([...proof, "0x80"])).to.equal("invalid");
    expect(verifyMerkleProof(keyOf(9), keyOf(5), proof).outcome).to.equal("invalid");
    // A proof is for one key: for another it is no proof of presence.
    expect(verifyMerkleProof(trie.root(), keyOf(6), proof).outcome).not.to.equal("present");
  });

  it("refuse nodes of a wrong shape even where the hashes match", () => {
    const path = keccak256(keyOf(1)).slice(2);
    const rootOf = (node: Hex) => keccak256(node);
    const shortLeaf = toRlp([concatHex(["0x20", `0x${path.slice(0, 62)}`]), "0x01"]);
    expect(verifyMerkleProof(rootOf(shortLeaf), keyOf(1), [shortLeaf]).outcome).to.equal("invalid");
    const threeItems = toRlp(["0x20", "0x01", "0x02"]);
    expect(verifyMerkleProof(rootOf(threeItems), keyOf(1), [threeItems]).outcome).to.equal("invalid");
    const wholeLeaf = toRlp([concatHex(["0x20", `0x${path}`]), "0x01"]);
    expect(verifyMerkleProof(rootOf(wholeLeaf), keyOf(1), [wholeLeaf])).to.deep.equal(present(Uint8Array.of(1)));
    const emptyPath = toRlp([bytesToHex(new Uint8Array()), "0x01"]);
    expect(verifyMerkleProof(rootOf(emptyPath), keyOf(1), [emptyPath]).outcome).to.equal("invalid");
  });
});
