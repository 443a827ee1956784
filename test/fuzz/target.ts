import type { Random } from "../execution/random.ts";

/** Something that takes what comes from outside. */
export interface Target {
  readonly name: string;
  /** An input made from the seeds: bytes, or a value that JSON can carry. */
  make(random: Random): Uint8Array | unknown;
  /**
   * Takes an input: true when it was accepted, false when it was refused in the way that is meant for it. Throws for
   * anything else: that is a find.
   */
  run(input: unknown): boolean | Promise<boolean>;
  close?(): Promise<void>;
}
