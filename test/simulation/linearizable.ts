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

/** An order in which the operations could have taken effect one after the other; undefined when there is none. */
export function linearization<State, Call>(
  object: SequentialObject<State, Call>,
  operations: readonly Operation<Call>[],
): readonly Operation<Call>[] | undefined {
  const ordered = operations.toSorted((a, b) => a.calledAtMs - b.calledAtMs);
  const answered = ordered.filter(({ answer }) => answer !== undefined).length;
  const isTaken = ordered.map(() => false);
  const order: Operation<Call>[] = [];
  const tried = new Set<string>();
  let answeredTaken = 0;

  /** Everything before the first index that has not been taken has been. */
  const search = (state: State, first: number): boolean => {
    if (answeredTaken === answered) return true;
    let start = first;
    while (isTaken[start]) start++;
    const candidates: number[] = [];
    let earliestAnswerMs = Number.POSITIVE_INFINITY;
    // Whoever called after an answer that has not taken effect yet comes after it.
    for (let i = start; i < ordered.length && (ordered[i]?.calledAtMs as number) <= earliestAnswerMs; i++) {
      if (isTaken[i]) continue;
      candidates.push(i);
      earliestAnswerMs = Math.min(earliestAnswerMs, ordered[i]?.answeredAtMs as number);
    }
    const taken = candidates.length === 0 ? "" : takenFrom(start);
    const key = `${start} ${taken} ${String(state)}`;
    if (tried.has(key)) return false;
    tried.add(key);
    for (const at of candidates) {
      const operation = ordered[at] as Operation<Call>;
      const next = object.apply(state, operation.call);
      if (operation.answer !== undefined && operation.answer !== next.answer) continue;
      isTaken[at] = true;
      order.push(operation);
      answeredTaken += operation.answer === undefined ? 0 : 1;
      if (search(next.state, start)) return true;
      isTaken[at] = false;
      order.pop();
      answeredTaken -= operation.answer === undefined ? 0 : 1;
    }
    return false;
  };

  const takenFrom = (start: number): string => {
    const last = isTaken.lastIndexOf(true);
    let text = "";
    for (let i = start; i <= last; i++) text += isTaken[i] ? "1" : "0";
    return text;
  };

  return search(object.initial, 0) ? order : undefined;
}
