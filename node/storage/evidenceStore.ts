// Proof of validators' misbehaviour, kept until an operator or the rules have dealt with it: durable, one entry for
// each offender, kind, epoch and view, exported as JSON that anyone can verify with the validator set alone.
import { evidenceCountMax } from "../config/limits.ts";
import type { Evidence } from "../types/evidence.ts";
import type { ConsensusTables, Table } from "./consensusTables.ts";

const keyOf = ({ offender, kind, first }: Evidence): string =>
  `${String(offender).padStart(4, "0")}/${kind}/${first.vote.epoch}/${String(first.vote.view).padStart(16, "0")}`;

export class EvidenceStore {
  readonly #database: ConsensusTables;
  readonly #entries: Table<string, string>;
  readonly #known: Set<string>;
  readonly #offenders: Set<number>;
  readonly #keptListeners = new Set<(evidence: Evidence) => void>();

  constructor(database: ConsensusTables) {
    this.#database = database;
    this.#entries = database.texts("evidence");
    this.#known = new Set(this.#entries.getKeys());
    this.#offenders = new Set([...this.#known].map((key) => Number.parseInt(key, 10)));
  }

  /** True when it is new. Past the limit further evidence is dropped: one piece convicts an offender as well as many. */
  put(evidence: Evidence): boolean {
    const key = keyOf(evidence);
    if (this.#known.size >= evidenceCountMax || this.#known.has(key)) return false;
    this.#known.add(key);
    this.#offenders.add(evidence.offender);
    this.#database.write(() => void this.#entries.put(key, JSON.stringify(evidence)));
    // Rare, and in no other place on the disk: at once.
    void this.#database.flushed().then(() => {
      for (const listener of this.#keptListeners) listener(evidence);
    });
    return true;
  }

  /** Called with each new piece of evidence once it is durable. */
  onKept(listener: (evidence: Evidence) => void): void {
    this.#keptListeners.add(listener);
  }

  /** Positions in the validator set of those against whom there is evidence. */
  get offenders(): ReadonlySet<number> {
    return this.#offenders;
  }

  all(): readonly Evidence[] {
    return [...this.#entries.getRange()].map(({ value }) => JSON.parse(value) as Evidence);
  }
}
