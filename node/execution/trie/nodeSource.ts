import type { TrieNode } from "./node.ts";

/**
 * Where nodes lie: under their path from the root, one nibble (0 to 15) per character, behind the name of their trie.
 * Nodes embedded in their parent have no entry of their own; the root always has one.
 */
export interface NodeSource {
  node(key: string): TrieNode | undefined;
}

/** A nibble as a character of a node key. */
export const nibbleCharacters: readonly string[] = Array.from({ length: 16 }, (_, nibble) =>
  String.fromCharCode(nibble),
);

/** A path as part of a node key. */
export function pathKey(path: Uint8Array): string {
  let key = "";
  for (const nibble of path) key += nibbleCharacters[nibble];
  return key;
}

/** The nibbles of a key, one per byte. */
export function nibblesOf(key: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(2 * key.length);
  for (let i = 0; i < key.length; i++) {
    nibbles[2 * i] = (key[i] as number) >> 4;
    nibbles[2 * i + 1] = (key[i] as number) & 15;
  }
  return nibbles;
}
