// What is explored: the size of the network, who may lie, and which rules are left out.

/** Rules of docs/consensus.md that can be taken out of the model, each with what it says. */
export const modelRules = {
  "any-kind": "no Notarize in a view in which a vote of any kind was sent",
  "current-only": "Notarize only for a proposal of the current view",
  "no-nullify": "no Finalize in a view in which Nullify was sent",
  "finalize-other": "no Finalize of another block than the one notarized",
  "finalize-current": "no Finalize for a view below the current one",
  "no-finalize": "no Nullify in a view in which Finalize was sent",
  "covered-gap": "all views between a block and its parent are nullified",
  "notarized-parent": "a block's parent is notarized",
  quorum: "a quorum is ⌊2n/3⌋ + 1, not 2f + 1",
  "vote-durable": "a vote is durable before it leaves",
  "resume-highest": "after a restart nothing is signed below the highest view signed before",
  "nullify-after-notarize": "Nullify is allowed after Notarize",
  "signing-doubt": "after a loss of log and guard nothing is signed until n − f validators have reported their view",
  "resume-margin": "and then only from the highest reported view + 2, not + 1",
  "fresh-reports": "a report is of the view in which a validator is, not of one in which it once voted",
} as const;

export type ModelRule = keyof typeof modelRules;

export interface ModelOptions {
  readonly validators: number;
  readonly liars: number;
  /** Nobody votes in views above this one. */
  readonly views: number;
  /** Different blocks that honest validators may be shown in one view. */
  readonly variants: number;
  /** Of each honest validator. */
  readonly restarts: number;
  /** Honest validators that lose log and guard, once each, at most this many. */
  readonly losses: number;
  /**
   * `liars`: in every view somebody proposes whatever he likes to whomever he likes, also where an honest validator
   * leads. `rotation`: view v is led by validator v mod n, and an honest leader makes one block and votes for it first;
   * the liars then stand at these places.
   */
  readonly leaders: "liars" | { readonly liarsAt: readonly number[] };
  /** A liar has signed every vote there is (`everything`), or exactly the votes that completed a certificate, so that
   * it can be told what convicts it (`on-demand`). */
  readonly lies: "everything" | "on-demand";
  readonly without: ReadonlySet<ModelRule>;
  /** Look at one of all states that differ only in the names of validators and blocks. */
  readonly symmetry: boolean;
  /** With symmetry, and as long as no rule is left out: and one of all that differ only in who said what in views that
   * are over for him. */
  readonly settling: boolean;
}

export const defaultModelOptions: ModelOptions = {
  validators: 4,
  liars: 1,
  views: 2,
  variants: 2,
  restarts: 0,
  losses: 0,
  leaders: "liars",
  lies: "everything",
  without: new Set(),
  symmetry: true,
  settling: false,
};
