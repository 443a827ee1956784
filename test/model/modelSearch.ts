// All states of the model, breadth first: every state is looked at once, and the first violation is one of the nearest.
import { CanonicalForm } from "./canonicalForm.ts";
import { ModelLayout } from "./modelLayout.ts";
import type { ModelOptions } from "./modelOptions.ts";
import { ModelProgress } from "./modelProgress.ts";
import { ModelProperties, type ModelViolation } from "./modelProperties.ts";
import { ModelProtocol } from "./modelProtocol.ts";
import { PlaceQueue } from "./placeQueue.ts";
import { StateTable } from "./stateTable.ts";

export interface SearchOptions {
  readonly statesMax: number;
  /** Keep from which state each was reached first; takes four more bytes for each state. */
  readonly keepsPaths: boolean;
  /** Also look whether the chain can go on from each state. */
  readonly checksProgress: boolean;
  /** Called now and then. */
  readonly report?: (soFar: SearchFigures) => void;
}

export interface SearchFigures {
  readonly states: number;
  readonly steps: number;
  /** Actions from the start to the states that are being looked at. */
  readonly depth: number;
  readonly frontier: number;
  readonly bytes: number;
  readonly forks: number;
  /** States from which the chain was seen to go on. */
  readonly progressing: number;
}

export interface SearchResult extends SearchFigures {
  /** Everything reachable was looked at. */
  readonly exhausted: boolean;
  readonly violation: ModelViolation | undefined;
  /** The packed states from the start to the violation, when paths are kept. */
  readonly path: readonly Uint32Array[];
  readonly table: StateTable;
}

const stepsPerReport = 1 << 20;

export class ModelSearch {
  readonly layout: ModelLayout;
  readonly table: StateTable;
  readonly #options: SearchOptions;
  readonly #protocol: ModelProtocol;
  readonly #properties: ModelProperties;
  readonly #progress: ModelProgress | undefined;
  readonly #canonical: CanonicalForm | undefined;
  readonly #packed: Uint32Array;
  readonly #state;
  readonly #from: Uint32Array | undefined;
  #next: PlaceQueue = new PlaceQueue();
  /** Of the state whose actions are taken; none for the first state. */
  #place = -1;
  #steps = 0;
  #violation: ModelViolation | undefined;
  #violatedAt = 0;

  constructor(model: ModelOptions, options: SearchOptions) {
    this.layout = new ModelLayout(model);
    this.#options = options;
    this.#state = this.layout.newState();
    this.table = new StateTable(this.layout.words, options.statesMax);
    this.#packed = new Uint32Array(this.layout.words);
    this.#from = options.keepsPaths ? new Uint32Array(this.table.places.length / this.layout.words) : undefined;
    this.#protocol = new ModelProtocol(this.layout, this.#state, "speaking");
    this.#properties = new ModelProperties(this.layout, this.#protocol, this.#state);
    this.#progress = options.checksProgress ? new ModelProgress(this.layout) : undefined;
    this.#canonical = model.symmetry ? new CanonicalForm(this.layout) : undefined;
  }

  run(): SearchResult {
    const visit = (): void => this.#meet();
    const { places } = this.table;
    const { words } = this.layout;
    this.#meet();
    let depth = 0;
    let isFull = false;
    for (let open = this.#swap(); open.length > 0 && this.#violation === undefined && !isFull; open = this.#swap()) {
      for (let i = 0; i < open.length; i++) {
        const place = open.at(i);
        this.layout.unpack(places, place * words, this.#state);
        this.#look(place);
        if (this.#violation !== undefined) break;
        isFull = this.table.isFull;
        if (isFull) break;
        this.#place = place;
        const before = this.#steps;
        this.#protocol.expand(visit);
        if (this.#violation !== undefined) break;
        if (Math.floor(before / stepsPerReport) !== Math.floor(this.#steps / stepsPerReport)) {
          this.#options.report?.(this.#figures(depth, open.length - i + this.#next.length));
        }
      }
      depth++;
    }
    const figures = this.#figures(depth, this.#next.length);
    const path = this.#violation === undefined ? [] : this.pathTo(this.#violatedAt);
    const exhausted = !isFull && this.#violation === undefined;
    return { ...figures, exhausted, violation: this.#violation, path, table: this.table };
  }

  /** Takes up the state that an action has led to. */
  #meet(): void {
    this.#steps++;
    this.layout.pack(this.#canonical?.of(this.#state) ?? this.#state, this.#packed);
    const place = this.table.add(this.#packed);
    if (place >= 0) {
      if (this.#from !== undefined) this.#from[place] = this.#place < 0 ? place : this.#place;
      this.#next.push(place);
    }
    // Told by the action and not by the state: what was said in views that are over may have been settled.
    if (this.#violation !== undefined || !this.#properties.isEvidence) return;
    this.#violation = "evidence";
    this.#violatedAt = place >= 0 ? place : this.table.placeOf(this.#packed);
  }

  #look(place: number): void {
    this.#violation = this.#properties.violation();
    if (this.#violation === undefined && this.#progress?.isStuck(this.#state) === true) this.#violation = "stuck";
    this.#violatedAt = place;
  }

  #swap(): PlaceQueue {
    const open = this.#next;
    this.#next = new PlaceQueue();
    return open;
  }

  #figures(depth: number, frontier: number): SearchFigures {
    return {
      states: this.table.count,
      steps: this.#steps,
      depth,
      frontier,
      bytes: this.table.bytes + (this.#from?.byteLength ?? 0) + this.#next.bytes,
      forks: this.#properties.forks,
      progressing: this.#progress?.progressing ?? 0,
    };
  }

  /** Of all states that have the same certificates, the first in the table. */
  firstOfEachKind(): number[] {
    const { places, words } = this.table;
    const firsts = new Map<number, number>();
    for (let place = 0; place * words < places.length; place++) {
      if (places.subarray(place * words, (place + 1) * words).every((word) => word === 0)) continue;
      this.layout.unpack(places, place * words, this.#state);
      const certificates = this.#protocol.certificates();
      if (!firsts.has(certificates)) firsts.set(certificates, place);
    }
    return [...firsts.values()];
  }

  /** The packed states from the start to this one, when paths are kept. */
  pathTo(place: number): Uint32Array[] {
    const { words } = this.layout;
    const from = this.#from;
    if (from === undefined) return [];
    const path: Uint32Array[] = [];
    for (let at = place; ; at = from[at] as number) {
      path.unshift(this.table.places.slice(at * words, (at + 1) * words));
      if (from[at] === at) return path;
    }
  }
}
