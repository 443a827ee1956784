import type { Address, Digest } from "../../types/brands.ts";
import type { TrieNode } from "../trie/node.ts";
import type { NodeSource } from "../trie/nodeSource.ts";
import type { NodeChanges } from "../trie/updateTrie.ts";
import type { Account } from "./account.ts";
import type { StateChanges } from "./stateChanges.ts";
import type { StateReader } from "./stateReader.ts";

/** A state with its trie. */
export type State = StateReader & NodeSource;

/** The state after a block that has been executed and not committed: its changes over its parent's state. */
export class StateLayer implements State {
  /** The parent's layer, or the committed state once the parent has been committed. */
  parent: State;
  readonly changes: StateChanges;
  readonly nodes: NodeChanges;

  constructor(parent: State, changes: StateChanges, nodes: NodeChanges) {
    this.parent = parent;
    this.changes = changes;
    this.nodes = nodes;
  }

  account(address: Address): Account | undefined {
    const change = this.changes.accounts.get(address);
    return change === undefined ? this.parent.account(address) : change.after;
  }

  slot(address: Address, slot: bigint): bigint {
    return this.changes.slots.get(address)?.get(slot)?.after ?? this.parent.slot(address, slot);
  }

  code(codeHash: Digest): Uint8Array {
    return this.changes.codes.get(codeHash) ?? this.parent.code(codeHash);
  }

  node(key: string): TrieNode | undefined {
    return this.nodes.has(key) ? this.nodes.get(key) : this.parent.node(key);
  }
}
