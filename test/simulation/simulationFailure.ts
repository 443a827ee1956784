/** A run in which something did not hold. The message replays and explains it. */
export class SimulationFailure extends Error {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly timeline: readonly string[];

  constructor(seed: number, violations: readonly string[], timeline: readonly string[]) {
    super(`seed ${seed}: ${violations.join("; ")}\nlast steps:\n  ${timeline.join("\n  ")}`);
    this.seed = seed;
    this.violations = violations;
    this.timeline = timeline;
  }
}
