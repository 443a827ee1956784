// Two kinds of wrong. What a user, a peer or the disk did wrong is an `AllotError`: a literal code, typed facts
// and one sentence that says what is wrong, where, and what to do. A broken invariant is an `InvariantError`:
// it means a defect of ours, stops the node, and is never caught to be ignored.

export type Facts = Readonly<Record<string, string | number | bigint | boolean | null | undefined>>;

export class AllotError extends Error {
  override readonly name = "AllotError";
  readonly code: string;
  readonly facts: Facts;

  constructor(code: string, facts: Facts, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.facts = facts;
  }
}

export class InvariantError extends Error {
  override readonly name = "InvariantError";
  readonly code: string;
  readonly facts: Facts;

  constructor(code: string, facts: Facts, message: string) {
    super(message);
    this.code = code;
    this.facts = facts;
  }
}

/** Ends a switch over a union: a compile error when a member is missing, a stop when one slips through. */
export function unreachable(value: never): never {
  throw new InvariantError("UNREACHABLE", { value: String(value) }, `no case for ${JSON.stringify(value)}`);
}
