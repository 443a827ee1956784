import { expect } from "chai";
import { AbiCoder, id, ZeroHash } from "ethers";
import { network } from "hardhat";
import { commitBid, revealBid, toFinalize, toReveal } from "../actors.ts";
import { CREDIT, govern } from "../fixture.ts";
import { bid, deliver, FEE, marketWorld, postTask, RESERVE, settledTask, TASK, UNIT } from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const world = () => marketWorld(connection);
const load = () => networkHelpers.loadFixture(world);

describe("TaskMarket: the life of a task", () => {
  it("goes from posting to payment", async () => {
    const { rules, market, credits, escrow, ledger, first, second, byEvaluator } = await load();
    const before = await credits.balanceOf(rules.requester);
    const supply = await credits.totalSupply();
    const { taskId, tenderId } = await postTask(rules);
    expect(before - (await credits.balanceOf(rules.requester))).to.equal(RESERVE + FEE);
    expect(supply - (await credits.totalSupply())).to.equal(FEE);

    await bid(rules, tenderId, [
      [first, 40n * CREDIT],
      [second, 30n * CREDIT],
    ]);
    await expect(market.connect(rules.stranger).settle(taskId))
      .to.emit(market, "UnitAssigned")
      .withArgs(taskId, 0, second.key.address, second.agentId, 1, 30n * CREDIT, 0, (d: bigint) => d > 0n)
      .and.to.emit(market, "TaskSettled")
      .withArgs(taskId, 1);
    expect((await ledger.agentOf(second.agentId)).running).to.equal(1n);
    expect((await ledger.agentOf(first.agentId)).committed).to.equal(0n);

    await deliver(rules, taskId, 0, second);
    await expect(byEvaluator.giveVerdict(taskId, 0, true, id("well done")))
      .to.emit(market, "VerdictGiven")
      .withArgs(taskId, 0, rules.evaluator, true, id("well done"))
      .and.to.emit(market, "UnitPaid")
      .withArgs(taskId, 0, second.key.address, 30n * CREDIT, 70n * CREDIT)
      .and.to.emit(escrow, "JobCompleted")
      .withArgs(1, market, id("well done"))
      .and.to.emit(market, "TaskClosed")
      .withArgs(taskId);
    expect((await market.assignmentOf(taskId, 0)).status).to.equal(UNIT.paid);
    expect((await market.taskOf(taskId)).status).to.equal(TASK.closed);
    expect((await ledger.agentOf(second.agentId)).running).to.equal(0n);

    expect(await market.creditOf(second.key.address)).to.equal(30n * CREDIT);
    await expect(market.connect(rules.stranger).withdrawFor(second.key.address))
      .to.emit(market, "Withdrawn")
      .withArgs(second.key.address, 30n * CREDIT);
    expect(await credits.balanceOf(second.key.address)).to.equal(30n * CREDIT);
    await market.withdrawFor(rules.requester);
    expect(before - (await credits.balanceOf(rules.requester))).to.equal(30n * CREDIT + FEE);
    expect(await credits.balanceOf(market)).to.equal(0n);
    expect(await credits.balanceOf(escrow)).to.equal(0n);
    await expect(market.withdrawFor(rules.requester)).not.to.emit(market, "Withdrawn");
  });

  it("pays the second price under Vickrey, and the reserve under the posted price", async () => {
    const { rules, market, first, second } = await load();
    const bids = [
      [first, 40n * CREDIT],
      [second, 30n * CREDIT],
    ] as const;
    const vickrey = await settledTask(rules, bids, { mechanism: rules.at.Vickrey });
    expect((await market.assignmentOf(vickrey.taskId, 0)).price).to.equal(40n * CREDIT);
    const posted = await settledTask(rules, bids, { mechanism: rules.at.PostedPrice });
    const assignment = await market.assignmentOf(posted.taskId, 0);
    expect([assignment.provider, assignment.price]).to.deep.equal([first.key.address, RESERVE]);
  });

  it("gives several units to several agents and refunds those that nobody won", async () => {
    const { rules, market, credits, first, second, byEvaluator } = await load();
    const { taskId } = await settledTask(
      rules,
      [
        [first, 40n * CREDIT],
        [second, 30n * CREDIT],
      ],
      { units: 3n, mechanism: rules.at.UniformPrice },
    );
    expect((await market.assignmentOf(taskId, 2)).status).to.equal(UNIT.none);
    expect(await market.creditOf(rules.requester)).to.equal(RESERVE);
    for (const [unit, agent] of [second, first].entries()) {
      expect((await market.assignmentOf(taskId, unit)).provider).to.equal(agent.key.address);
      await deliver(rules, taskId, unit, agent);
      await byEvaluator.giveVerdict(taskId, unit, true, ZeroHash);
    }
    expect((await market.taskOf(taskId)).status).to.equal(TASK.closed);
    const { price } = await market.assignmentOf(taskId, 0);
    expect(await market.creditOf(rules.requester)).to.equal(3n * RESERVE - 2n * price);
    for (const account of [rules.requester.address, first.key.address, second.key.address])
      await market.withdrawFor(account);
    expect(await credits.balanceOf(market)).to.equal(0n);
    expect(await credits.balanceOf(rules.contracts.JobEscrow)).to.equal(0n);
  });

  it("keeps one record per task and unit at the documented slots", async () => {
    const { rules, market, first, second } = await load();
    const { taskId } = await settledTask(rules, [
      [first, 40n * CREDIT],
      [second, 30n * CREDIT],
    ]);
    const coder = AbiCoder.defaultAbiCoder();
    const outer = connection.ethers.keccak256(coder.encode(["uint256", "uint256"], [taskId, 0]));
    const slot = BigInt(connection.ethers.keccak256(coder.encode(["uint256", "bytes32"], [0, outer])));
    const word = async (offset: bigint) => BigInt(await connection.ethers.provider.getStorage(market, slot + offset));
    const assignment = await market.assignmentOf(taskId, 0);
    expect(await word(0n)).to.equal(BigInt(second.key.address) | ((30n * CREDIT) << 160n) | (UNIT.assigned << 224n));
    expect(await word(1n)).to.equal(second.agentId | (assignment.jobId << 64n) | (assignment.deliveryDeadline << 128n));
  });
});

