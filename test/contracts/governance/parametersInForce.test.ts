// What a change of parameters does to what has begun: nothing that costs anybody more.
import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { type Agent, addStake, commitBid, commitmentOf, makeAgent, openingOf, openTender, signBid } from "../actors.ts";
import { allowBond, deliveredTask, panelWorld } from "../disputes.ts";
import { asContract, CREDIT, PARAMETERS, type Rules, setParameters } from "../fixture.ts";
import { marketWorld, pastDelivery, postTask, settledTask } from "../tasks.ts";

const connection = await network.create();
const { time, loadFixture } = connection.networkHelpers;
const DAY = 86_400n;
const FIXED = PARAMETERS.equivocationFixed;

const market = () => loadFixture(world);
async function world() {
  return await marketWorld(connection);
}
const disputes = () => loadFixture(withPanel);
async function withPanel() {
  return await panelWorld(connection);
}

/** Two signed statements of an agent. */
async function evidenceOf(rules: Rules, tenderId: string, agent: Agent) {
  const made = [5n, 6n].map((amount) => commitmentOf(tenderId, agent.key.address, openingOf(amount)));
  const [a, b] = made as [string, string];
  const sign = (commitment: string) => signBid(rules, tenderId, agent.agentId, agent.key, commitment);
  const [signatureA, signatureB] = [await sign(a), await sign(b)];
  const statements = { commitmentA: a, signatureA, commitmentB: b, signatureB, bidderB: ZeroAddress };
  return { tender: rules.at.SealedBidTender as string, tenderId, agentId: agent.agentId, slot: 0n, ...statements };
}

