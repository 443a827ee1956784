import { callsConcurrentMax, callsWaitingMax } from "../config/limits.ts";
import { RpcError, serverErrorCode } from "./rpcError.ts";

/** Lets a few EVM calls run at a time, so that readers cannot keep the node from its consensus. */
export class CallSlots {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= callsConcurrentMax) {
      if (this.#waiting.length >= callsWaitingMax) {
        throw new RpcError(serverErrorCode, `${callsWaitingMax} calls wait already; try again in a moment`);
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      // The slot passes to the next in line, or becomes free.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
