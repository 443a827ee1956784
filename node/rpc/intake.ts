// What all clients together have sent and not been answered yet. One request is bounded by its own limit; without this,
// thousands of connections could each hold one that never ends.
import { rpcIntakeBytesMax } from "../config/limits.ts";

export class Intake {
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** False when there is no room; then nothing has been taken. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > rpcIntakeBytesMax) return false;
    this.#bytes += bytes;
    return true;
  }

  /** What was taken has been answered, or its connection has ended. */
  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
