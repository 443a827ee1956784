// How often each kind of call was made, and how often the rules permitted it: a run in which nearly everything is
// refused proves little.

export class Tally {
  readonly #counts = new Map<string, { done: number; refused: number }>();

  add(kind: string, done: boolean): void {
    const count = this.#counts.get(kind) ?? { done: 0, refused: 0 };
    if (done) count.done += 1;
    else count.refused += 1;
    this.#counts.set(kind, count);
  }

  get calls(): number {
    return this.#sum((count) => count.done + count.refused);
  }

  get done(): number {
    return this.#sum(({ done }) => done);
  }

  get kinds(): readonly string[] {
    return [...this.#counts.keys()];
  }

  /** Kinds of calls that succeeded at least once. */
  get succeeded(): readonly string[] {
    return [...this.#counts].filter(([, { done }]) => done > 0).map(([kind]) => kind);
  }

  #sum(of: (count: { done: number; refused: number }) => number): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + of(count), 0);
  }

  toString(): string {
    const rows = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = rows.map(
      ([kind, { done, refused }]) =>
        `  ${kind.padEnd(18)} ${String(done).padStart(8)} done ${String(refused).padStart(8)} refused`,
    );
    const share = ((100 * this.done) / Math.max(this.calls, 1)).toFixed(1);
    return [...lines, `  ${this.calls} calls, ${share} % done`].join("\n");
  }
}
