// Several units whose agents failed: what each is offered at follows from who had failed by then, not from the order of calls.
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import { type Agent, makeAgents } from "../actors.ts";
import { CREDIT, deployRules } from "../fixture.ts";
import { deliver, pastDelivery, settledTask } from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;

/** Acceptance window of these tasks. */
const TURN_SECONDS = 200n;

async function world() {
  const rules = await deployRules(connection);
  const bidders = await makeAgents(rules, 7);
  return {
    rules,
    bidders,
    agents: bidders.slice(0, 4) as [Agent, Agent, Agent, Agent],
    market: rules.contracts.TaskMarket,
  };
}

describe("TaskMarket: units that failed together", () => {
  const ORDERS = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;

  /** Bids of 30 to 90 credits; the first three have a unit each, and none of them delivers in time. */
  async function failing() {
    const w = await world();
    const bids = w.bidders.map((agent, index) => [agent, BigInt(30 + 10 * index) * CREDIT] as const);
    const terms = {
      units: 3n,
      maxReassignments: 1n,
      acceptanceWindow: TURN_SECONDS,
      mechanism: w.rules.at.UniformPrice,
    };
    const { taskId } = await settledTask(w.rules, bids, terms);
    await pastDelivery(w.rules, taskId);
    return { ...w, taskId };
  }

  const offersOf = async ({ market, taskId }: Awaited<ReturnType<typeof failing>>) => {
    const offers: unknown[] = [];
    for (let unit = 0; unit < 3; unit++) offers.push([...(await market.candidateOf(taskId, unit))].slice(0, 2));
    return offers;
  };

  for (const order of ORDERS) {
    it(`are offered at one price, in whatever order they are concluded: ${order.join(", ")}`, async () => {
      const w = await networkHelpers.loadFixture(failing);
      const second = (await networkHelpers.time.latest()) + 10;
      for (const [i, unit] of order.entries()) {
        await networkHelpers.time.setNextBlockTimestamp(second);
        await w.market.connect(i === 1 ? w.rules.requester : w.rules.stranger).conclude(w.taskId, unit);
      }
      // Without all three that failed, three of the others win at the lowest losing bid: the seventh's.
      const [, , , fourth] = w.bidders as Agent[];
      expect(await offersOf(w)).to.deep.equal(Array.from({ length: 3 }, () => [fourth?.key.address, 90n * CREDIT]));
      expect((await w.market.failedOf(w.taskId)).length).to.equal(3);
    });
  }

  it("are offered at that price too when they are concluded one long after the other", async () => {
    const w = await networkHelpers.loadFixture(failing);
    for (const unit of [2, 0, 1]) {
      await w.market.conclude(w.taskId, unit);
      const [bidder, price] = await w.market.candidateOf(w.taskId, unit);
      expect([bidder, price]).to.deep.equal([w.bidders[3]?.key.address, 90n * CREDIT]);
      await networkHelpers.time.increase(50);
    }
  });

  it("leave out nobody who delivered in time or can still deliver, nor anybody twice", async () => {
    const w = await networkHelpers.loadFixture(world);
    const { rules, market } = w;
    const [first, second, third, fourth] = w.agents;
    const bids = w.agents.map((agent, index) => [agent, BigInt(30 + 10 * index) * CREDIT] as const);
    const terms = { units: 2n, maxReassignments: 2n, acceptanceWindow: 5_000n, mechanism: rules.at.UniformPrice };
    const { taskId } = await settledTask(rules, bids, terms);
    await deliver(rules, taskId, 1, second);
    await pastDelivery(rules, taskId);
    await market.conclude(taskId, 0);
    expect(await market.failedOf(taskId)).to.deep.equal([first.key.address]);
    const offer = async () => [...(await market.candidateOf(taskId, 0))].slice(0, 2);
    expect(await offer()).to.deep.equal([third.key.address, 60n * CREDIT]);
    await market.connect(third.key as never).acceptReassignment(taskId, 0);
    // The third has its whole window; when that is over, it alone is added.
    await market.connect(rules.evaluator).giveVerdict(taskId, 1, true, ZeroHash);
    await pastDelivery(rules, taskId);
    await market.conclude(taskId, 0);
    expect(await market.failedOf(taskId)).to.deep.equal([first.key.address, third.key.address]);
    expect(await offer()).to.deep.equal([fourth.key.address, 100n * CREDIT]);
  });

  it("count each as one no-show of its own agent, without reassignment too", async () => {
    const w = await networkHelpers.loadFixture(world);
    const bids = w.agents.slice(0, 2).map((agent) => [agent, 30n * CREDIT] as const);
    const { taskId } = await settledTask(w.rules, bids, { units: 2n, mechanism: w.rules.at.UniformPrice });
    await pastDelivery(w.rules, taskId);
    for (const unit of [1, 0]) {
      await w.market.conclude(taskId, unit);
      expect((await w.market.failedOf(taskId)).at(-1)).to.equal(w.agents[unit]?.key.address);
    }
    expect((await w.market.failedOf(taskId)).length).to.equal(2);
  });
});