describe("a change of parameters", () => {
  it("leaves a posted task under what it was posted under", async () => {
    const { rules, market: contract } = await market();
    const { taskId } = await postTask(rules, { disputeWindow: 100n });
    const before = await contract.taskOf(taskId);
    await setParameters(rules, {
      noShowShare: 2_000n,
      expiryMargin: 1n,
      candidatesMax: 1n,
      panelBond: 99n * CREDIT,
      panelVoteWindow: 7n,
      panelSeats: 4n,
    });
    expect([...(await contract.taskOf(taskId))]).to.deep.equal([...before]);
    const later = await contract.taskOf((await postTask(rules, { disputeWindow: 100n })).taskId);
    expect([later.noShowBps, later.expiryMargin, later.panel.bond, later.panel.seats]).to.deep.equal([
      2_000n,
      1n,
      99n * CREDIT,
      4n,
    ]);
  });

  it("leaves an objection under the bond and windows of the task's posting", async () => {
    const w = await disputes();
    const taskId = await deliveredTask(w);
    const { byEvaluator, rules, panel } = w;
    await byEvaluator.giveVerdict(taskId, 0, true, id("fine"));
    await setParameters(rules, { panelBond: 99n * CREDIT, panelVoteWindow: 7n });
    await allowBond(w, rules.requester);
    await panel.connect(rules.requester).objectToVerdict(taskId, 0, id("wrong"));
    const { bond, voteDeadline } = await panel.disputeOf(taskId, 0);
    expect(bond).to.equal(PARAMETERS.market.panel.bond);
    expect(voteDeadline).to.equal(BigInt(await time.latest()) + PARAMETERS.market.panel.voteWindow);
  });

  it("does not make the no-show of a running task dearer", async () => {
    const { rules, first, market: contract } = await market();
    // Price and reserve are the same: the share alone is the penalty.
    const { taskId } = await settledTask(rules, [[first, 100n * CREDIT]]);
    await setParameters(rules, { noShowShare: 5_000n });
    await pastDelivery(rules, taskId);
    await contract.conclude(taskId, 0);
    const [noShow] = await contract.queryFilter(contract.filters.NoShowRecorded());
    expect(noShow?.args.penalty).to.equal(10n * CREDIT);
  });

  it("makes the no-show of a running task cheaper when the share falls", async () => {
    const { rules, first, market: contract } = await market();
    await setParameters(rules, { noShowShare: 5_000n });
    const { taskId } = await settledTask(rules, [[first, 100n * CREDIT]]);
    await setParameters(rules, { noShowShare: 2_000n });
    await pastDelivery(rules, taskId);
    await expect(contract.conclude(taskId, 0)).to.emit(contract, "NoShowRecorded");
    const [noShow] = await contract.queryFilter(contract.filters.NoShowRecorded());
    expect(noShow?.args.penalty).to.equal(20n * CREDIT);
  });

  it("punishes an equivocation by the lower of then and now", async () => {
    const { rules } = await market();
    const module = rules.contracts.BidEquivocation;
    // So little stake that the fixed penalty is the larger one, and so much that it is the share.
    const poor = await makeAgent(rules, 5, PARAMETERS.minStake);
    const rich = await makeAgent(rules, 6, 1_000n * CREDIT);
    const tenderId = await openTender(rules);
    await time.increase(10);
    await setParameters(rules, { equivocationFixed: FIXED + 20n * CREDIT, equivocationShare: 9_000n });
    const openedAt = await rules.contracts.SealedBidTender.openedAt(tenderId);
    expect(await module.penaltyOf(poor.agentId, openedAt)).to.equal(FIXED);
    expect(await module.penaltyOf(rich.agentId, openedAt)).to.equal(500n * CREDIT);
    const later = await rules.contracts.SealedBidTender.openedAt(await openTender(rules));
    expect(later).to.be.greaterThan(openedAt);
    await setParameters(rules, { equivocationFixed: FIXED - 20n * CREDIT, equivocationShare: 1_000n });
    await module.report(await evidenceOf(rules, tenderId, poor));
    await module.report(await evidenceOf(rules, tenderId, rich));
    const { AgentLedger: ledger } = rules.contracts;
    expect(await ledger.stakeInReachOf(poor.agentId)).to.equal(PARAMETERS.minStake - FIXED + 20n * CREDIT);
    expect(await ledger.stakeInReachOf(rich.agentId)).to.equal(900n * CREDIT);
  });

  it("shortens the age of evidence at once, and lengthens it for later tenders alone", async () => {
    const { rules, first } = await market();
    const module = rules.contracts.BidEquivocation;
    const tenderId = await openTender(rules);
    await time.increase(10);
    const { revealDeadline } = await rules.contracts.SealedBidTender.termsOf(tenderId);
    const evidence = await evidenceOf(rules, tenderId, first);
    for (const [age, counts] of [
      [PARAMETERS.evidenceAgeSeconds + 1_000n, PARAMETERS.evidenceAgeSeconds],
      [1_000n, 1_000n],
    ] as const) {
      await setParameters(rules, { evidenceAge: age });
      const before = await connection.networkHelpers.takeSnapshot();
      await time.increaseTo(revealDeadline + counts);
      await module.verify(evidence);
      await time.increaseTo(revealDeadline + counts + 1n);
      await expect(module.verify(evidence))
        .to.be.revertedWithCustomError(module, "BidEquivocationTooOld")
        .withArgs(tenderId, revealDeadline + counts);
      await before.restore();
    }
  });

  it("measures bids by the minimum stake that their task was posted under, raised or lowered since", async () => {
    const { rules, first, second, ledger } = await market();
    const posted = async (minStake: bigint) => {
      await setParameters(rules, { minStake });
      return (await postTask(rules)).tenderId;
    };
    const low = await posted(1_000n * CREDIT);
    const high = await posted(2_000n * CREDIT);
    // As high as `high`, and above what the agents have: `low` goes by its own.
    await commitBid(rules, low, first, 5n);
    await expect(commitBid(rules, high, first, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerStakeBelowMinimum")
      .withArgs(first.agentId, 1_000n * CREDIT, 2_000n * CREDIT);
    await setParameters(rules, { minStake: CREDIT });
    for (const agent of [first, second]) {
      await expect(commitBid(rules, high, agent, 6n)).to.be.revertedWithCustomError(ledger, "LedgerStakeBelowMinimum");
    }
    expect((await rules.contracts.SealedBidTender.marketTermsOf(high)).minStake).to.equal(2_000n * CREDIT);
    await addStake(rules, second.agentId, second.owner, 1_000n * CREDIT);
    await commitBid(rules, high, second, 6n);
  });

  it("measures who takes over a unit by the minimum stake that the task was posted under", async () => {
    for (const [then, now, fits] of [
      [100n * CREDIT, 2_000n * CREDIT, true],
      [1_000n * CREDIT, CREDIT, false],
    ] as const) {
      const { rules, first, second, ledger, market: contract } = await market();
      await setParameters(rules, { minStake: then });
      const bids = [
        [first, 40n * CREDIT],
        [second, 50n * CREDIT],
      ] as const;
      const { taskId } = await settledTask(rules, bids, { maxReassignments: 1n });
      await pastDelivery(rules, taskId);
      await contract.conclude(taskId, 0);
      await setParameters(rules, { minStake: now });
      await ledger
        .connect(await asContract(rules, rules.at.BidEquivocation))
        .slash(id("x"), second.agentId, 1n, 0n, false);
      const accepted = contract.connect(second.key as never).acceptReassignment(taskId, 0);
      if (fits) await accepted;
      else await expect(accepted).to.be.revertedWithCustomError(ledger, "LedgerStakeBelowMinimum");
    }
  });

  it("measures new bids by the new capacity, and running duties by nothing", async () => {
    const { rules, first, second, ledger, tender } = await market();
    const running = await postTask(rules);
    const commitment = commitmentOf(running.tenderId, first.key.address, openingOf(5n));
    await tender.connect(first.key as never).commitBid(running.tenderId, commitment);
    const other = commitmentOf(running.tenderId, second.key.address, openingOf(6n));
    await setParameters(rules, { stakePerUnit: 2_000n * CREDIT });
    await expect(tender.connect(second.key as never).commitBid(running.tenderId, other))
      .to.be.revertedWithCustomError(ledger, "LedgerCapacityExhausted")
      .withArgs(second.agentId, 0, 0);
    const { commitDeadline } = await tender.termsOf(running.tenderId);
    await time.increaseTo(commitDeadline + 1n);
    await tender.connect(first.key as never).revealBid(running.tenderId, 5n, openingOf(5n).salt);
  });

  it("never brings forward what is on its way out", async () => {
    const { rules, first, ledger } = await market();
    const owner = ledger.connect(first.owner);
    await owner.requestUnbonding(first.agentId, 10n * CREDIT);
    const { readyAt } = await ledger.unbondingOf(first.agentId);
    await setParameters(rules, { unbondingDelay: 10n * DAY });
    expect(await ledger.unbondingDelay()).to.equal(10n * DAY);
    await owner.requestUnbonding(first.agentId, 1n);
    expect((await ledger.unbondingOf(first.agentId)).readyAt).to.equal(readyAt);
    await setParameters(rules, { unbondingDelay: 30n * DAY });
    await owner.requestUnbonding(first.agentId, 1n);
    expect((await ledger.unbondingOf(first.agentId)).readyAt).to.equal(BigInt(await time.latest()) + 30n * DAY);
  });
});
