import type { Digest } from "../../types/brands.ts";
import { encodeQuantity } from "../../types/rlpWriter.ts";
import { bytesToHex } from "../bytes.ts";
import { emptyRoot } from "../state/account.ts";
import { type NodeSource, nibblesOf } from "./nodeSource.ts";
import { compareKeys, type NodeChanges, updateTrie } from "./updateTrie.ts";

const nothing: NodeSource = { node: () => undefined };

/** The trie of a list, keyed by the RLP of the index, as Ethereum builds it for transactions and receipts. */
export function orderedTrie(values: readonly Uint8Array[]): { readonly root: Digest; readonly nodes: NodeSource } {
  const changes = values.map((value, index) => ({ key: nibblesOf(encodeQuantity(index)), value })).sort(compareKeys);
  const nodes: NodeChanges = new Map();
  const root = updateTrie(nothing, "", changes, nodes);
  return {
    root: root === undefined ? emptyRoot : (bytesToHex(root) as Digest),
    nodes: { node: (key) => nodes.get(key) },
  };
}
