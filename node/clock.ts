// Time, as those parts of the node are given it that depend on it.
export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  wallMs(): number;
  /** Milliseconds since some moment; never goes back. */
  monotonicMs(): number;
  /** Calls back once after that many milliseconds of monotonic time; the returned function cancels it. */
  after(durationMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (durationMs, callback) => {
    if (durationMs <= 0) {
      // A timer of 0 ms fires after 1 ms; an immediate as soon as the current turn is over.
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(callback, durationMs);
    return () => clearTimeout(timer);
  },
};
