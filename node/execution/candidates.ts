// Blocks that have been executed and not committed, on however many branches.
import type { Digest } from "../types/brands.ts";
import { AllotError, InvariantError } from "../types/errors.ts";
import type { BlockContext, ExecutedBlock } from "./engine.ts";

export class Candidates<T extends { readonly block: ExecutedBlock }> {
  readonly #byDigest = new Map<Digest, T>();

  get(digest: Digest): T | undefined {
    return this.#byDigest.get(digest);
  }

  has(digest: Digest): boolean {
    return this.#byDigest.has(digest);
  }

  values(): Iterable<T> {
    return this.#byDigest.values();
  }

  add(candidate: T): void {
    this.#byDigest.set(candidate.block.context.digest, candidate);
  }

  /** The candidate `digest`, which must be a child of the committed block. */
  child(digest: Digest, tip: Digest): T {
    const candidate = this.#byDigest.get(digest);
    if (candidate?.block.context.parentDigest === tip) return candidate;
    throw new InvariantError(
      "NOT_COMMITTABLE",
      { digest, tip },
      `block ${digest} is not an executed child of the committed block ${tip}`,
    );
  }

  /** Forgets `digest`, which has been committed, and every block that does not descend from it. */
  commit(digest: Digest): void {
    this.#byDigest.delete(digest);
    const kept = new Set<Digest>([digest]);
    const inOrder = [...this.#byDigest.values()].sort((a, b) => a.block.context.height - b.block.context.height);
    for (const { block } of inOrder) {
      if (kept.has(block.context.parentDigest)) kept.add(block.context.digest);
      else this.#byDigest.delete(block.context.digest);
    }
  }
}

/** The executed parent that `context` names. */
export function requireParent(context: BlockContext, parent: ExecutedBlock | undefined): ExecutedBlock {
  if (parent !== undefined && context.height === parent.context.height + 1) return parent;
  const { digest, parentDigest, height } = context;
  throw new AllotError(
    "PARENT_NOT_EXECUTED",
    { digest, parentDigest, height },
    `Block ${digest} cannot be executed: its parent ${parentDigest} is not held.`,
  );
}

export function discarded(digest: Digest, cause?: unknown): AllotError {
  const sentence = `Block ${digest} was given up in favour of another one.`;
  return new AllotError("STATE_DISCARDED", { digest }, sentence, { cause });
}

export function damaged(height: number, fault: string): AllotError {
  return new AllotError(
    "EXECUTION_STORE_DAMAGED",
    { height, fault },
    `The execution store is damaged at block ${height}: ${fault}. Remove the execution folder and let the node catch up again.`,
  );
}