describe("TaskMarket: settling", () => {
  it("waits for the end of the reveal window", async () => {
    const { rules, market, tender, first } = await load();
    const { taskId, tenderId } = await postTask(rules);
    await commitBid(rules, tenderId, first, CREDIT);
    await toReveal(rules, tenderId);
    await revealBid(rules, tenderId, first, CREDIT);
    await expect(market.settle(taskId)).to.be.revertedWithCustomError(tender, "TenderNotFinalizable");
    await toFinalize(rules, tenderId);
    await market.settle(taskId);
    await expect(market.settle(taskId)).to.be.revertedWithCustomError(market, "TaskMarketInvalidStatus");
  });

  it("works the same when somebody finalized the tender before", async () => {
    const { rules, market, tender, first } = await load();
    const { taskId, tenderId } = await postTask(rules);
    await bid(rules, tenderId, [[first, CREDIT]]);
    await tender.connect(rules.stranger).finalize(tenderId);
    await market.settle(taskId);
    expect((await market.assignmentOf(taskId, 0)).provider).to.equal(first.key.address);
  });

  it("refunds everything when nobody bid, or nobody revealed", async () => {
    const { rules, market, tender, first } = await load();
    for (const committed of [false, true]) {
      const { taskId, tenderId } = await postTask(rules);
      if (committed) await commitBid(rules, tenderId, first, CREDIT);
      const before = await market.creditOf(rules.requester);
      await toFinalize(rules, tenderId);
      if (committed) await tender.finalize(tenderId);
      await expect(market.settle(taskId))
        .to.emit(market, "UnitRefunded")
        .withArgs(taskId, 0, RESERVE)
        .and.to.emit(market, "TaskClosed")
        .withArgs(taskId);
      expect((await market.creditOf(rules.requester)) - before).to.equal(RESERVE);
      expect((await market.taskOf(taskId)).status).to.equal(TASK.closed);
    }
  });

  it("executes the award of an agent suspended or delisted since", async () => {
    const { rules, market, first } = await load();
    const { taskId, tenderId } = await postTask(rules);
    await bid(rules, tenderId, [[first, CREDIT]]);
    const data = rules.contracts.Permissions.interface.encodeFunctionData("setMemberActive", [
      first.owner.address,
      false,
    ]);
    await govern(rules, rules.at.Permissions, data);
    await market.settle(taskId);
    await deliver(rules, taskId, 0, first);
    await market.connect(rules.evaluator).giveVerdict(taskId, 0, true, ZeroHash);
    expect(await market.creditOf(first.key.address)).to.equal(CREDIT);
  });

  it("knows no task that was never posted", async () => {
    const { market } = await load();
    for (const call of [
      () => market.settle(9),
      () => market.cancel(9),
      () => market.conclude(9, 0),
      () => market.giveVerdict(9, 0, true, ZeroHash),
      () => market.acceptReassignment(9, 0),
      () => market.taskOf(9),
      () => market.candidateOf(9, 0),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(market, "TaskMarketUnknownTask").withArgs(9);
    }
  });
});
