// The tables of the ordering side as its stores use them: LMDB in a node, memory in a simulation.

/** Bounds in the order of keys: `start` included, `end` not. */
export interface TableRange<K> {
  readonly start?: K;
  readonly end?: K;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export interface Table<V, K> {
  get(key: K): V | undefined;
  /** Only inside `write`. */
  put(key: K, value: V): unknown;
  /** Only inside `write`. */
  remove(key: K): unknown;
  getKeys(range?: TableRange<K>): Iterable<K>;
  getRange(range?: TableRange<K>): Iterable<{ readonly key: K; readonly value: V }>;
}

export interface ConsensusTables {
  numbered(name: string): Table<Uint8Array, number>;
  keyed(name: string): Table<Uint8Array, Buffer>;
  texts(name: string): Table<string, string>;
  /** Runs `puts` soon, together with others; a crash before `flushed` may lose them. */
  write(puts: () => void): void;
  /** Resolves once everything written so far is visible and survives a crash of the process. */
  written(): Promise<void>;
  /** Resolves once everything written so far survives a crash of the machine. */
  flushed(): Promise<void>;
}
