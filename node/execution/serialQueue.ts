/** Runs asynchronous work one piece after the other, in the order it was handed in. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    // The failure belongs to whoever handed the work in; the queue goes on.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
