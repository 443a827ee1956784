import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  allowBond,
  BOND,
  DISPUTE_WINDOW,
  decide,
  deliveredTask,
  objectTo,
  PANEL_FEE,
  PRICE,
  panelWorld,
  RULING,
  toRuling,
} from "../disputes.ts";
import { CREDIT, govern } from "../fixture.ts";
import { pastDelivery, RESERVE, settledTask, UNIT } from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const { time } = networkHelpers;

const world = () => panelWorld(connection);
const load = () => networkHelpers.loadFixture(world);

describe("DisputePanel: objections", () => {
  async function judged(accepted: boolean, options = {}) {
    const w = await load();
    const taskId = await deliveredTask(w, options);
    if (!accepted) await pastDelivery(w.rules, taskId);
    await w.byEvaluator.giveVerdict(taskId, 0, accepted, ZeroHash);
    return { ...w, taskId };
  }

  async function unjudged() {
    const w = await load();
    const taskId = await deliveredTask(w);
    const { deliveryDeadline } = await w.market.assignmentOf(taskId, 0);
    return { ...w, taskId, silence: deliveryDeadline + 500n };
  }

  it("hold the bond, draw the seats, and set the deadlines of the votes", async () => {
    const w = await judged(true);
    const { rules, panel, credits, taskId } = w;
    const sent = await objectTo(w, taskId, rules.requester);
    const now = BigInt(await time.latest());
    await expect(sent)
      .to.emit(panel, "ObjectionMade")
      .withArgs(taskId, 0, rules.requester, BOND, now + 200n, now + 300n, id("this is wrong"));
    const dispute = await panel.disputeOf(taskId, 0);
    expect([dispute.objector, dispute.bond, dispute.fee, dispute.seats, dispute.quorum]).to.deep.equal([
      rules.requester.address,
      BOND,
      PANEL_FEE,
      5n,
      3n,
    ]);
    expect(await credits.balanceOf(panel)).to.equal(BOND);
    for (const { voter, agentId, weight } of await panel.seatsOf(taskId, 0)) {
      await expect(sent).to.emit(panel, "SeatDrawn").withArgs(taskId, 0, voter, agentId, weight);
    }
    expect(await panel.rulingOf(taskId, 0)).to.deep.equal([RULING.pending, now + 300n]);
  });

  it("against a payment are the requester's alone, against a refund the provider's", async () => {
    for (const accepted of [true, false]) {
      const w = await judged(accepted);
      const { rules, panel, first, second, taskId } = w;
      const loser = accepted ? rules.requester.address : first.key.address;
      const winner = accepted ? first.key : rules.requester;
      for (const other of [winner, second.key, rules.evaluator, rules.stranger]) {
        await expect(panel.connect(other as never).objectToVerdict(taskId, 0, ZeroHash))
          .to.be.revertedWithCustomError(panel, "DisputePanelNotTheLoser")
          .withArgs(taskId, 0, other, loser);
      }
      await objectTo(w, taskId, accepted ? rules.requester : first.key);
    }
  });

  it("are taken to the last second of the dispute window after a verdict", async () => {
    const w = await judged(true);
    const { rules, market, panel, taskId } = w;
    await allowBond(w, rules.requester);
    const { decidedAt } = await market.assignmentOf(taskId, 0);
    const object = () => panel.connect(rules.requester).objectToVerdict(taskId, 0, ZeroHash);
    const snapshot = await networkHelpers.takeSnapshot();
    await time.setNextBlockTimestamp(decidedAt + DISPUTE_WINDOW + 1n);
    await expect(object())
      .to.be.revertedWithCustomError(panel, "DisputePanelOutsideWindow")
      .withArgs(taskId, 0, decidedAt, decidedAt + DISPUTE_WINDOW);
    await snapshot.restore();
    await time.setNextBlockTimestamp(decidedAt + DISPUTE_WINDOW);
    await object();
  });

  it("are taken after the evaluator's silence, not before, for one dispute window", async () => {
    const w = await unjudged();
    const { rules, panel, taskId, silence } = w;
    await allowBond(w, rules.requester);
    const object = () => panel.connect(rules.requester).objectToVerdict(taskId, 0, ZeroHash);
    const outside = async (at: bigint) => {
      const snapshot = await networkHelpers.takeSnapshot();
      await time.setNextBlockTimestamp(at);
      await expect(object())
        .to.be.revertedWithCustomError(panel, "DisputePanelOutsideWindow")
        .withArgs(taskId, 0, silence + 1n, silence + DISPUTE_WINDOW);
      await snapshot.restore();
    };
    await outside(silence);
    await outside(silence + DISPUTE_WINDOW + 1n);
    await time.setNextBlockTimestamp(silence + DISPUTE_WINDOW);
    await object();
  });

  it("are not the provider's when silence pays it", async () => {
    const { panel, rules, first, taskId, silence } = await unjudged();
    await time.increaseTo(silence + 1n);
    await expect(panel.connect(first.key as never).objectToVerdict(taskId, 0, ZeroHash))
      .to.be.revertedWithCustomError(panel, "DisputePanelNotTheLoser")
      .withArgs(taskId, 0, first.key, rules.requester);
  });

  it("are made once", async () => {
    const w = await judged(true);
    await objectTo(w, w.taskId, w.rules.requester);
    await expect(objectTo(w, w.taskId, w.rules.requester))
      .to.be.revertedWithCustomError(w.panel, "DisputePanelObjected")
      .withArgs(w.taskId, 0);
  });

  it("need a dispute window", async () => {
    const w = await load();
    const taskId = await deliveredTask(w, { disputeWindow: 0n });
    await expect(w.panel.connect(w.rules.requester).objectToVerdict(taskId, 0, ZeroHash))
      .to.be.revertedWithCustomError(w.panel, "DisputePanelNoDisputeWindow")
      .withArgs(taskId);
    expect((await w.market.taskOf(taskId)).panel.bond).to.equal(0n);
  });

  it("need a delivery in time, and a unit that has not ended", async () => {
    const w = await load();
    const { rules, panel, market, escrow, first } = w;
    const object = (taskId: bigint) => panel.connect(rules.requester).objectToVerdict(taskId, 0, ZeroHash);
    const { taskId } = await settledTask(rules, [[first, PRICE]], { disputeWindow: DISPUTE_WINDOW });
    const refused = async (id: bigint) =>
      await expect(object(id)).to.be.revertedWithCustomError(panel, "DisputePanelNothingToObject").withArgs(id, 0);
    await refused(taskId);
    await pastDelivery(rules, taskId);
    const { jobId, deliveryDeadline } = await market.assignmentOf(taskId, 0);
    await escrow.connect(first.key as never).submit(jobId, id("late"), "0x");
    await time.increaseTo(deliveryDeadline + 501n);
    await refused(taskId);
    await market.conclude(taskId, 0);
    await refused(taskId);
  });

  it("are refused while too few members can be drawn", async () => {
    const w = await judged(true);
    const { rules, panel, members, taskId } = w;
    for (const member of members.slice(0, 3)) await panel.connect(member.key as never).leavePanel();
    await expect(objectTo(w, taskId, rules.requester))
      .to.be.revertedWithCustomError(panel, "DisputePanelTooFewMembers")
      .withArgs(2, 3);
    await panel.connect(members[0]?.key as never).joinPanel();
    await expect(objectTo(w, taskId, rules.requester)).to.be.revertedWithCustomError(
      panel,
      "DisputePanelTooFewMembers",
    );
  });

  it("are made and decided by delisted parties too: a right with a deadline outlives the listing", async () => {
    const w = await judged(true);
    const { rules, panel, market, taskId } = w;
    const delist = rules.contracts.Permissions.interface.encodeFunctionData("setMemberActive", [
      rules.requester.address,
      false,
    ]);
    await govern(rules, rules.at.Permissions, delist);
    expect(await rules.contracts.Permissions.isActive(rules.requester)).to.equal(false);
    await objectTo(w, taskId, rules.requester);
    await decide(w, taskId, [true, true, true]);
    await pastDelivery(rules, taskId);
    await market.conclude(taskId, 0);
    await panel.concludeDispute(taskId, 0);
    expect(await market.creditOf(rules.requester)).to.equal(RESERVE);
  });
});

