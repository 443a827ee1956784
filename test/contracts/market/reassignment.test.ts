import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { type Agent, cacheCapability, makeAgent, makeAgents } from "../actors.ts";
import { CREDIT, deployRules, govern, type Rules } from "../fixture.ts";
import { deliver, pastDelivery, RESERVE, settledTask, type TaskOptions } from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const UNIT = { assigned: 1n, offered: 2n, paid: 3n, refunded: 4n };
type MechanismName = "FirstPrice" | "Vickrey" | "UniformPrice";
/** Acceptance window of these tasks. */
const TURN_SECONDS = 200n;

async function world() {
  const rules = await deployRules(connection);
  const agents = (await makeAgents(rules, 4)) as [Agent, Agent, Agent, Agent];
  const {
    TaskMarket: market,
    Credits: credits,
    JobEscrow: escrow,
    AgentLedger: ledger,
    SealedBidTender: tender,
  } = rules.contracts;
  return { rules, agents, market, credits, escrow, ledger, tender };
}

/** A task with bids of 30, 40, 50 and 60 credits by agents 0 to 3, whose winner let the delivery deadline pass. */
async function failedTask(
  rules: Rules,
  agents: readonly Agent[],
  options: Partial<TaskOptions> = {},
  mechanismName: MechanismName = "FirstPrice",
) {
  const bids = agents.map((agent, index) => [agent, BigInt(30 + 10 * index) * CREDIT] as const);
  const mechanism = rules.at[mechanismName];
  const terms = { mechanism, maxReassignments: 1n, acceptanceWindow: TURN_SECONDS, ...options };
  const { taskId } = await settledTask(rules, bids, terms);
  await pastDelivery(rules, taskId);
  await rules.contracts.TaskMarket.conclude(taskId, 0);
  return taskId;
}

