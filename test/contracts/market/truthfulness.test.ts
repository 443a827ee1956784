// Search for profitable lies: bidders with costs, each tried with every bid that could matter while the others bid theirs.
// What a bid does depends only on how it compares with the reserve and the other bids, so that trying each of these and
// its neighbours tries everything. Under first price the search must find what it looks for.
import { expect } from "chai";
import { toBeHex } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";
import { deployRules } from "../fixture.ts";
import { awardBatch, type Instance } from "./awardBatch.ts";
import type { Award, Bid, Rule } from "./awardRules.ts";

const connection = await network.create();
const rules = await deployRules(connection);
const SEED = Number(process.env.ALLOT_TEST_SEED ?? Date.now() % 2 ** 31);
/** Markets searched per rule: each has up to 7 bidders and some 20 lies for one of them. */
const MARKETS = Number(process.env.ALLOT_TEST_RUNS ?? 400);

interface Market {
  /** What everybody bids; the liar's own is its cost. Whether the others' are theirs makes no difference. */
  readonly bids: readonly bigint[];
  readonly reserve: bigint;
  readonly units: number;
  readonly liar: number;
}

interface Lie {
  readonly market: Market;
  readonly bid: bigint;
  readonly gain: bigint;
}

const bidder = (index: number): string => toBeHex(index + 1, 20);

function markets(rule: Rule): fc.Arbitrary<Market> {
  const amount = fc.bigInt({ min: 1n, max: 40n });
  return fc
    .tuple(fc.array(amount, { minLength: 1, maxLength: 7 }), amount, fc.nat(), fc.integer({ min: 1, max: 4 }))
    .map(([bids, reserve, pick, units]) => ({
      bids,
      reserve,
      units: rule === "Vickrey" ? 1 : units,
      liar: pick % bids.length,
    }));
}

/** Every bid that can do something else than another one, for the market's liar. */
function lies({ bids, reserve, liar }: Market): bigint[] {
  const marks = [reserve, ...bids.filter((_, index) => index !== liar)];
  const around = marks.flatMap((mark) => [mark - 1n, mark, mark + 1n]);
  return [...new Set([1n, ...around])].filter((bid) => bid >= 1n);
}

function instanceOf({ bids, reserve, units, liar }: Market, bid: bigint): Instance {
  const amounts = bids.map((amount, index) => (index === liar ? bid : amount));
  return { bids: amounts.map((amount, index): Bid => ({ bidder: bidder(index), amount })), reserve, units };
}

/** What a bidder earns: the price less its cost if it wins, nothing otherwise. */
function earned({ bids, liar }: Market, awards: readonly Award[]): bigint {
  const won = awards.find(({ winner }) => winner === bidder(liar));
  return won === undefined ? 0n : won.price - (bids[liar] ?? 0n);
}

/** Lies that earn more than the truth, of all lies in the markets drawn for a rule. */
async function profitableLies(rule: Rule): Promise<{ tried: number; found: Lie[] }> {
  const tries = fc
    .sample(markets(rule), { seed: SEED, numRuns: MARKETS })
    .flatMap((market) => [market.bids[market.liar] ?? 1n, ...lies(market)].map((bid) => ({ market, bid })));
  const awards = await awardBatch(
    rules,
    rule,
    tries.map(({ market, bid }) => instanceOf(market, bid)),
  );
  const found: Lie[] = [];
  let honest = 0n;
  for (const [index, { market, bid }] of tries.entries()) {
    const earns = earned(market, awards[index] as Award[]);
    // The truth comes first of each market's tries.
    if (tries[index - 1]?.market !== market) honest = earns;
    else if (earns > honest) found.push({ market, bid, gain: earns - honest });
  }
  return { tried: tries.length, found };
}

const shown = ({ market, bid, gain }: Lie): string =>
  `bidder ${market.liar} of those that bid ${market.bids.join(" ")} gains ${gain} by bidding ${bid} ` +
  `(reserve ${market.reserve}, ${market.units} units)`;

describe(`truthfulness in ${MARKETS} markets per rule (seed ${SEED})`, function () {
  this.timeout(600_000);
  for (const rule of ["Vickrey", "UniformPrice", "PostedPrice"] as const) {
    it(`nobody gains by bidding other than its cost under ${rule}`, async () => {
      const { tried, found } = await profitableLies(rule);
      console.log(`        ${tried} bids tried`);
      expect(found.map(shown)).to.deep.equal([]);
    });
  }

  it("the search finds bidders that gain by asking more than their cost under FirstPrice", async () => {
    const { tried, found } = await profitableLies("FirstPrice");
    console.log(`        ${found.length} of ${tried} bids pay, for example: ${shown(found[0] as Lie)}`);
    expect(found.length).to.be.greaterThan(MARKETS / 4);
    expect(found.every(({ market, bid }) => bid > (market.bids[market.liar] ?? 0n))).to.equal(true);
  });
});
