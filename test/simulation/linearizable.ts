// Is what clients saw of an object what one after the other could have seen, each operation taking effect at one moment
// between its call and its answer? The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993), with
// Lowe's memory of what has been tried ("Testing for Linearizability", 2017).

/** What an object does when nobody else uses it. */
export interface SequentialObject<State, Call> {
  readonly initial: State;
  /** Pure. States and answers are text or numbers: they are compared by ===. */
  apply(state: State, call: Call): { readonly state: State; readonly answer: string };
}

export interface Operation<Call> {
  readonly call: Call;
  /** Undefined when the client never heard: it may have taken effect at any time after its call, or never. */
  readonly answer: string | undefined;
  readonly calledAtMs: number;
  /** Infinity for the same. */
  readonly answeredAtMs: number;
}

/** Where the search stands: what has been taken before, and who can be next. */
interface Step<State> {
  readonly state: State;
  /** Everything before this index has been taken. */
  readonly start: number;
  readonly candidates: readonly number[];
  /** Of the candidates, how many have been tried. */
  tried: number;
}

/** An order in which the operations could have taken effect one after the other; undefined when there is none. */
export function linearization<State, Call>(
  object: SequentialObject<State, Call>,
  operations: readonly Operation<Call>[],
): readonly Operation<Call>[] | undefined {
  const ordered = operations.toSorted((a, b) => a.calledAtMs - b.calledAtMs);
  const isTaken = ordered.map(() => false);
  const known = new Set<string>();
  let waiting = ordered.filter(({ answer }) => answer !== undefined).length;

  /** Undefined when the search has been here before, in vain. */
  const stepAt = (state: State, from: number): Step<State> | undefined => {
    let start = from;
    while (isTaken[start]) start++;
    const candidates: number[] = [];
    let [earliestAnswerMs, taken] = [Number.POSITIVE_INFINITY, ""];
    // Whoever called after an answer that has not taken effect yet comes after it.
    for (let i = start; i < ordered.length; i++) {
      const { calledAtMs, answeredAtMs } = ordered[i] as Operation<Call>;
      if (calledAtMs > earliestAnswerMs) break;
      taken += isTaken[i] ? "1" : "0";
      if (isTaken[i]) continue;
      candidates.push(i);
      earliestAnswerMs = Math.min(earliestAnswerMs, answeredAtMs);
    }
    const key = `${start} ${taken} ${String(state)}`;
    if (known.has(key)) return undefined;
    known.add(key);
    return { state, start, candidates, tried: 0 };
  };

  const order: number[] = [];
  const steps: Step<State>[] = [stepAt(object.initial, 0) as Step<State>];
  const take = (at: number, isTakenNow: boolean): void => {
    isTaken[at] = isTakenNow;
    if (isTakenNow) order.push(at);
    else order.pop();
    if (ordered[at]?.answer !== undefined) waiting += isTakenNow ? -1 : 1;
  };
  while (waiting > 0) {
    const step = steps.at(-1) as Step<State>;
    const at = step.candidates[step.tried++];
    if (at === undefined) {
      steps.pop();
      const last = order.at(-1);
      if (last === undefined) return undefined;
      take(last, false);
      continue;
    }
    const { call, answer } = ordered[at] as Operation<Call>;
    const next = object.apply(step.state, call);
    if (answer !== undefined && answer !== next.answer) continue;
    take(at, true);
    const deeper = stepAt(next.state, step.start);
    if (deeper === undefined) take(at, false);
    else steps.push(deeper);
  }
  return order.map((at) => ordered[at] as Operation<Call>);
}
