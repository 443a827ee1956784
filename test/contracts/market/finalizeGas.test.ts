import { expect } from "chai";
import { network } from "hardhat";
import { openTender, toFinalize } from "../actors.ts";
import { CREDIT, deployRules } from "../fixture.ts";
import { BIDDERS_MAX, fillTender } from "../fullTender.ts";
import { type Award, awardBy, type Rule } from "./awardRules.ts";

/** Most gas of finalizing a tender with as many bids as one can take, all revealed, under any rule, for any number of
 * awards and any order of amounts. */
const FINALIZE_GAS_MAX = 3_000_000n;
/** A bidder that did not reveal costs two events more. */
const SILENT_GAS_MAX = 3_700_000n;

const connection = await network.create();

/** Amounts in the orders that sorting may find hardest. */
const ORDERS: Readonly<Record<string, (index: number) => bigint>> = {
  mixed: (index) => BigInt(((index * 7_919) % 90) + 1) * CREDIT,
  rising: (index) => BigInt(index + 1),
  falling: (index) => BigInt(BIDDERS_MAX - index),
  equal: () => 7n,
  // Each half rises; the halves interleave.
  interleaved: (index) => BigInt(index < 128 ? 2 * index + 1 : 2 * (index - 128) + 2),
};

async function finalized(rule: Rule, units: bigint, amountOf: (index: number) => bigint) {
  const rules = await deployRules(connection);
  const full = { mechanism: rules.at[rule], units, maxBidders: BigInt(BIDDERS_MAX), lock: 10n * CREDIT };
  const tenderId = await openTender(rules, full);
  await fillTender(rules, tenderId, amountOf);
  await toFinalize(rules, tenderId);
  const tender = rules.contracts.SealedBidTender;
  const receipt = await (await tender.finalize(tenderId, { gasLimit: 16_000_000n })).wait();
  const count = Number(await tender.bidCount(tenderId));
  const bids = await Promise.all(Array.from({ length: count }, async (_, i) => await tender.bidAt(tenderId, i)));
  const revealed = bids.filter(({ amount }) => amount > 0n).map(({ bidder, amount }) => ({ bidder, amount }));
  const awards: Award[] = (await tender.awardOf(tenderId)).map(({ winner, price }) => ({ winner, price }));
  return { gas: receipt?.gasUsed ?? 0n, awards, expected: awardBy(rule, revealed, 100n * CREDIT, Number(units)) };
}

describe("gas of finalizing", () => {
  const cases: readonly [Rule, readonly bigint[], readonly string[]][] = [
    ["FirstPrice", [1n, 17n, 18n, 128n, 255n], ["mixed"]],
    ["FirstPrice", [256n], Object.keys(ORDERS)],
    ["Vickrey", [1n], Object.keys(ORDERS)],
    ["UniformPrice", [1n, 255n], Object.keys(ORDERS)],
    ["UniformPrice", [128n, 256n], ["mixed"]],
    ["PostedPrice", [1n, 255n, 256n], ["mixed"]],
  ];
  for (const [rule, unitCounts, orders] of cases) {
    for (const units of unitCounts) {
      it(`256 revealed bids under ${rule} with ${units} units stays within ${FINALIZE_GAS_MAX}`, async () => {
        for (const order of orders) {
          const { gas, awards, expected } = await finalized(rule, units, ORDERS[order] as (index: number) => bigint);
          console.log(`        ${rule}, ${units} units, ${order}: ${gas} gas`);
          expect(awards).to.deep.equal(expected).and.to.have.length(Number(units));
          expect(gas).to.be.at.most(FINALIZE_GAS_MAX);
        }
      });
    }
  }

  it(`256 bids of which none was revealed stay within ${SILENT_GAS_MAX}`, async () => {
    const { gas, awards } = await finalized("FirstPrice", 256n, () => 0n);
    console.log(`        nobody revealed: ${gas} gas`);
    expect(awards).to.deep.equal([]);
    expect(gas).to.be.at.most(SILENT_GAS_MAX);
  });
});