describe("TaskMarket: reassignment", () => {
  async function load(options: Partial<TaskOptions> = {}, mechanism?: MechanismName) {
    const w = await networkHelpers.loadFixture(world);
    const taskId = await failedTask(w.rules, w.agents, options, mechanism);
    const as = (agent: Agent) => w.market.connect(agent.key as never);
    return { ...w, taskId, as };
  }

  it("gives a failed unit to the next loser at the price without the failed agent", async () => {
    const { rules, market, ledger, escrow, agents, taskId, as } = await load();
    const [, second] = agents;
    expect((await market.assignmentOf(taskId, 0)).status).to.equal(UNIT.offered);
    const [bidder, price] = await market.candidateOf(taskId, 0);
    expect([bidder, price]).to.deep.equal([second.key.address, 40n * CREDIT]);
    await expect(as(second).acceptReassignment(taskId, 0))
      .to.emit(market, "UnitAssigned")
      .withArgs(taskId, 0, second.key.address, second.agentId, 2, 40n * CREDIT, 1, (d: bigint) => d > 0n);
    expect((await ledger.agentOf(second.agentId)).running).to.equal(1n);
    await deliver(rules, taskId, 0, second);
    await market.connect(rules.evaluator).giveVerdict(taskId, 0, true, ZeroHash);
    expect(await market.creditOf(second.key.address)).to.equal(40n * CREDIT);
    expect(await market.creditOf(rules.requester)).to.equal(60n * CREDIT);
    expect((await market.assignmentOf(taskId, 0)).status).to.equal(UNIT.paid);
    expect((await escrow.getJob(1)).status).to.equal(4n);
  });

  it("computes the second price among the remaining bids under Vickrey", async () => {
    const { market, agents, taskId } = await load({}, "Vickrey");
    const [, second] = agents;
    const [bidder, price] = await market.candidateOf(taskId, 0);
    expect([bidder, price]).to.deep.equal([second.key.address, 50n * CREDIT]);
  });

  it("passes the turn on after each acceptance window, recomputing the price", async () => {
    const { market, agents, taskId, as } = await load();
    const [, second, third, fourth] = agents;
    const { decidedAt } = await market.assignmentOf(taskId, 0);
    const turns = [second, third, fourth];
    for (const [turn, agent] of turns.entries()) {
      const start = decidedAt + BigInt(turn) * TURN_SECONDS;
      if (turn > 0) await networkHelpers.time.increaseTo(start);
      const [bidder, price, until] = await market.candidateOf(taskId, 0);
      expect([bidder, price, until]).to.deep.equal([
        agent.key.address,
        BigInt(40 + 10 * turn) * CREDIT,
        start + TURN_SECONDS - 1n,
      ]);
      for (const other of turns.filter((candidate) => candidate !== agent)) {
        await expect(as(other).acceptReassignment(taskId, 0))
          .to.be.revertedWithCustomError(market, "TaskMarketNotCandidate")
          .withArgs(taskId, 0, other.key.address, agent.key.address);
      }
      await expect(market.conclude(taskId, 0))
        .to.be.revertedWithCustomError(market, "TaskMarketUndecided")
        .withArgs(taskId, 0, start + TURN_SECONDS);
    }
    await as(fourth).acceptReassignment(taskId, 0);
    expect((await market.assignmentOf(taskId, 0)).price).to.equal(60n * CREDIT);
  });

  it("never comes back to the agent that failed", async () => {
    const { market, agents, taskId, as } = await load();
    const [first, second] = agents;
    await expect(as(first).acceptReassignment(taskId, 0))
      .to.be.revertedWithCustomError(market, "TaskMarketNotCandidate")
      .withArgs(taskId, 0, first.key.address, second.key.address);
  });

  it("refunds the requester when everybody declined, and declining is free", async () => {
    const { rules, market, ledger, agents, taskId } = await load();
    const { decidedAt } = await market.assignmentOf(taskId, 0);
    const before = (await ledger.agentOf(agents[1].agentId)).bonded;
    await networkHelpers.time.increaseTo(decidedAt + 3n * TURN_SECONDS);
    expect((await market.candidateOf(taskId, 0)).bidder).to.equal(ZeroAddress);
    await expect(market.connect(rules.stranger).conclude(taskId, 0))
      .to.emit(market, "UnitRefunded")
      .withArgs(taskId, 0, RESERVE);
    expect(await market.creditOf(rules.requester)).to.equal(RESERVE);
    expect((await ledger.agentOf(agents[1].agentId)).bonded).to.equal(before);
    expect((await market.taskOf(taskId)).status).to.equal(3n);
  });

  it("offers a unit to at most `candidatesMax` losers", async () => {
    const w = await networkHelpers.loadFixture(world);
    const { rules, market, agents } = w;
    const more = await makeAgentsFrom(rules, 4, 3);
    const taskId = await failedTask(rules, [...agents, ...more]);
    const { decidedAt } = await market.assignmentOf(taskId, 0);
    await networkHelpers.time.increaseTo(decidedAt + 4n * TURN_SECONDS - 1n);
    expect((await market.candidateOf(taskId, 0)).bidder).to.equal(more[0]?.key.address);
    await networkHelpers.time.increaseTo(decidedAt + 4n * TURN_SECONDS);
    expect((await market.candidateOf(taskId, 0)).bidder).to.equal(ZeroAddress);
    await market.conclude(taskId, 0);
  });

  it("refunds at once when there is no other bidder", async () => {
    const w = await networkHelpers.loadFixture(world);
    const taskId = await failedTask(w.rules, w.agents.slice(0, 1));
    await expect(w.market.conclude(taskId, 0)).to.emit(w.market, "UnitRefunded");
  });

  it("checks the candidate's eligibility again", async () => {
    const { rules, market, ledger, agents, taskId, as } = await load();
    const [, second] = agents;
    const data = rules.contracts.Permissions.interface.encodeFunctionData("setMemberActive", [
      second.owner.address,
      false,
    ]);
    await govern(rules, rules.at.Permissions, data);
    await expect(as(second).acceptReassignment(taskId, 0))
      .to.be.revertedWithCustomError(ledger, "LedgerAgentInactive")
      .withArgs(second.agentId);
    await govern(
      rules,
      rules.at.Permissions,
      rules.contracts.Permissions.interface.encodeFunctionData("setMemberActive", [second.owner.address, true]),
    );
    await ledger.connect(second.owner).setCapacity(second.agentId, 0);
    await expect(as(second).acceptReassignment(taskId, 0)).to.be.revertedWithCustomError(
      ledger,
      "LedgerCapacityExhausted",
    );
    expect((await market.assignmentOf(taskId, 0)).status).to.equal(UNIT.offered);
  });

  it("refuses a candidate whose capability has lapsed or whose key is revoked", async () => {
    const w = await networkHelpers.loadFixture(world);
    const { rules, market, ledger, agents } = w;
    const [, second] = agents;
    const capability = id("digest");
    const validUntil = BigInt(await networkHelpers.time.latest()) + 1_000n;
    for (const agent of agents) {
      await cacheCapability(rules, agent.agentId, capability, agent === second ? { validUntil } : {});
    }
    const requirements = [{ capability, level: 1, attester: ZeroAddress }];
    const taskId = await failedTask(rules, agents, { requirements });
    const accept = () => market.connect(second.key as never).acceptReassignment(taskId, 0);
    await expect(accept()).to.be.revertedWithCustomError(ledger, "LedgerCapabilityMissing");
    await cacheCapability(rules, second.agentId, capability);
    await ledger.connect(second.owner).revokeBidKey(second.key.address);
    await expect(accept()).to.be.revertedWithCustomError(ledger, "LedgerKeyRevoked");
  });

  it("happens at most maxReassignments times, and each agent pays for its own failure", async () => {
    const { rules, market, ledger, agents, taskId, as } = await load({ maxReassignments: 2n });
    const [first, second, third] = agents;
    await as(second).acceptReassignment(taskId, 0);
    const before = (await ledger.agentOf(second.agentId)).bonded;
    await pastDelivery(rules, taskId);
    await expect(market.conclude(taskId, 0))
      .to.emit(market, "UnitOffered")
      .withArgs(taskId, 0, 2, (at: bigint) => at > 0n);
    expect(before - (await ledger.agentOf(second.agentId)).bonded).to.equal(60n * CREDIT);
    expect((await market.candidateOf(taskId, 0)).bidder).to.equal(third.key.address);
    await as(third).acceptReassignment(taskId, 0);
    await pastDelivery(rules, taskId);
    await expect(market.conclude(taskId, 0)).to.emit(market, "UnitRefunded").withArgs(taskId, 0, RESERVE);
    for (const agent of [first, second, third]) {
      expect((await ledger.agentOf(agent.agentId)).running).to.equal(0n);
    }
    await market.withdrawFor(rules.requester);
    expect(await rules.contracts.Credits.balanceOf(market)).to.equal(0n);
  });

  it("does not happen unless the requester asked for it", async () => {
    const { market, taskId, agents, as } = await load({ maxReassignments: 0n });
    expect((await market.assignmentOf(taskId, 0)).status).to.equal(UNIT.refunded);
    await expect(as(agents[1]).acceptReassignment(taskId, 0))
      .to.be.revertedWithCustomError(market, "TaskMarketNotOffered")
      .withArgs(taskId, 0);
  });

  it("takes nobody who has a unit of the task already", async () => {
    const w = await networkHelpers.loadFixture(world);
    const { rules, market, agents } = w;
    const as = (agent: Agent) => market.connect(agent.key as never);
    const [, second, third] = agents;
    const bids = agents.map((agent, index) => [agent, BigInt(30 + 10 * index) * CREDIT] as const);
    const terms = { units: 2n, maxReassignments: 1n, acceptanceWindow: TURN_SECONDS, mechanism: rules.at.UniformPrice };
    const { taskId } = await settledTask(rules, bids, terms);
    expect((await market.assignmentOf(taskId, 1)).provider).to.equal(second.key.address);
    await deliver(rules, taskId, 1, second);
    await pastDelivery(rules, taskId);
    await market.conclude(taskId, 0);
    const [bidder, price] = await market.candidateOf(taskId, 0);
    expect([bidder, price]).to.deep.equal([third.key.address, 60n * CREDIT]);
    await expect(as(second).acceptReassignment(taskId, 0)).to.be.revertedWithCustomError(
      market,
      "TaskMarketNotCandidate",
    );
    await expect(as(third).acceptReassignment(taskId, 1)).to.be.revertedWithCustomError(market, "TaskMarketNotOffered");
    await as(third).acceptReassignment(taskId, 0);
  });
});

