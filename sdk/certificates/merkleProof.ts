// Merkle-Patricia proofs as `eth_getProof` gives them (Ethereum yellow paper, appendix D; EIP-1186).
//
// A node is decoded only after its hash matched, so nothing that a prover made up is ever interpreted.
import { bytesToHex, fromRlp, type Hex, hexToBytes, keccak256 } from "viem";

/** keccak256 of the RLP of an empty byte string: the root of a trie without entries. */
export const emptyTrieRoot: Hex = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

/** What a proof proves, or the reason why it proves nothing. */
export type ProofOutcome =
  | { readonly outcome: "present"; readonly value: Uint8Array }
  | { readonly outcome: "absent" }
  | { readonly outcome: "invalid"; readonly reason: string };

type Item = Uint8Array | readonly Item[];

/**
 * Checks a proof for a key of a secure trie (whose paths are keccak256 of the keys).
 *
 * @param root Root hash of the trie.
 * @param key Address (20 bytes) in the state trie, slot (32 bytes) in a storage trie.
 * @param proof RLP of the nodes from the root down; nodes shorter than 32 bytes stand inside their parents.
 * @example
 * ```ts
 * const proven = verifyMerkleProof(header.stateRoot, account, accountProof);
 * if (proven.outcome === "present") decode(proven.value);
 * ```
 */
export function verifyMerkleProof(root: Hex, key: Hex, proof: readonly Hex[]): ProofOutcome {
  if (root === emptyTrieRoot && proof.length === 0) return { outcome: "absent" };
  const path = nibblesOf(hexToBytes(keccak256(key)));
  let used = 0;
  let depth = 0;

  /** The node behind a reference: the next one of the proof, or the reference itself when the node stands inside. */
  const follow = (reference: Item): readonly Item[] | string => {
    if (!(reference instanceof Uint8Array)) return reference;
    if (reference.length !== 32) return `a reference has ${reference.length} bytes`;
    const encoded = proof[used];
    if (encoded === undefined) return "a node is missing";
    used++;
    if (keccak256(encoded) !== bytesToHex(reference)) return `node ${used - 1} does not hash to its reference`;
    const node = fromRlp(encoded, "bytes") as Item;
    return node instanceof Uint8Array ? [] : node;
  };

  const end = (outcome: ProofOutcome): ProofOutcome =>
    used === proof.length ? outcome : { outcome: "invalid", reason: `${proof.length - used} nodes too many` };

  let reference: Item = hexToBytes(root);
  for (;;) {
    const node = follow(reference);
    if (typeof node === "string") return { outcome: "invalid", reason: node };
    if (node.length === 17) {
      const nibble = path[depth++];
      // Keys are hashes of one length: none ends in a branch.
      if (nibble === undefined) return { outcome: "invalid", reason: "the path ends in a branch" };
      reference = node[nibble] as Item;
      if (reference instanceof Uint8Array && reference.length === 0) return end({ outcome: "absent" });
      continue;
    }
    // The root of an empty trie, spelled out.
    if (node.length === 0) return end({ outcome: "absent" });
    const [encodedPath, content] = node;
    if (node.length !== 2 || !(encodedPath instanceof Uint8Array) || encodedPath.length === 0) {
      return { outcome: "invalid", reason: `a node has ${node.length} items` };
    }
    const { nibbles, leaf } = decodePath(encodedPath);
    const matches = nibbles.every((nibble, index) => nibble === path[depth + index]);
    if (!matches) return end({ outcome: "absent" });
    depth += nibbles.length;
    if (!leaf) {
      reference = content as Item;
      continue;
    }
    if (depth !== path.length || !(content instanceof Uint8Array)) {
      return { outcome: "invalid", reason: "a leaf does not end the path" };
    }
    return end({ outcome: "present", value: content });
  }
}

function nibblesOf(bytes: Uint8Array): number[] {
  const nibbles: number[] = [];
  for (const byte of bytes) nibbles.push(byte >> 4, byte & 15);
  return nibbles;
}

/** Hex-prefix encoding: the first nibble says leaf (2) and odd (1). */
function decodePath(encoded: Uint8Array): { readonly nibbles: readonly number[]; readonly leaf: boolean } {
  const nibbles = nibblesOf(encoded);
  const flags = nibbles[0] as number;
  return { nibbles: nibbles.slice((flags & 1) === 1 ? 1 : 2), leaf: (flags & 2) === 2 };
}
