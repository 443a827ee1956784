import { expect } from "chai";
import { AbiCoder, id, ZeroAddress } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";
import {
  type Agent,
  commitBid,
  finalize,
  makeAgents,
  openTender,
  revealBid,
  type TenderOptions,
  toFinalize,
  toReveal,
} from "../actors.ts";
import { identified, returning } from "../bytecode.ts";
import { CREDIT, deployRules, type Rules } from "../fixture.ts";
import { type Award, awardBy, type Rule } from "./awardRules.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const LOCK = 10n * CREDIT;
const Phase = { awarded: 3n, void: 4n } as const;
const SEED = Number(process.env.ALLOT_TEST_SEED ?? Date.now() % 2 ** 31);
const RUNS = 12;

async function deploy() {
  const rules = await deployRules(connection);
  const agents = await makeAgents(rules, 5);
  return { rules, agents, tender: rules.contracts.SealedBidTender, ledger: rules.contracts.AgentLedger };
}

/** A tender in which agent i commits to `amounts[i]`; those at `silent` never reveal. Ends after the reveal window. */
async function runTender(
  rules: Rules,
  agents: readonly Agent[],
  amounts: readonly bigint[],
  options: Partial<TenderOptions> = {},
  silent: readonly number[] = [],
): Promise<string> {
  const tenderId = await openTender(rules, { lock: LOCK, ...options });
  const bids = amounts.map((amount, index) => ({ amount, agent: agents[index] as Agent, index }));
  for (const { agent, amount } of bids) await commitBid(rules, tenderId, agent, amount);
  await toReveal(rules, tenderId);
  // Revealed last to first: the order of reveals must not matter.
  for (const { agent, amount, index } of bids.reverse()) {
    if (!silent.includes(index)) await revealBid(rules, tenderId, agent, amount);
  }
  await toFinalize(rules, tenderId);
  return tenderId;
}

function plain(awards: readonly { winner: string; price: bigint }[]): Award[] {
  return awards.map(({ winner, price }) => ({ winner, price }));
}