describe("TaskMarket: reassignment of several units at once", () => {
  /** Agents 0 and 1 won a unit each and failed; 2 and 3 lost. */
  async function load() {
    const w = await networkHelpers.loadFixture(world);
    const taskId = await failedTask(w.rules, w.agents, { units: 2n, maxReassignments: 2n }, "UniformPrice");
    await w.market.conclude(taskId, 1);
    const as = (agent: Agent) => w.market.connect(agent.key as never);
    return { ...w, taskId, as };
  }

  it("leaves a turn to its owner although a unit went to the one before it", async () => {
    const { market, agents, taskId, as } = await load();
    const [, , third, fourth] = agents;
    const { decidedAt } = await market.assignmentOf(taskId, 1);
    await as(third).acceptReassignment(taskId, 0);
    expect((await market.candidateOf(taskId, 1)).bidder).to.equal(ZeroAddress);
    await expect(as(third).acceptReassignment(taskId, 1)).to.be.revertedWithCustomError(
      market,
      "TaskMarketNotCandidate",
    );
    await expect(market.conclude(taskId, 1)).to.be.revertedWithCustomError(market, "TaskMarketUndecided");
    await networkHelpers.time.increaseTo(decidedAt + TURN_SECONDS);
    const [bidder, , until] = await market.candidateOf(taskId, 1);
    expect([bidder, until]).to.deep.equal([fourth.key.address, decidedAt + 2n * TURN_SECONDS - 1n]);
    await as(fourth).acceptReassignment(taskId, 1);
  });

  it("does not shift turns when another agent fails meanwhile", async () => {
    const w = await networkHelpers.loadFixture(world);
    const { rules, market, agents } = w;
    const [, , third, fourth] = agents;
    const options = { units: 2n, maxReassignments: 2n, acceptanceWindow: 5_000n };
    const taskId = await failedTask(rules, agents, options, "UniformPrice");
    await market.conclude(taskId, 1);
    const { decidedAt } = await market.assignmentOf(taskId, 1);
    await market.connect(third.key as never).acceptReassignment(taskId, 0);
    await pastDelivery(rules, taskId);
    await market.conclude(taskId, 0);
    expect((await market.candidateOf(taskId, 0)).bidder).to.equal(fourth.key.address);
    expect((await market.candidateOf(taskId, 1)).bidder).to.equal(ZeroAddress);
    await networkHelpers.time.increaseTo(decidedAt + 5_000n);
    expect((await market.candidateOf(taskId, 1)).bidder).to.equal(fourth.key.address);
    await networkHelpers.time.increaseTo(decidedAt + 10_000n);
    await market.conclude(taskId, 0);
    await market.conclude(taskId, 1);
    await market.withdrawFor(rules.requester);
    expect(await rules.contracts.Credits.balanceOf(market)).to.equal(0n);
  });
});

async function makeAgentsFrom(rules: Rules, from: number, count: number): Promise<Agent[]> {
  const made: Agent[] = [];
  for (let index = from; index < from + count; index++) made.push(await makeAgent(rules, index));
  return made;
}