describe("TaskMarket: disputed units", () => {
  const votes = {
    upheld: [true, true, true, false, undefined],
    dismissed: [false, false, true, false, undefined],
    silent: [true, true, undefined, undefined, undefined],
  };
  type Named = keyof typeof votes;

  /** Verdict, or silence; then a party objects, and the panel votes. Returns whether the agent is paid. */
  async function outcome(verdict: boolean | undefined, ruling: Named) {
    const w = await load();
    const { rules, market, panel, first, ledger } = w;
    const taskId = await deliveredTask(w);
    await pastDelivery(rules, taskId);
    if (verdict === undefined) await time.increase(501);
    else await w.byEvaluator.giveVerdict(taskId, 0, verdict, ZeroHash);
    await objectTo(w, taskId, verdict === false ? first.key : rules.requester);
    const before = (await ledger.agentOf(first.agentId)).bonded;
    const { revealDeadline } = await panel.disputeOf(taskId, 0);
    await expect(market.conclude(taskId, 0))
      .to.be.revertedWithCustomError(market, "TaskMarketUndecided")
      .withArgs(taskId, 0, revealDeadline + 1n);
    await decide(w, taskId, votes[ruling]);
    expect((await panel.rulingOf(taskId, 0)).ruling).to.equal(RULING[ruling]);
    await market.connect(rules.stranger).conclude(taskId, 0);
    const agent = await ledger.agentOf(first.agentId);
    expect([agent.running, agent.bonded], "nobody is slashed").to.deep.equal([0n, before]);
    const paid = await market.creditOf(first.key.address);
    expect(paid + (await market.creditOf(rules.requester)), "paid + refunded").to.equal(RESERVE);
    expect((await market.assignmentOf(taskId, 0)).status).to.equal(paid > 0n ? UNIT.paid : UNIT.refunded);
    return paid;
  }

  for (const [verdict, ruling, paid] of [
    [true, "upheld", false],
    [true, "dismissed", true],
    [true, "silent", true],
    [false, "upheld", true],
    [false, "dismissed", false],
    [false, "silent", false],
    [undefined, "upheld", false],
    [undefined, "dismissed", true],
    [undefined, "silent", false],
  ] as const) {
    const judged = verdict === undefined ? "unjudged" : verdict ? "accepted" : "rejected";
    it(`are ${paid ? "paid" : "refunded"} when ${judged}, and the objection is ${ruling}`, async () => {
      expect(await outcome(verdict, ruling)).to.equal(paid ? PRICE : 0n);
    });
  }

  it("wait for nothing when nobody objects", async () => {
    const w = await load();
    const taskId = await deliveredTask(w);
    await w.byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
    await time.increase(DISPUTE_WINDOW + 1n);
    await expect(w.market.conclude(taskId, 0)).to.emit(w.market, "UnitPaid");
  });

  it("end the same whether the dispute or the unit is concluded first, and by whom", async () => {
    const ends: string[] = [];
    for (const disputeFirst of [true, false]) {
      const w = await load();
      const { rules, market, panel, credits, first } = w;
      const taskId = await deliveredTask(w);
      await pastDelivery(rules, taskId);
      await w.byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
      await objectTo(w, taskId, rules.requester);
      await decide(w, taskId, votes.upheld);
      const steps = [
        () => panel.connect(disputeFirst ? rules.stranger : rules.requester).concludeDispute(taskId, 0),
        () => market.connect(disputeFirst ? first.owner : rules.stranger).conclude(taskId, 0),
      ];
      for (const step of disputeFirst ? steps : steps.reverse()) await step();
      const credit = async (account: string) => [await market.creditOf(account), await panel.creditOf(account)];
      const accounts = [rules.requester.address, first.key.address];
      const books = await Promise.all(accounts.map(credit));
      ends.push([...books.flat(), await credits.balanceOf(market), await credits.balanceOf(panel)].join(" "));
    }
    expect(ends[0]).to.equal(ends[1]);
  });

  it("are not refunded before the delivery deadline, however early the panel rules", async () => {
    const w = await load();
    const { rules, market, panel } = w;
    const taskId = await deliveredTask(w, { deliveryWindow: 10_000n });
    await w.byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
    await objectTo(w, taskId, rules.requester);
    await decide(w, taskId, votes.upheld);
    const { deliveryDeadline } = await market.assignmentOf(taskId, 0);
    expect((await panel.disputeOf(taskId, 0)).revealDeadline).to.be.lessThan(deliveryDeadline);
    await expect(market.conclude(taskId, 0))
      .to.be.revertedWithCustomError(market, "TaskMarketUndecided")
      .withArgs(taskId, 0, deliveryDeadline + 1n);
    await pastDelivery(rules, taskId);
    await expect(market.conclude(taskId, 0)).to.emit(market, "UnitRefunded");
  });

  it("bind the agent, its job and its escrow until the panel could have ruled", async () => {
    const w = await load();
    const { rules, market, panel, ledger, escrow, first } = w;
    const taskId = await deliveredTask(w);
    const { deliveryDeadline, jobId } = await market.assignmentOf(taskId, 0);
    const silence = deliveryDeadline + 500n;
    await time.increaseTo(silence + DISPUTE_WINDOW - 2n);
    await objectTo(w, taskId, rules.requester);
    const { revealDeadline } = await panel.disputeOf(taskId, 0);
    expect((await ledger.agentOf(first.agentId)).obligationUntil).to.be.at.least(revealDeadline);
    expect((await escrow.getJob(jobId)).expiredAt).to.be.greaterThan(revealDeadline);
    const { obligationUntil } = await w.tender.marketTermsOf((await market.taskOf(taskId)).tenderId);
    const { revealDeadline: bidsUntil } = await w.tender.termsOf((await market.taskOf(taskId)).tenderId);
    expect(obligationUntil - bidsUntil).to.equal(1_000n + 500n + DISPUTE_WINDOW + 300n);
  });

  it("name the winner although a stranger lets the escrow expire first", async () => {
    for (const ruling of ["upheld", "dismissed"] as const) {
      const w = await load();
      const { rules, market, escrow, credits, first } = w;
      const taskId = await deliveredTask(w);
      await w.byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
      await objectTo(w, taskId, rules.requester);
      await decide(w, taskId, votes[ruling]);
      const { jobId } = await market.assignmentOf(taskId, 0);
      await time.increaseTo((await escrow.getJob(jobId)).expiredAt);
      await escrow.connect(rules.stranger).claimRefund(jobId);
      await market.connect(rules.stranger).conclude(taskId, 0);
      expect(await market.creditOf(first.key.address)).to.equal(ruling === "upheld" ? 0n : PRICE);
      await market.withdrawFor(first.key.address);
      await market.withdrawFor(rules.requester);
      expect((await credits.balanceOf(market)) + (await credits.balanceOf(escrow))).to.equal(0n);
    }
  });

  it("keep the terms of the panel that they were posted under", async () => {
    const w = await load();
    const { rules, market, panel } = w;
    const taskId = await deliveredTask(w);
    const { panel: terms } = await market.taskOf(taskId);
    expect(terms).to.deep.equal((await market.parameters()).panel);
    await w.byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
    await objectTo(w, taskId, rules.requester);
    const dispute = await panel.disputeOf(taskId, 0);
    expect(dispute.revealDeadline - dispute.voteDeadline).to.equal(terms.voteRevealWindow);
    await toRuling(w, taskId);
    expect((await panel.rulingOf(taskId, 0)).ruling).to.equal(RULING.silent);
  });

  it("cost their requester the posting fee, which is burned", async () => {
    const w = await load();
    const supply = await w.credits.totalSupply();
    await deliveredTask(w);
    expect(supply - (await w.credits.totalSupply())).to.equal((await w.market.parameters()).postingFee);
    expect((await w.market.parameters()).postingFee).to.be.greaterThan(CREDIT / 1_000n);
  });
});
