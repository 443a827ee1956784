import { expect } from "chai";
import { network } from "hardhat";
import { CREDIT } from "../fixture.ts";
import { deliver, marketWorld, pastDelivery, RESERVE, settledTask } from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const world = () => marketWorld(connection);
const load = () => networkHelpers.loadFixture(world);

describe("TaskMarket: no-shows", () => {
  it("cost at least what not delivering saved, and refund the requester", async () => {
    const { rules, market, ledger, credits, first } = await load();
    const { taskId } = await settledTask(rules, [[first, 40n * CREDIT]]);
    const { deliveryDeadline, jobId } = await market.assignmentOf(taskId, 0);
    await networkHelpers.time.increaseTo(deliveryDeadline);
    const before = (await ledger.agentOf(first.agentId)).bonded;
    const supply = await credits.totalSupply();
    await expect(market.conclude(taskId, 0))
      .to.be.revertedWithCustomError(market, "TaskMarketUndecided")
      .withArgs(taskId, 0, deliveryDeadline + 1n);
    await pastDelivery(rules, taskId);
    const faultId = await market.noShowFaultIdOf(first.agentId, jobId);
    await expect(market.connect(rules.stranger).conclude(taskId, 0))
      .to.emit(market, "NoShowRecorded")
      .withArgs(taskId, 0, first.agentId, faultId, 60n * CREDIT, 60n * CREDIT)
      .and.to.emit(market, "UnitRefunded")
      .withArgs(taskId, 0, RESERVE);
    const agent = await ledger.agentOf(first.agentId);
    expect([before - agent.bonded, agent.running]).to.deep.equal([60n * CREDIT, 0n]);
    expect(supply - (await credits.totalSupply())).to.equal(60n * CREDIT);
    expect(await ledger.isPunished(faultId)).to.equal(true);
    expect(await market.creditOf(rules.requester)).to.equal(RESERVE);
  });

  it("cost at least a share of the reserve, rounded up", async () => {
    const { rules, market, ledger, first } = await load();
    const reserve = 100n * CREDIT + 1n;
    const { taskId } = await settledTask(rules, [[first, 95n * CREDIT]], { reserve });
    const before = (await ledger.agentOf(first.agentId)).bonded;
    await pastDelivery(rules, taskId);
    await market.conclude(taskId, 0);
    expect(before - (await ledger.agentOf(first.agentId)).bonded).to.equal(10n * CREDIT + 1n);
  });

  it("include what is submitted after the deadline, even before anybody looks", async () => {
    const { rules, market, ledger, first } = await load();
    const { taskId } = await settledTask(rules, [[first, 40n * CREDIT]]);
    await pastDelivery(rules, taskId);
    await deliver(rules, taskId, 0, first);
    await expect(market.conclude(taskId, 0)).to.emit(market, "NoShowRecorded");
    expect((await ledger.agentOf(first.agentId)).running).to.equal(0n);
    expect(await market.creditOf(rules.requester)).to.equal(RESERVE);
  });

  it("are concluded the same when a stranger lets the escrow expire first", async () => {
    const { rules, market, escrow, credits, first } = await load();
    const { taskId } = await settledTask(rules, [[first, 40n * CREDIT]]);
    const { jobId } = await market.assignmentOf(taskId, 0);
    await networkHelpers.time.increaseTo((await escrow.getJob(jobId)).expiredAt);
    await escrow.claimRefund(jobId);
    await expect(market.conclude(taskId, 0)).to.emit(market, "NoShowRecorded");
    await market.withdrawFor(rules.requester);
    expect(await credits.balanceOf(market)).to.equal(0n);
  });

  it("do not happen to an agent that delivers in the last second", async () => {
    const { rules, market, first } = await load();
    const { taskId } = await settledTask(rules, [[first, 40n * CREDIT]]);
    const { deliveryDeadline } = await market.assignmentOf(taskId, 0);
    await networkHelpers.time.increaseTo(deliveryDeadline);
    await deliver(rules, taskId, 0, first);
    expect((await rules.contracts.JobEscrow.getJob(1)).submittedAt).to.equal(deliveryDeadline);
    await networkHelpers.time.increaseTo(deliveryDeadline + 501n);
    await expect(market.conclude(taskId, 0)).to.emit(market, "UnitPaid");
  });
});
