import { InvariantError } from "../../types/errors.ts";
import { childOf, decodeNode, encodeNode, type Reference } from "./node.ts";
import { type NodeSource, nibbleCharacters, pathKey } from "./nodeSource.ts";

/**
 * The RLP of the nodes from the root towards `key`, as EIP-1186 lists them: they prove the value there, or that there
 * is none. Nodes embedded in their parent have no entry of their own. Empty for an empty trie.
 * @param key nibbles
 */
export function proveKey(source: NodeSource, name: string, key: Uint8Array): Uint8Array[] {
  const proof: Uint8Array[] = [];
  let node = source.node(name);
  if (node === undefined) return proof;
  proof.push(encodeNode(node));
  let depth = 0;
  let place = name;
  while (node.kind !== "leaf") {
    let next: Reference | undefined;
    if (node.kind === "branch") {
      const nibble = key[depth] as number;
      next = childOf(node, nibble);
      place += nibbleCharacters[nibble];
      depth++;
    } else {
      const { path } = node;
      const from = depth;
      if (!path.every((nibble, i) => nibble === key[from + i])) return proof;
      next = node.child;
      place += pathKey(path);
      depth += path.length;
    }
    if (next === undefined) return proof;
    if (next.length < 32) {
      node = decodeNode(next);
      continue;
    }
    node = source.node(place);
    if (node === undefined) {
      const path = Buffer.from(place, "latin1").toString("hex");
      throw new InvariantError("TRIE_NODE_MISSING", { path }, `the state trie has no node at ${path}`);
    }
    proof.push(encodeNode(node));
  }
  return proof;
}
