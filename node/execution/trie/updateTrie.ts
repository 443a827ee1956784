// One batched update of a Merkle-Patricia trie: all changes of a block at once, so that every node on the way is
// read, rebuilt and hashed once however many of its descendants change.
import { InvariantError } from "../../types/errors.ts";
import { type Branch, childOf, decodeNode, type Reference, referenceOf, rootHashOf, type TrieNode } from "./node.ts";
import { type NodeSource, nibbleCharacters, pathKey } from "./nodeSource.ts";

export interface TrieChange {
  /** Nibbles of the key; all keys of a trie have the same length. */
  readonly key: Uint8Array;
  /** Undefined deletes. */
  readonly value: Uint8Array | undefined;
}

/** A node that is being rebuilt: its children may not have been hashed yet. */
type Draft =
  | { kind: "leaf"; path: Uint8Array; value: Uint8Array }
  | { kind: "extension"; path: Uint8Array; child: Reference | Draft }
  /** `children` holds what is new; for every other child `from` still stands. */
  | { kind: "branch"; from: Branch; children: (Reference | Draft | undefined)[]; present: number };

const isDraft = (child: Reference | Draft): child is Draft => !(child instanceof Uint8Array);

/** What to store under which key; undefined: nothing lies there any more. */
export type NodeChanges = Map<string, TrieNode | undefined>;

/**
 * Applies `changes`, sorted by key and without duplicates, to the trie named `name` in `source`.
 * @param name prefix of the keys of its nodes
 * @param nodes receives the new nodes
 * @returns keccak256 of the root node; undefined when the trie has become empty
 */
export function updateTrie(
  source: NodeSource,
  name: string,
  changes: readonly TrieChange[],
  nodes: NodeChanges,
): Uint8Array | undefined {
  return new TrieBatch(source, nodes).run(name, changes);
}

/** Order of nibble keys, for sorting changes. */
export function compareKeys(a: { readonly key: Uint8Array }, b: { readonly key: Uint8Array }): number {
  const length = Math.min(a.key.length, b.key.length);
  for (let i = 0; i < length; i++) {
    const difference = (a.key[i] as number) - (b.key[i] as number);
    if (difference !== 0) return difference;
  }
  return a.key.length - b.key.length;
}

class TrieBatch {
  readonly #source: NodeSource;
  readonly #nodes: NodeChanges;

  constructor(source: NodeSource, nodes: NodeChanges) {
    this.#source = source;
    this.#nodes = nodes;
  }

  run(name: string, changes: readonly TrieChange[]): Uint8Array | undefined {
    const stored = this.#source.node(name);
    if (changes.length === 0) return stored && rootHashOf(stored);
    if (stored !== undefined) this.#nodes.set(name, undefined);
    const draft = this.#apply(stored && draftOf(stored), name, 0, changes);
    if (draft === undefined) return undefined;
    const root = this.#seal(draft, name);
    this.#nodes.set(name, root);
    return rootHashOf(root);
  }

  /** The stored or embedded node behind a reference; it is about to be replaced. */
  #open(reference: Reference | Draft, key: string): Draft {
    if (isDraft(reference)) return reference;
    if (reference.length < 32) return draftOf(decodeNode(reference));
    this.#nodes.set(key, undefined);
    return draftOf(this.#load(key));
  }

  #load(key: string): TrieNode {
    const node = this.#source.node(key);
    if (node === undefined) {
      const path = Buffer.from(key, "latin1").toString("hex");
      throw new InvariantError("TRIE_NODE_MISSING", { path }, `the state trie has no node at ${path}`);
    }
    return node;
  }

  #apply(draft: Draft | undefined, key: string, depth: number, changes: readonly TrieChange[]): Draft | undefined {
    if (draft === undefined) return build(depth, changes);
    switch (draft.kind) {
      case "leaf":
        return build(depth, withLeaf(draft, depth, changes));
      case "extension":
        return this.#applyToExtension(draft, key, depth, changes);
      case "branch":
        return this.#applyToBranch(draft, key, depth, changes);
    }
  }

  #applyToExtension(
    draft: Extract<Draft, { kind: "extension" }>,
    key: string,
    depth: number,
    changes: readonly TrieChange[],
  ): Draft | undefined {
    const shared = Math.min(
      commonLength(draft.path, (changes[0] as TrieChange).key, depth),
      commonLength(draft.path, (changes[changes.length - 1] as TrieChange).key, depth),
    );
    const below = key + pathKey(draft.path.subarray(0, shared));
    if (shared === draft.path.length) {
      const child = this.#applyToBranch(this.#open(draft.child, below), below, depth + shared, changes);
      return child && prefixed(draft.path, child);
    }
    // Some key leaves the extension half-way: a branch grows there, which keeps what remains of the extension.
    const rest = draft.path.subarray(shared + 1);
    const branch = newBranch();
    const remaining: Reference | Draft =
      rest.length === 0 ? draft.child : { kind: "extension", path: rest, child: draft.child };
    setChild(branch, draft.path[shared] as number, remaining);
    const grown = this.#applyToBranch(branch, below, depth + shared, changes);
    return grown && prefixed(draft.path.subarray(0, shared), grown);
  }

  #applyToBranch(draft: Draft, key: string, depth: number, changes: readonly TrieChange[]): Draft | undefined {
    if (draft.kind !== "branch") return this.#apply(draft, key, depth, changes);
    let start = 0;
    while (start < changes.length) {
      const nibble = (changes[start] as TrieChange).key[depth] as number;
      let end = start + 1;
      while (end < changes.length && (changes[end] as TrieChange).key[depth] === nibble) end++;
      const childKey = key + nibbleCharacters[nibble];
      const child = childOfDraft(draft, nibble);
      const opened = child && this.#open(child, childKey);
      const below = end - start === changes.length ? changes : changes.slice(start, end);
      setChild(draft, nibble, this.#apply(opened, childKey, depth + 1, below));
      start = end;
    }
    return this.#collapse(draft, key);
  }

  /** A branch with fewer than two children does not exist. */
  #collapse(draft: BranchDraft, key: string): Draft | undefined {
    const { present } = draft;
    if (present === 0) return undefined;
    if ((present & (present - 1)) !== 0) return draft;
    const only = 31 - Math.clz32(present);
    const child = childOfDraft(draft, only) as Reference | Draft;
    const path = Uint8Array.of(only);
    if (isDraft(child)) return prefixed(path, child);
    const childKey = key + nibbleCharacters[only];
    const node = child.length < 32 ? decodeNode(child) : this.#load(childKey);
    if (node.kind === "branch") return { kind: "extension", path, child };
    if (child.length === 32) this.#nodes.set(childKey, undefined);
    return prefixed(path, draftOf(node));
  }

  /** Turns a draft into a node and stores everything new below it. */
  #seal(draft: Draft, key: string): TrieNode {
    switch (draft.kind) {
      case "leaf":
        return draft;
      case "extension":
        return { kind: "extension", path: draft.path, child: this.#sealChild(draft.child, key + pathKey(draft.path)) };
      case "branch":
        return this.#sealBranch(draft, key);
    }
  }

  #sealBranch({ from, children, present }: BranchDraft, key: string): Branch {
    const hashes = from.hashes.slice();
    let embedded = from.embedded?.slice();
    for (let nibble = 0; nibble < 16; nibble++) {
      const child = children[nibble];
      if (child === undefined) continue;
      const reference = this.#sealChild(child, key + nibbleCharacters[nibble]);
      if (reference.length === 32) {
        hashes.set(reference, 32 * nibble);
        if (embedded !== undefined) embedded[nibble] = undefined;
      } else {
        embedded ??= new Array<Uint8Array | undefined>(16).fill(undefined);
        embedded[nibble] = reference;
      }
    }
    return { kind: "branch", mask: present, hashes, embedded };
  }

  #sealChild(child: Reference | Draft, key: string): Reference {
    if (!isDraft(child)) return child;
    const node = this.#seal(child, key);
    const reference = referenceOf(node);
    if (reference.length === 32) this.#nodes.set(key, node);
    return reference;
  }
}

