import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import { CREDIT, govern, ORGANISATION } from "../fixture.ts";
import {
  DELIVERABLE,
  deliver,
  marketWorld,
  pastDelivery,
  type postTask,
  RESERVE,
  settledTask,
  UNIT,
} from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const world = () => marketWorld(connection);
const load = () => networkHelpers.loadFixture(world);

describe("TaskMarket: verdicts", () => {
  async function delivered(options: Parameters<typeof postTask>[1] = {}) {
    const w = await load();
    const { taskId } = await settledTask(w.rules, [[w.first, 40n * CREDIT]], options);
    await deliver(w.rules, taskId, 0, w.first);
    return { ...w, taskId };
  }

  it("refund the whole reserve when the delivery is rejected", async () => {
    const { rules, market, ledger, escrow, first, byEvaluator, taskId } = await delivered();
    await pastDelivery(rules, taskId);
    const before = (await ledger.agentOf(first.agentId)).bonded;
    await expect(byEvaluator.giveVerdict(taskId, 0, false, id("wrong")))
      .to.emit(market, "UnitRefunded")
      .withArgs(taskId, 0, RESERVE)
      .and.to.emit(escrow, "JobRejected")
      .withArgs(1, market, id("wrong"));
    expect(await market.creditOf(rules.requester)).to.equal(RESERVE);
    expect(await market.creditOf(first.key.address)).to.equal(0n);
    const agent = await ledger.agentOf(first.agentId);
    expect([agent.running, agent.bonded]).to.deep.equal([0n, before]);
    await market.withdrawFor(rules.requester);
    expect(await rules.contracts.Credits.balanceOf(market)).to.equal(0n);
  });

  it("reject nothing before the delivery deadline where the award binds the price", async () => {
    const { rules, market, byEvaluator, taskId } = await delivered();
    const { deliveryDeadline } = await market.assignmentOf(taskId, 0);
    await expect(byEvaluator.giveVerdict(taskId, 0, false, ZeroHash))
      .to.be.revertedWithCustomError(market, "TaskMarketRejectionTooEarly")
      .withArgs(taskId, 0, deliveryDeadline);
    await pastDelivery(rules, taskId);
    await byEvaluator.giveVerdict(taskId, 0, false, ZeroHash);
  });

  it("reject at once under the posted price", async () => {
    const w = await load();
    const { taskId } = await settledTask(w.rules, [[w.first, CREDIT]], { mechanism: w.rules.at.PostedPrice });
    await deliver(w.rules, taskId, 0, w.first);
    await expect(w.byEvaluator.giveVerdict(taskId, 0, false, ZeroHash)).to.emit(w.market, "UnitRefunded");
  });

  it("are the evaluator's alone", async () => {
    const { rules, market, first, taskId } = await delivered();
    for (const other of [rules.requester, first.owner, rules.stranger]) {
      await expect(market.connect(other).giveVerdict(taskId, 0, true, ZeroHash))
        .to.be.revertedWithCustomError(market, "TaskMarketUnauthorized")
        .withArgs(taskId, other);
    }
  });

  it("may come from a contract", async () => {
    const w = await load();
    const { rules, market } = w;
    const evaluator = rules.at.Operators;
    const add = rules.contracts.Permissions.interface.encodeFunctionData("addMembers", [
      ORGANISATION.evaluator,
      [evaluator],
    ]);
    await govern(rules, rules.at.Permissions, add);
    const { taskId } = await settledTask(rules, [[w.first, CREDIT]], { evaluator });
    await deliver(rules, taskId, 0, w.first);
    await govern(
      rules,
      rules.at.TaskMarket,
      market.interface.encodeFunctionData("giveVerdict", [taskId, 0, true, ZeroHash]),
    );
    expect(await market.creditOf(w.first.key.address)).to.equal(CREDIT);
  });

  it("need a delivery in time", async () => {
    const w = await load();
    const { rules, market, byEvaluator } = w;
    const { taskId } = await settledTask(rules, [[w.first, CREDIT]]);
    await expect(byEvaluator.giveVerdict(taskId, 0, true, ZeroHash)).to.be.revertedWithCustomError(
      market,
      "TaskMarketNothingDelivered",
    );
    await pastDelivery(rules, taskId);
    await deliver(rules, taskId, 0, w.first);
    await expect(byEvaluator.giveVerdict(taskId, 0, true, ZeroHash)).to.be.revertedWithCustomError(
      market,
      "TaskMarketNothingDelivered",
    );
  });

  it("come too late after the verdict window, and silence pays", async () => {
    const { rules, market, first, byEvaluator, taskId } = await delivered();
    const { deliveryDeadline } = await market.assignmentOf(taskId, 0);
    const last = deliveryDeadline + 500n;
    await expect(market.conclude(taskId, 0))
      .to.be.revertedWithCustomError(market, "TaskMarketUndecided")
      .withArgs(taskId, 0, last + 1n);
    await networkHelpers.time.increaseTo(last);
    await expect(market.conclude(taskId, 0)).to.be.revertedWithCustomError(market, "TaskMarketUndecided");
    await networkHelpers.time.increaseTo(last + 1n);
    await expect(byEvaluator.giveVerdict(taskId, 0, false, ZeroHash))
      .to.be.revertedWithCustomError(market, "TaskMarketVerdictTooLate")
      .withArgs(taskId, 0, last);
    await expect(market.connect(rules.stranger).conclude(taskId, 0)).to.emit(market, "UnitPaid");
    expect(await market.creditOf(first.key.address)).to.equal(40n * CREDIT);
    expect(await market.creditOf(rules.requester)).to.equal(60n * CREDIT);
  });

  it("wait for the dispute window, if there is one", async () => {
    const { rules, market, first, byEvaluator, taskId } = await delivered({ disputeWindow: 300n });
    await expect(byEvaluator.giveVerdict(taskId, 0, true, ZeroHash)).not.to.emit(market, "UnitPaid");
    await expect(byEvaluator.giveVerdict(taskId, 0, false, ZeroHash)).to.be.revertedWithCustomError(
      market,
      "TaskMarketVerdictGiven",
    );
    const { decidedAt } = await market.assignmentOf(taskId, 0);
    await expect(market.conclude(taskId, 0))
      .to.be.revertedWithCustomError(market, "TaskMarketUndecided")
      .withArgs(taskId, 0, decidedAt + 301n);
    await networkHelpers.time.increaseTo(decidedAt + 300n);
    await expect(market.conclude(taskId, 0)).to.be.revertedWithCustomError(market, "TaskMarketUndecided");
    await networkHelpers.time.increaseTo(decidedAt + 301n);
    await expect(market.connect(rules.stranger).conclude(taskId, 0)).to.emit(market, "UnitPaid");
    expect(await market.creditOf(first.key.address)).to.equal(40n * CREDIT);
  });

  it("refund after the dispute window when they reject", async () => {
    const { rules, market, byEvaluator, taskId } = await delivered({ disputeWindow: 300n });
    await pastDelivery(rules, taskId);
    await byEvaluator.giveVerdict(taskId, 0, false, ZeroHash);
    await networkHelpers.time.increase(301);
    await expect(market.conclude(taskId, 0)).to.emit(market, "UnitRefunded").withArgs(taskId, 0, RESERVE);
    expect(await market.creditOf(rules.requester)).to.equal(RESERVE);
  });

  it("end a unit once", async () => {
    const w = await load();
    const { rules, market, byEvaluator, first, second } = w;
    const bids = [
      [first, CREDIT],
      [second, CREDIT],
    ] as const;
    const { taskId } = await settledTask(rules, bids, { units: 2n, mechanism: rules.at.UniformPrice });
    await deliver(rules, taskId, 0, first);
    await byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
    for (const again of [() => byEvaluator.giveVerdict(taskId, 0, true, ZeroHash), () => market.conclude(taskId, 0)]) {
      await expect(again())
        .to.be.revertedWithCustomError(market, "TaskMarketInvalidUnit")
        .withArgs(taskId, 0, UNIT.paid);
    }
    await expect(market.conclude(taskId, 2)).to.be.revertedWithCustomError(market, "TaskMarketInvalidUnit");
  });

  it("name the same winner of the money when a stranger lets the escrow expire first", async () => {
    for (const [accepted, drawn] of [
      [true, false],
      [true, true],
      [false, false],
    ]) {
      const { rules, market, credits, escrow, first, byEvaluator, taskId } = await delivered({ disputeWindow: 300n });
      await pastDelivery(rules, taskId);
      await byEvaluator.giveVerdict(taskId, 0, accepted === true, ZeroHash);
      const { jobId } = await market.assignmentOf(taskId, 0);
      await networkHelpers.time.increaseTo((await escrow.getJob(jobId)).expiredAt);
      await escrow.connect(rules.stranger).claimRefund(jobId);
      if (drawn) await escrow.connect(rules.stranger).withdrawFor(market);
      await market.conclude(taskId, 0);
      expect(await market.creditOf(first.key.address)).to.equal(accepted ? 40n * CREDIT : 0n);
      expect(await market.creditOf(rules.requester)).to.equal(accepted ? 60n * CREDIT : RESERVE);
      for (const account of [first.key.address, rules.requester.address]) await market.withdrawFor(account);
      expect(await credits.balanceOf(market)).to.equal(0n);
      expect(await credits.balanceOf(escrow)).to.equal(0n);
    }
  });

  it("leave the job open until every window is days behind", async () => {
    const { market, escrow, taskId } = await delivered({ disputeWindow: 300n });
    const { jobId, deliveryDeadline } = await market.assignmentOf(taskId, 0);
    const job = await escrow.getJob(jobId);
    const { panel, expiryMargin } = await market.parameters();
    const voting = panel.voteWindow + panel.voteRevealWindow;
    expect(job.expiredAt).to.equal(deliveryDeadline + 500n + 300n + voting + expiryMargin);
    expect([job.client, job.evaluator, job.deliverable]).to.deep.equal([
      await market.getAddress(),
      await market.getAddress(),
      DELIVERABLE,
    ]);
    expect(job.description).to.equal(`task ${taskId} unit 0`);
  });
});
