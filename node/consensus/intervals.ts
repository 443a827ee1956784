// A set of views as disjoint, ascending, non-adjacent intervals: a run of nullified views, however long, takes the
// room of two numbers.
import type { View } from "../types/brands.ts";

export type Intervals = readonly (readonly [from: View, to: View])[];

export function addView(intervals: Intervals, view: View): Intervals {
  const at = intervals.findLastIndex(([from]) => from <= view);
  const before = intervals[at];
  if (before !== undefined && view <= before[1]) return intervals;
  const after = intervals[at + 1];
  const joinsBefore = before !== undefined && before[1] === view - 1;
  const joinsAfter = after !== undefined && after[0] === view + 1;
  const joined: readonly [View, View] = [joinsBefore ? before[0] : view, joinsAfter ? after[1] : view];
  return [...intervals.slice(0, joinsBefore ? at : at + 1), joined, ...intervals.slice(joinsAfter ? at + 2 : at + 1)];
}

/** Are all views strictly between `from` and `to` in the set? True when there are none. */
export function coversBetween(intervals: Intervals, from: View, to: View): boolean {
  return to - from <= 1 || intervals.some(([low, high]) => low <= from + 1 && to - 1 <= high);
}

/** The highest view strictly between `from` and `to` that is not in the set. */
export function highestMissing(intervals: Intervals, from: View, to: View): View | undefined {
  let view = to - 1;
  for (const [low, high] of intervals.toReversed()) {
    if (view > high) break;
    if (view >= low) view = low - 1;
  }
  return view > from ? (view as View) : undefined;
}

/** Without the views up to and including `view`. */
export function dropThrough(intervals: Intervals, view: View): Intervals {
  if (intervals.length === 0 || (intervals[0] as readonly [View, View])[0] > view) return intervals;
  return intervals
    .filter(([, high]) => high > view)
    .map(([low, high]) => [Math.max(low, view + 1) as View, high] as const);
}
