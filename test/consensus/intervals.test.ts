import { expect } from "chai";
import fc from "fast-check";
import { addView, coversBetween, dropThrough, highestMissing, type Intervals } from "../../node/consensus/intervals.ts";
import { View } from "../../node/types/brands.ts";

const max = 30;
const views = fc.array(fc.integer({ min: 1, max }), { maxLength: 40 });

const built = (added: readonly number[]): Intervals =>
  added.reduce<Intervals>((intervals, view) => addView(intervals, View(view)), []);
const expanded = (intervals: Intervals): number[] =>
  intervals.flatMap(([low, high]) => Array.from({ length: high - low + 1 }, (_, i) => low + i));
const ascending = (members: Iterable<number>): number[] => [...new Set(members)].sort((a, b) => a - b);

describe("consensus: intervals of views", () => {
  it("hold what was added, in as few intervals as there are runs", () => {
    fc.assert(
      fc.property(views, (added) => {
        const intervals = built(added);
        expect(expanded(intervals)).to.deep.equal(ascending(added));
        for (const [i, [low]] of intervals.slice(1).entries())
          expect(low).to.be.greaterThan((intervals[i]?.[1] as number) + 1);
      }),
      { seed: 1 },
    );
  });

  it("know which views between two others are missing", () => {
    const bound = fc.integer({ min: 0, max: max + 1 });
    fc.assert(
      fc.property(views, bound, bound, (added, from, to) => {
        const members = new Set(added);
        const between = Array.from({ length: Math.max(0, to - from - 1) }, (_, i) => from + 1 + i);
        const missing = between.filter((view) => !members.has(view)).at(-1);
        expect(coversBetween(built(added), View(from), View(to))).to.equal(missing === undefined);
        expect(highestMissing(built(added), View(from), View(to))).to.equal(missing);
      }),
      { seed: 1 },
    );
  });

  it("forget everything up to a view", () => {
    fc.assert(
      fc.property(views, fc.integer({ min: 0, max: max + 1 }), (added, view) => {
        const left = dropThrough(built(added), View(view));
        expect(expanded(left)).to.deep.equal(ascending(added.filter((member) => member > view)));
      }),
      { seed: 1 },
    );
  });
});
