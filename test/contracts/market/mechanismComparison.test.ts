// Every award rule against its independent definition on random instances, and against the six conditions of ERC-8469,
// which need no definition. `ALLOT_TEST_SEED` replays a run, `ALLOT_TEST_RUNS` makes it longer.
import { expect } from "chai";
import { toBeHex } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";
import { deployRules } from "../fixture.ts";
import { awardBatch, type Instance } from "./awardBatch.ts";
import { type Award, awardBy, type Bid, type Rule } from "./awardRules.ts";

const connection = await network.create();
const rules = await deployRules(connection);
const RULES: readonly Rule[] = ["FirstPrice", "Vickrey", "UniformPrice", "PostedPrice"];
const SEED = Number(process.env.ALLOT_TEST_SEED ?? Date.now() % 2 ** 31);
/** Instances per rule; one in a hundred is of 256 bids. */
const RUNS = Number(process.env.ALLOT_TEST_RUNS ?? 10_000);
const FULL = 256;

const bidder = (index: number): string => toBeHex(index + 1, 20);

/** Bids of few distinct amounts around the reserve, so that ties, bids at it and bids above it are frequent; or of any
 * amount at all. Units are mostly fewer than bids, sometimes more. */
function instances(rule: Rule): fc.Arbitrary<Instance> {
  const near = fc.bigInt({ min: 1n, max: 12n });
  const stored = fc.bigInt({ min: 1n, max: 2n ** 96n - 1n });
  const any = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
  const few = (amounts: fc.Arbitrary<bigint>, reserves: fc.Arbitrary<bigint>) =>
    fc.tuple(fc.array(amounts, { maxLength: 12 }), reserves);
  const full = fc.tuple(
    fc.array(fc.bigInt({ min: 1n, max: 300n }), { minLength: FULL, maxLength: FULL }),
    fc.bigInt({ min: 1n, max: 320n }),
  );
  const sized = fc.oneof(
    { weight: 60, arbitrary: few(near, near) },
    { weight: 20, arbitrary: few(fc.constantFrom(5n, 6n), fc.constantFrom(4n, 5n, 6n)) },
    { weight: 10, arbitrary: few(stored, fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })) },
    { weight: 9, arbitrary: few(any, fc.bigInt({ min: 1n, max: 2n ** 246n - 1n })) },
    { weight: 1, arbitrary: full },
  );
  return fc.tuple(sized, fc.nat(), fc.nat({ max: 9 })).map(([[amounts, reserve], pick, more]) => ({
    bids: amounts.map((amount, index): Bid => ({ bidder: bidder(index), amount })),
    reserve,
    units: rule === "Vickrey" ? 1 : more === 0 ? amounts.length + 1 + (pick % 3) : 1 + (pick % (amounts.length + 1)),
  }));
}

/** An instance as a failure shows it. */
const shown = ({ bids, reserve, units }: Instance): string =>
  `bids ${bids.map(({ amount }) => amount).join(" ")}, reserve ${reserve}, units ${units}`;

const amountOf = ({ bids }: Instance, { winner }: Award): bigint =>
  bids.find((bid) => bid.bidder === winner)?.amount ?? -1n;

/** Deep equality, at a hundredth of what an assertion costs. */
const same = (a: readonly Award[], b: readonly Award[]): boolean =>
  a.length === b.length && a.every(({ winner, price }, i) => winner === b[i]?.winner && price === b[i]?.price);

/** What of ERC-8469's conditions 2 to 4 and 6 an award breaks, if anything. */
function broken(rule: Rule, instance: Instance, awards: readonly Award[]): string | undefined {
  const { bids, reserve, units } = instance;
  const winners = new Set(awards.map(({ winner }) => winner));
  if (winners.size !== awards.length) return "a winner twice";
  if (awards.length > units) return "more awards than units";
  for (const award of awards) {
    if (amountOf(instance, award) < 0n) return "a winner that did not bid";
    if (amountOf(instance, award) > reserve) return "a bid above the reserve won";
    if (award.price > reserve) return "a price above the reserve";
    if (award.price < amountOf(instance, award)) return "a price below what the winner asked";
  }
  const last = new Map<bigint, boolean>();
  for (const { bidder: who, amount } of bids) {
    const won = winners.has(who);
    if (won && last.get(amount) === false) return `an earlier bid of ${amount} lost a tie`;
    last.set(amount, won);
  }
  const eligible = bids.filter(({ amount }) => amount <= reserve);
  if (awards.length !== Math.min(units, eligible.length)) return "units left over, or bids";
  if (rule === "PostedPrice") return undefined;
  const dearest = awards.reduce(
    (most, award) => (amountOf(instance, award) > most ? amountOf(instance, award) : most),
    0n,
  );
  const beaten = eligible.some(({ bidder: who, amount }) => !winners.has(who) && amount < dearest);
  return beaten ? "a lower bid lost" : undefined;
}

describe(`award rules on ${RUNS} random instances each (seed ${SEED})`, function () {
  this.timeout(600_000);
  for (const rule of RULES) {
    const drawn = fc.sample(instances(rule), { seed: SEED, numRuns: RUNS });

    it(`${rule} is its definition, and meets ERC-8469's conditions`, async () => {
      const awards = await awardBatch(rules, rule, drawn);
      for (const [index, instance] of drawn.entries()) {
        const expected = awardBy(rule, instance.bids, instance.reserve, instance.units);
        const awarded = awards[index] as Award[];
        if (!same(awarded, expected)) expect(awarded, shown(instance)).to.deep.equal(expected);
        expect(broken(rule, instance, awarded), shown(instance)).to.equal(undefined);
      }
      if (RUNS >= 10_000) expect(drawn.some(({ bids }) => bids.length === FULL)).to.equal(true);
    });

    it(`${rule} keeps every winner that lowers its bid`, async () => {
      const quarter = drawn.slice(0, RUNS / 4);
      const before = await awardBatch(rules, rule, quarter);
      const cuts = fc.sample(fc.tuple(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })), {
        seed: SEED,
        numRuns: quarter.length,
      });
      const lowered = quarter.flatMap((instance, index) => {
        const awards = before[index] as Award[];
        const [pick, cut] = cuts[index] as [number, bigint];
        const award = awards[pick % Math.max(awards.length, 1)];
        if (award === undefined || amountOf(instance, award) < 2n) return [];
        const amount = 1n + (cut % (amountOf(instance, award) - 1n));
        const bids = instance.bids.map((bid) => (bid.bidder === award.winner ? { ...bid, amount } : bid));
        return [{ winner: award.winner, instance: { ...instance, bids } }];
      });
      expect(lowered.length).to.be.greaterThan(quarter.length / 4);
      const after = await awardBatch(
        rules,
        rule,
        lowered.map(({ instance }) => instance),
      );
      for (const [index, { winner, instance }] of lowered.entries()) {
        const names = (after[index] as Award[]).map((award) => award.winner);
        expect(names, `${winner} in ${shown(instance)}`).to.include(winner);
      }
    });
  }
});
