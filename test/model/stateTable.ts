// A set of packed states, each stored exactly, in one array made at the start: open addressing, no deletions. A place in
// it is a number that stays the same. A place that is all zero is empty.

export class StateTable {
  readonly capacity: number;
  readonly words: number;
  readonly places: Uint32Array;
  count = 0;

  /** @param capacity how many states at most; some places stay empty so that looking up stays short */
  constructor(words: number, capacity: number) {
    this.words = words;
    this.capacity = capacity;
    this.places = new Uint32Array(Math.ceil(capacity / loadMax) * words);
  }

  get isFull(): boolean {
    return this.count >= this.capacity;
  }

  get bytes(): number {
    return this.places.byteLength;
  }

  /** The state's place if it is new; -1 if it is known. */
  add(state: Uint32Array): number {
    const at = this.#find(state);
    if (at >= 0) return -1;
    this.places.set(state, ~at * this.words);
    this.count++;
    return ~at;
  }

  /** Negative when the state is not in the table. */
  placeOf(state: Uint32Array): number {
    return this.#find(state);
  }

  /** The state's place, or the complement of the empty place where it belongs. */
  #find(state: Uint32Array): number {
    const { places, words } = this;
    const length = places.length / words;
    let place = Math.floor((hashOf(state, words) / 2 ** 32) * length);
    for (;;) {
      const from = place * words;
      let isSame = true;
      let isEmpty = true;
      for (let w = 0; w < words; w++) {
        const here = places[from + w] as number;
        if (here !== state[w]) isSame = false;
        if (here !== 0) isEmpty = false;
      }
      if (isSame) return place;
      if (isEmpty) return ~place;
      place++;
      if (place === length) place = 0;
    }
  }
}

const loadMax = 0.8;

function hashOf(state: Uint32Array, words: number): number {
  let hash = 0x811c9dc5;
  for (let w = 0; w < words; w++) {
    hash = Math.imul(hash ^ (state[w] as number), 0x9e3779b1);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x85ebca77);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}