type BranchDraft = Extract<Draft, { kind: "branch" }>;

const noChildren: Branch = { kind: "branch", mask: 0, hashes: new Uint8Array(512), embedded: undefined };

const newBranch = (from: Branch = noChildren): BranchDraft => ({
  kind: "branch",
  from,
  children: new Array<Reference | Draft | undefined>(16).fill(undefined),
  present: from.mask,
});

const draftOf = (node: TrieNode): Draft => (node.kind === "branch" ? newBranch(node) : node);

function childOfDraft(draft: BranchDraft, nibble: number): Reference | Draft | undefined {
  if ((draft.present & (1 << nibble)) === 0) return undefined;
  return draft.children[nibble] ?? childOf(draft.from, nibble);
}

function setChild(draft: BranchDraft, nibble: number, child: Reference | Draft | undefined): void {
  draft.children[nibble] = child;
  if (child === undefined) draft.present &= ~(1 << nibble);
  else draft.present |= 1 << nibble;
}

/** `child` seen from `path` above it. */
function prefixed(path: Uint8Array, child: Draft): Draft {
  if (path.length === 0) return child;
  if (child.kind === "branch") return { kind: "extension", path, child };
  return { ...child, path: joined(path, child.path) };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const path = new Uint8Array(a.length + b.length);
  path.set(a);
  path.set(b, a.length);
  return path;
}

/** Length of the common prefix of `path` and what lies in `key` from `depth` on. */
function commonLength(path: Uint8Array, key: Uint8Array, depth: number): number {
  let length = 0;
  while (length < path.length && path[length] === key[depth + length]) length++;
  return length;
}

/** The changes together with a leaf that is there already, unless one of them is about it. */
function withLeaf(leaf: { path: Uint8Array; value: Uint8Array }, depth: number, changes: readonly TrieChange[]) {
  const first = (changes[0] as TrieChange).key;
  const present = { key: joined(first.subarray(0, depth), leaf.path), value: leaf.value };
  let position = 0;
  while (position < changes.length && compareKeys(changes[position] as TrieChange, present) < 0) position++;
  const next = changes[position];
  if (next !== undefined && compareKeys(next, present) === 0) return changes;
  return [...changes.slice(0, position), present, ...changes.slice(position)];
}

const hasValue = (change: TrieChange): boolean => change.value !== undefined;

/** A subtrie of nothing but `changes`, whose keys agree below `depth`. */
function build(depth: number, changes: readonly TrieChange[]): Draft | undefined {
  const present = changes.every(hasValue) ? changes : changes.filter(hasValue);
  const first = present[0];
  const last = present[present.length - 1];
  if (first === undefined || last === undefined) return undefined;
  if (present.length === 1) return { kind: "leaf", path: first.key.slice(depth), value: first.value as Uint8Array };
  const shared = commonLength(first.key.subarray(depth), last.key, depth);
  const branch = newBranch();
  const at = depth + shared;
  let start = 0;
  while (start < present.length) {
    const nibble = (present[start] as TrieChange).key[at] as number;
    let end = start + 1;
    while (end < present.length && (present[end] as TrieChange).key[at] === nibble) end++;
    setChild(branch, nibble, build(at + 1, present.slice(start, end)));
    start = end;
  }
  return prefixed(first.key.slice(depth, at), branch);
}
