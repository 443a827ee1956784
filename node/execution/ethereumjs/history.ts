// The state after past blocks, read backwards from the committed state through what each block since has changed.
import { stateChangesCacheMax } from "../../config/limits.ts";
import type { Address, Digest } from "../../types/brands.ts";
import { AllotError } from "../../types/errors.ts";
import type { Account } from "../state/account.ts";
import { decodeStateChanges, type StateChanges } from "../state/stateChanges.ts";
import type { State } from "../state/stateLayer.ts";
import type { StateReader } from "../state/stateReader.ts";
import { updateAccountTrie, updateStorageTrie } from "../state/stateTrie.ts";
import type { ExecutionDatabase } from "../store/database.ts";
import { GenerationalCache } from "../store/generationalCache.ts";
import type { NodeSource } from "../trie/nodeSource.ts";
import type { NodeChanges } from "../trie/updateTrie.ts";

export class History {
  readonly #database: ExecutionDatabase;
  readonly #committed: State;
  readonly #height: () => number;
  readonly #cache = new GenerationalCache<number, StateChanges>(stateChangesCacheMax / 2);

  /** @param height of the committed state */
  constructor(database: ExecutionDatabase, committed: State, height: () => number) {
    this.#database = database;
    this.#committed = committed;
    this.#height = height;
  }

  /** Shows what the block at `height` did, which has just been committed. */
  publish(height: number, changes: StateChanges): void {
    this.#cache.set(height, changes);
  }

  /** What the block at `height` did; undefined when that has been pruned. */
  changesOf(height: number): StateChanges | undefined {
    const cached = this.#cache.get(height);
    if (cached !== undefined) return cached;
    const record = this.#database.changes.getBinary(height);
    if (record === undefined) return undefined;
    const changes = decodeStateChanges(record);
    this.#cache.set(height, changes);
    return changes;
  }

  /** Whether the state after the block at `height` can still be read. */
  reaches(height: number): boolean {
    const tip = this.#height();
    return height === tip || (height < tip && this.#database.changes.doesExist(height + 1));
  }

  /** The state after the block at `height`, whatever is committed while it is in use. */
  stateAt(height: number): StateReader {
    return {
      account: (address) => {
        for (const changes of this.#since(height)) {
          const change = changes.accounts.get(address);
          if (change !== undefined) return change.before;
        }
        return this.#committed.account(address);
      },
      slot: (address, slot) => {
        for (const changes of this.#since(height)) {
          const change = changes.slots.get(address)?.get(slot);
          if (change !== undefined) return change.before;
        }
        return this.#committed.slot(address, slot);
      },
      code: (codeHash: Digest) => this.#committed.code(codeHash),
    };
  }

  /** The account trie and the storage trie of `address` as they were after the block at `height`. */
  trieAt(height: number, address: Address): NodeSource {
    if (height === this.#height()) return this.#committed;
    const accounts = new Map<Address, Account | undefined>();
    const slots = new Map<bigint, bigint>();
    for (const changes of this.#since(height)) {
      for (const [changed, { before }] of changes.accounts) if (!accounts.has(changed)) accounts.set(changed, before);
      for (const [slot, { before }] of changes.slots.get(address) ?? []) if (!slots.has(slot)) slots.set(slot, before);
    }
    const nodes: NodeChanges = new Map();
    updateStorageTrie(this.#committed, address, slots, nodes);
    updateAccountTrie(this.#committed, accounts, nodes);
    return { node: (key) => (nodes.has(key) ? nodes.get(key) : this.#committed.node(key)) };
  }

  *#since(height: number): Iterable<StateChanges> {
    const tip = this.#height();
    for (let above = height + 1; above <= tip; above++) {
      const changes = this.changesOf(above);
      if (changes === undefined) {
        throw new AllotError(
          "STATE_PRUNED",
          { height },
          `The state after block ${height} is no longer kept: ask for a later block.`,
        );
      }
      yield changes;
    }
  }
}