describe(`finalizing a tender (seed ${SEED})`, () => {
  it("stores the mechanism's award, and frees the losers", async () => {
    const { rules, agents, tender, ledger } = await networkHelpers.loadFixture(deploy);
    const tenderId = await runTender(rules, agents, [30n, 20n, 40n]);
    const winner = agents[1]?.key.address as string;
    const mechanismId = await rules.contracts.Vickrey.mechanismId();
    expect(plain(await tender.finalize.staticCall(tenderId))).to.deep.equal([{ winner, price: 30n }]);
    await expect(tender.connect(rules.stranger).finalize(tenderId))
      .to.emit(tender, "TenderAwarded")
      .withArgs(tenderId, winner, 30n, mechanismId);
    expect(await tender.phaseOf(tenderId)).to.equal(Phase.awarded);
    expect(plain(await tender.awardOf(tenderId))).to.deep.equal([{ winner, price: 30n }]);
    for (const [index, committed] of [0n, 1n, 0n].entries()) {
      const record = await ledger.agentOf(agents[index]?.agentId as bigint);
      expect([record.committed, record.locked], `agent ${index}`).to.deep.equal([committed, 0n]);
    }
  });

  it("equals the pure rule on the revealed bids, whatever they are", async () => {
    const { rules, agents, tender } = await networkHelpers.loadFixture(deploy);
    const names: readonly Rule[] = ["FirstPrice", "Vickrey", "UniformPrice", "PostedPrice"];
    const property = fc.asyncProperty(
      fc.constantFrom(...names),
      fc.array(fc.bigInt({ min: 1n, max: 9n }), { minLength: 1, maxLength: 5 }),
      fc.bigInt({ min: 1n, max: 9n }),
      fc.integer({ min: 1, max: 5 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
      async (rule, amounts, reserve, count, silent) => {
        const clean = await networkHelpers.takeSnapshot();
        const units = rule === "Vickrey" ? 1 : count;
        const options = { mechanism: rules.at[rule], reserve, units: BigInt(units) };
        const tenderId = await runTender(rules, agents, amounts, options, silent);
        await finalize(rules, tenderId);
        const bids = amounts
          .map((amount, index) => ({ bidder: agents[index]?.key.address as string, amount, index }))
          .filter(({ index }) => !silent.includes(index));
        expect(plain(await tender.awardOf(tenderId))).to.deep.equal(awardBy(rule, bids, reserve, units));
        await clean.restore();
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  it("gives a tie to the earlier commitment, not to the earlier reveal", async () => {
    const { rules, agents, tender } = await networkHelpers.loadFixture(deploy);
    const tenderId = await runTender(rules, agents, [9n, 7n, 7n]);
    await finalize(rules, tenderId);
    expect((await tender.awardOf(tenderId))[0]?.winner).to.equal(agents[1]?.key.address);
  });

  it("burns the lock of whoever did not reveal, and counts the bid for nothing", async () => {
    const { rules, agents, tender, ledger } = await networkHelpers.loadFixture(deploy);
    const tenderId = await runTender(rules, agents, [5n, 20n, 30n], {}, [0]);
    const silent = agents[0] as Agent;
    const before = await ledger.agentOf(silent.agentId);
    const supply = await rules.contracts.Credits.totalSupply();
    await expect(tender.finalize(tenderId))
      .to.emit(tender, "BidSlashed")
      .withArgs(tenderId, silent.key.address, LOCK)
      .and.to.emit(ledger, "LockBurned")
      .withArgs(silent.agentId, LOCK);
    const after = await ledger.agentOf(silent.agentId);
    expect(after.bonded).to.equal(before.bonded - LOCK);
    expect([after.locked, after.committed]).to.deep.equal([0n, 0n]);
    expect(await rules.contracts.Credits.totalSupply()).to.equal(supply - LOCK);
    expect(plain(await tender.awardOf(tenderId))).to.deep.equal([{ winner: agents[1]?.key.address, price: 30n }]);
    expect(await tender.slashedOf(tenderId)).to.equal(0n);
  });

  it("is void without a bid at or below the reserve", async () => {
    const { rules, agents, tender, ledger } = await networkHelpers.loadFixture(deploy);
    const tenderId = await runTender(rules, agents, [20n, 30n], { reserve: 10n });
    await expect(tender.finalize(tenderId)).to.emit(tender, "TenderVoid").withArgs(tenderId);
    expect(await tender.phaseOf(tenderId)).to.equal(Phase.void);
    expect(await tender.awardOf(tenderId)).to.deep.equal([]);
    expect((await ledger.agentOf(agents[0]?.agentId as bigint)).committed).to.equal(0n);
    await expect(tender.awardWithout(tenderId, []))
      .to.be.revertedWithCustomError(tender, "TenderNotAwarded")
      .withArgs(tenderId);
  });

  it("is void without a commitment, and without a reveal", async () => {
    const { rules, agents, tender } = await networkHelpers.loadFixture(deploy);
    const empty = await runTender(rules, agents, []);
    await expect(tender.finalize(empty)).to.emit(tender, "TenderVoid").withArgs(empty);
    const silent = await runTender(rules, agents, [5n], { lock: 0n }, [0]);
    await expect(tender.finalize(silent))
      .to.emit(tender, "TenderVoid")
      .withArgs(silent)
      .and.to.emit(tender, "BidSlashed")
      .withArgs(silent, agents[0]?.key.address, 0n);
  });

  it("waits for the last second of the reveal window, and happens once", async () => {
    const { rules, agents, tender } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules);
    await commitBid(rules, tenderId, agents[0] as Agent, 5n);
    const refused = async () =>
      await expect(tender.finalize(tenderId))
        .to.be.revertedWithCustomError(tender, "TenderNotFinalizable")
        .withArgs(tenderId);
    await refused();
    const { revealDeadline } = await tender.termsOf(tenderId);
    await networkHelpers.time.setNextBlockTimestamp(revealDeadline);
    await refused();
    await networkHelpers.time.setNextBlockTimestamp(revealDeadline + 1n);
    await finalize(rules, tenderId);
    await refused();
    const awarded = await runTender(rules, agents.slice(1), [5n]);
    await finalize(rules, awarded);
    await expect(tender.finalize(awarded)).to.be.revertedWithCustomError(tender, "TenderNotFinalizable");
  });

  it("keeps any award that the mechanism may make, whatever its prices and order", async () => {
    const { rules, agents, tender } = await networkHelpers.loadFixture(deploy);
    const options = { mechanism: rules.at.FirstPrice, units: 5n, reserve: 100n };
    const tenderId = await runTender(rules, agents, [5n, 7n, 6n, 9n, 8n], options);
    const keys = agents.map(({ key }) => key.address) as [string, string, string, string, string];
    const forms: Record<string, [string, bigint][]> = {
      "one price": [...keys].reverse().map((key) => [key, 100n]),
      "their own bids": [
        [keys[1], 7n],
        [keys[0], 5n],
        [keys[4], 8n],
      ],
      "prices of their own": [
        [keys[3], 11n],
        [keys[0], 5n],
        [keys[1], 0n],
        [keys[2], 99n],
        [keys[4], 12n],
      ],
      "one award": [[keys[2], 77n]],
    };
    for (const [what, awards] of Object.entries(forms)) {
      const clean = await networkHelpers.takeSnapshot();
      const data = AbiCoder.defaultAbiCoder().encode(["tuple(address,uint256)[]"], [awards]);
      const { selector } = rules.contracts.FirstPrice.interface.getFunction("award");
      await networkHelpers.setCode(rules.at.FirstPrice, identified(selector, data, "0x12345678"));
      const expected = awards.map(([winner, price]) => ({ winner, price }));
      expect(plain(await tender.finalize.staticCall(tenderId)), what).to.deep.equal(expected);
      await finalize(rules, tenderId);
      expect(plain(await tender.awardOf(tenderId)), what).to.deep.equal(expected);
      await clean.restore();
    }
  });

  it("refuses an award that the mechanism must not make", async () => {
    const { rules, agents, tender } = await networkHelpers.loadFixture(deploy);
    const options = { mechanism: rules.at.FirstPrice, units: 2n, reserve: 100n };
    const tenderId = await runTender(rules, agents, [5n, 7n, 200n, 9n, 6n], options, [4]);
    const keys = agents.map(({ key }) => key.address);
    const [first, second, dear, third, silent] = keys as [string, string, string, string, string];
    const bad: Record<string, [string, bigint][]> = {
      "more awards than units": [
        [first, 5n],
        [second, 7n],
        [third, 9n],
      ],
      "a winner twice": [
        [first, 5n],
        [first, 5n],
      ],
      "a price above the reserve": [[first, 101n]],
      "a bid above the reserve": [[dear, 100n]],
      "a winner that did not bid": [[rules.requester.address, 5n]],
      "no winner": [[ZeroAddress, 5n]],
      "a bidder that did not reveal": [[silent, 5n]],
    };
    for (const [what, awards] of Object.entries(bad)) {
      const data = AbiCoder.defaultAbiCoder().encode(["tuple(address,uint256)[]"], [awards]);
      await networkHelpers.setCode(rules.at.FirstPrice, returning(data));
      const check = await ethers.getContractAt("SealedBidTender", rules.at.SealedBidTender);
      await expect(tender.finalize(tenderId), what).to.be.revertedWithCustomError(check, "TenderAwardInvalid");
    }
  });

  it("frees losers, burns the silent ones' locks and keeps winners bound, wherever they stand", async () => {
    const { rules, agents, ledger } = await networkHelpers.loadFixture(deploy);
    const options = { mechanism: rules.at.FirstPrice, units: 2n };
    const tenderId = await runTender(rules, agents, [5n, 9n, 4n, 6n, 3n], options, [0, 2]);
    await finalize(rules, tenderId);
    const records = await Promise.all(agents.map(async ({ agentId }) => await ledger.agentOf(agentId)));
    expect(records.map(({ committed }) => committed)).to.deep.equal([0n, 0n, 0n, 1n, 1n]);
    expect(records.map(({ locked }) => locked)).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
    const burned = records.map(({ bonded }) => 1_000n * CREDIT - bonded);
    expect(burned).to.deep.equal([LOCK, 0n, LOCK, 0n, 0n]);
  });
});

describe("the award without some of its bidders", () => {
  it("is what the mechanism returns for the other bids", async () => {
    const { rules, agents, tender } = await networkHelpers.loadFixture(deploy);
    const amounts = [30n, 20n, 40n, 25n];
    const tenderId = await runTender(rules, agents, amounts);
    await finalize(rules, tenderId);
    const keys = agents.map(({ key }) => key.address);
    const all = amounts.map((amount, index) => ({ bidder: keys[index] as string, amount }));
    for (const excluded of [[], [keys[1]], [keys[1], keys[3]], keys.slice(0, 4), [id("stranger").slice(0, 42)]]) {
      const kept = all.filter(({ bidder }) => !excluded.includes(bidder));
      const awards = await tender.awardWithout(tenderId, excluded as string[]);
      expect(plain(awards)).to.deep.equal(awardBy("Vickrey", kept, 100n * CREDIT, 1));
    }
    expect(plain(await tender.awardOf(tenderId))).to.deep.equal([{ winner: keys[1], price: 25n }]);
  });

  it("leaves out bids that were not revealed", async () => {
    const { rules, agents, tender } = await networkHelpers.loadFixture(deploy);
    const tenderId = await runTender(rules, agents, [5n, 20n, 30n], {}, [0]);
    await finalize(rules, tenderId);
    const awards = await tender.awardWithout(tenderId, [agents[1]?.key.address as string]);
    expect(plain(awards)).to.deep.equal([{ winner: agents[2]?.key.address, price: 100n * CREDIT }]);
  });

  it("is refused before the tender is awarded", async () => {
    const { rules, agents, tender } = await networkHelpers.loadFixture(deploy);
    const tenderId = await runTender(rules, agents, [5n]);
    await expect(tender.awardWithout(tenderId, []))
      .to.be.revertedWithCustomError(tender, "TenderNotAwarded")
      .withArgs(tenderId);
  });
});
