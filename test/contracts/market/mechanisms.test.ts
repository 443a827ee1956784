import { expect } from "chai";
import { id, toBeHex } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";
import { deployRules } from "../fixture.ts";
import { type Award, awardBy, type Bid, type Rule } from "./awardRules.ts";

const connection = await network.create();
const { contracts } = await deployRules(connection);
const RULES: readonly Rule[] = ["FirstPrice", "Vickrey", "UniformPrice", "PostedPrice"];
const IDS: Readonly<Record<Rule, string>> = {
  FirstPrice: "award.first-price",
  Vickrey: "award.vickrey",
  UniformPrice: "award.uniform-price",
  PostedPrice: "award.posted-price",
};
const SEED = Number(process.env.ALLOT_TEST_SEED ?? Date.now() % 2 ** 31);
const RUNS = 150;

const bidder = (index: number): string => toBeHex(index + 1, 20);

async function award(rule: Rule, bids: readonly Bid[], reserve: bigint, units: number | bigint): Promise<Award[]> {
  const result = await contracts[rule].award([...bids], reserve, units);
  return result.map(({ winner, price }) => ({ winner: winner.toLowerCase(), price }));
}

// Few distinct amounts around the reserve, so that ties and bids above it are frequent.
const amounts = fc.array(fc.bigInt({ min: 1n, max: 12n }), { maxLength: 9 });
const reserves = fc.bigInt({ min: 1n, max: 12n });
const unitCounts = fc.integer({ min: 1, max: 10 });

function bidsOf(list: readonly bigint[]): Bid[] {
  return list.map((amount, index) => ({ bidder: bidder(index), amount }));
}

describe(`award rules (seed ${SEED})`, () => {
  for (const rule of RULES) {
    const units = rule === "Vickrey" ? fc.constant(1) : unitCounts;

    it(`${rule} awards what its definition says`, async () => {
      const property = fc.asyncProperty(amounts, reserves, units, async (list, reserve, count) => {
        const bids = bidsOf(list);
        expect(await award(rule, bids, reserve, count)).to.deep.equal(awardBy(rule, bids, reserve, count));
      });
      await fc.assert(property, { seed: SEED, numRuns: RUNS });
    });

    it(`${rule} never takes the award from a bidder who lowers its bid`, async () => {
      const property = fc.asyncProperty(
        amounts,
        reserves,
        units,
        fc.nat(),
        fc.nat(),
        async (list, reserve, count, pick, cut) => {
          const before = await award(rule, bidsOf(list), reserve, count);
          const winner = before[pick % Math.max(before.length, 1)]?.winner;
          if (winner === undefined) return;
          const lowered = bidsOf(list).map((bid) =>
            bid.bidder === winner ? { ...bid, amount: bid.amount - (BigInt(cut) % bid.amount) } : bid,
          );
          const after = await award(rule, lowered, reserve, count);
          expect(after.map((entry) => entry.winner)).to.include(winner);
        },
      );
      await fc.assert(property, { seed: SEED, numRuns: RUNS });
    });

    it(`${rule} names itself and its interface`, async () => {
      expect(await contracts[rule].mechanismId()).to.equal(id(IDS[rule]).slice(0, 10));
      const selectors = ["mechanismId", "award"].map((name) => contracts[rule].getFunction(name as "award").fragment);
      const interfaceId = selectors.reduce((mix, { selector }) => mix ^ BigInt(selector), 0n);
      expect(await contracts[rule].supportsInterface(toBeHex(interfaceId, 4))).to.equal(true);
      expect(await contracts[rule].supportsInterface("0x01ffc9a7")).to.equal(true);
      expect(await contracts[rule].supportsInterface("0xffffffff")).to.equal(false);
    });

    it(`${rule} refuses a reserve that is 0 or cannot be ranked, and no units`, async () => {
      const mechanism = contracts[rule];
      for (const reserve of [0n, 2n ** 246n]) {
        await expect(mechanism.award([], reserve, 1))
          .to.be.revertedWithCustomError(mechanism, "MechanismReserveInvalid")
          .withArgs(reserve);
      }
      await expect(mechanism.award([], 1n, 0))
        .to.be.revertedWithCustomError(mechanism, "MechanismUnitsInvalid")
        .withArgs(0n);
      expect(await award(rule, [], 2n ** 246n - 1n, 1)).to.deep.equal([]);
    });
  }

  it("more bids than can be ranked are refused", async () => {
    const bids = bidsOf(Array.from({ length: 1_025 }, () => 1n));
    await expect(contracts.FirstPrice.award(bids, 5n, 1))
      .to.be.revertedWithCustomError(contracts.FirstPrice, "MechanismTooManyBids")
      .withArgs(1_025n);
    expect(await award("FirstPrice", bids.slice(1), 5n, 1)).to.deep.equal([{ winner: bidder(1), price: 1n }]);
  });

  it("Vickrey awards one unit only", async () => {
    await expect(contracts.Vickrey.award([], 5n, 2))
      .to.be.revertedWithCustomError(contracts.Vickrey, "MechanismUnitsInvalid")
      .withArgs(2n);
  });

  it("the largest number of units overflows nothing", async () => {
    const bids = bidsOf([3n, 1n]);
    const most = 2n ** 256n - 1n;
    expect(await award("UniformPrice", bids, 5n, most)).to.deep.equal(awardBy("UniformPrice", bids, 5n, 1_000));
    expect(await award("FirstPrice", bids, 5n, most)).to.deep.equal(awardBy("FirstPrice", bids, 5n, 1_000));
    expect(await award("PostedPrice", bids, 5n, most)).to.deep.equal(awardBy("PostedPrice", bids, 5n, 1_000));
  });

  it("amounts of any size are compared, not truncated", async () => {
    const bids = bidsOf([2n ** 256n - 1n, 2n ** 250n + 1n, 7n]);
    const reserve = 2n ** 200n;
    expect(await award("FirstPrice", bids, reserve, 3)).to.deep.equal([{ winner: bidder(2), price: 7n }]);
    expect(await award("Vickrey", bids, reserve, 1)).to.deep.equal([{ winner: bidder(2), price: reserve }]);
  });

  it("256 bids are ranked as any others", async () => {
    const list = Array.from({ length: 256 }, (_, index) => BigInt(((index * 7919) % 97) + 1));
    for (const rule of RULES) {
      const units = rule === "Vickrey" ? 1 : 200;
      expect(await award(rule, bidsOf(list), 60n, units)).to.deep.equal(awardBy(rule, bidsOf(list), 60n, units));
    }
  });

  it("under Vickrey, bidding its cost is never worse for a bidder than any other bid", async () => {
    const property = fc.asyncProperty(
      fc.array(fc.bigInt({ min: 1n, max: 12n }), { minLength: 1, maxLength: 6 }),
      reserves,
      fc.nat(),
      fc.bigInt({ min: 1n, max: 14n }),
      async (list, reserve, pick, other) => {
        const index = pick % list.length;
        const cost = list[index] ?? 1n;
        const gain = async (amount: bigint): Promise<bigint> => {
          const bids = bidsOf(list.map((asked, place) => (place === index ? amount : asked)));
          const [won] = await award("Vickrey", bids, reserve, 1);
          return won?.winner === bidder(index) ? won.price - cost : 0n;
        };
        expect((await gain(cost)) >= (await gain(other))).to.equal(true);
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});
