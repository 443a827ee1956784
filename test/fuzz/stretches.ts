// How long everything else has to wait: the longest stretch in which the process' main thread came to no other task,
// in processor time of that thread. What other processes of a busy machine take is not in it; the garbage collector's
// pauses are, which is why a long stretch is a reason to look again and no find by itself.

const milliseconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000;

export class Stretches {
  #lastMs = 0;
  #longestMs = 0;
  #isOn = false;

  start(): void {
    this.#isOn = true;
    this.#lastMs = milliseconds(process.threadCpuUsage());
    this.#tick();
  }

  /** The longest stretch since the last call, in milliseconds. */
  longestMs(): number {
    const longest = this.#longestMs;
    this.#longestMs = 0;
    return longest;
  }

  stop(): void {
    this.#isOn = false;
  }

  #tick(): void {
    const nowMs = milliseconds(process.threadCpuUsage());
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    if (this.#isOn) setImmediate(() => this.#tick());
  }
}
