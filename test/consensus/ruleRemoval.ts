export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface RuleRemoval {
  /** The rule in a sentence. */
  readonly rule: string;
  /** True when the protocol loses safety or liveness without it; otherwise it costs speed, memory or clarity. */
  readonly vital: boolean;
  readonly edits: readonly Edit[];
  /** Part of the test's full title. */
  readonly test: string;
}

/** In a file of the core. */
export const edit = (file: string, find: string, replace = ""): Edit => ({
  file: `node/consensus/${file}.ts`,
  find,
  replace,
});
