import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import { type Agent, makeAgent } from "../actors.ts";
import { decide, deliveredTask, objectTo, panelWorld, toRuling } from "../disputes.ts";
import { CREDIT, type Rules } from "../fixture.ts";
import { deliver, marketWorld, pastDelivery, postTask, settledTask, type TaskOptions } from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const { time } = networkHelpers;

const OUTCOME = { paid: 0n, rejected: 1n, noShow: 2n };
const TAG = "task-outcome";
/** Code that burns all gas that it gets. */
const LOOP = "0x5b5f56";
/** Most gas of a transaction. */
const TRANSACTION_GAS_MAX = 16_777_216n;

const world = async () => await withRecorder(await marketWorld(connection));
const disputedWorld = async () => await withRecorder(await panelWorld(connection));
const load = () => networkHelpers.loadFixture(world);

async function withRecorder<W extends { readonly rules: Rules }>(w: W) {
  const { OutcomeRecorder, ReputationRegistry, IdentityRegistry } = w.rules.contracts;
  const recorder = OutcomeRecorder.connect(w.rules.stranger);
  return { ...w, recorder, reputation: ReputationRegistry, identity: IdentityRegistry };
}

type World = Awaited<ReturnType<typeof load>>;

/** A task that the first agent delivered and was paid for. */
async function paidTask(w: World, options: Partial<TaskOptions> = {}): Promise<bigint> {
  const { taskId } = await settledTask(w.rules, [[w.first, 40n * CREDIT]], options);
  await deliver(w.rules, taskId, 0, w.first);
  const evaluator = w.rules.owners.find(({ address }) => address === options.evaluator) ?? w.rules.evaluator;
  await w.market.connect(evaluator).giveVerdict(taskId, 0, true, ZeroHash);
  return taskId;
}

const summaryOf = async ({ reputation, rules }: World, { agentId }: Agent, tag2 = "") => [
  ...(await reputation.getSummary(agentId, [rules.at.OutcomeRecorder], TAG, tag2)),
];
const tallyOf = async ({ recorder }: World, { agentId }: Agent) => [...(await recorder.tallyOf(agentId))];

describe("OutcomeRecorder: outcomes", () => {
  it("become reputation once the task is closed: paid, rejected, not delivered", async () => {
    const w = await load();
    const { rules, market, recorder, first, second } = w;
    const third = w.agents[2];
    const bids = [first, second, third].map((agent, i) => [agent, BigInt(10 + i) * CREDIT] as const);
    const { taskId } = await settledTask(rules, bids, { mechanism: rules.at.UniformPrice, units: 3n });
    await deliver(rules, taskId, 0, first);
    await deliver(rules, taskId, 1, second);
    await w.byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
    await pastDelivery(rules, taskId);
    await w.byEvaluator.giveVerdict(taskId, 1, false, ZeroHash);
    await expect(recorder.recordOutcome(taskId))
      .to.be.revertedWithCustomError(recorder, "OutcomeRecorderNotClosed")
      .withArgs(taskId, 2);
    await market.conclude(taskId, 2);
    expect(await recorder.recordOutcome.staticCall(taskId)).to.equal(false);
    await expect(recorder.recordOutcome(taskId))
      .to.emit(recorder, "OutcomeRecorded")
      .withArgs(taskId, first.agentId, rules.requester, OUTCOME.paid, 1)
      .and.to.emit(recorder, "OutcomeRecorded")
      .withArgs(taskId, second.agentId, rules.requester, OUTCOME.rejected, 1)
      .and.to.emit(recorder, "OutcomeRecorded")
      .withArgs(taskId, third.agentId, rules.requester, OUTCOME.noShow, 1)
      .and.to.emit(recorder, "TaskRecorded")
      .withArgs(taskId);
    expect(await summaryOf(w, first, "paid")).to.deep.equal([1n, 100n, 0n]);
    expect(await summaryOf(w, second, "rejected")).to.deep.equal([1n, 0n, 0n]);
    expect(await summaryOf(w, third, "no-show")).to.deep.equal([1n, 0n, 0n]);
    expect(await tallyOf(w, first)).to.deep.equal([1n, 0n, 0n]);
    expect(await tallyOf(w, second)).to.deep.equal([0n, 1n, 0n]);
    expect(await tallyOf(w, third)).to.deep.equal([0n, 0n, 1n]);
  });

  it("add up over tasks, in the feedback's index too", async () => {
    const w = await load();
    await w.recorder.recordOutcome(await paidTask(w));
    const taskId = await paidTask(w);
    await expect(w.recorder.recordOutcome(taskId))
      .to.emit(w.recorder, "OutcomeRecorded")
      .withArgs(taskId, w.first.agentId, w.rules.requester, OUTCOME.paid, 2);
    expect(await tallyOf(w, w.first)).to.deep.equal([2n, 0n, 0n]);
    expect(await w.reputation.getLastIndex(w.first.agentId, w.rules.at.OutcomeRecorder)).to.equal(2n);
  });

  it("are recorded once, of tasks that were posted and ran", async () => {
    const w = await load();
    const { recorder, rules, market } = w;
    const taskId = await paidTask(w);
    await recorder.recordOutcome(taskId);
    expect(await recorder.recordedOf(taskId)).to.equal(1n);
    await expect(recorder.recordOutcome(taskId))
      .to.be.revertedWithCustomError(recorder, "OutcomeRecorderDone")
      .withArgs(taskId);
    expect(await tallyOf(w, w.first)).to.deep.equal([1n, 0n, 0n]);
    await expect(recorder.recordOutcome(99)).to.be.revertedWithCustomError(market, "TaskMarketUnknownTask");
    const cancelled = (await postTask(rules)).taskId;
    await market.connect(rules.requester).cancel(cancelled);
    await expect(recorder.recordOutcome(cancelled)).to.be.revertedWithCustomError(recorder, "OutcomeRecorderNotClosed");
  });

  it("count for each agent that failed, and for the one that took over", async () => {
    const w = await load();
    const { rules, market, recorder, first, second } = w;
    const bids = [
      [first, 10n * CREDIT],
      [second, 20n * CREDIT],
    ] as const;
    const { taskId } = await settledTask(rules, bids, { maxReassignments: 1n });
    await pastDelivery(rules, taskId);
    await market.conclude(taskId, 0);
    await market.connect(second.key as never).acceptReassignment(taskId, 0);
    await deliver(rules, taskId, 0, second);
    await w.byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
    expect(await market.failedOf(taskId)).to.deep.equal([first.key.address]);
    await recorder.recordOutcome(taskId);
    expect(await tallyOf(w, first)).to.deep.equal([0n, 0n, 1n]);
    expect(await tallyOf(w, second)).to.deep.equal([1n, 0n, 0n]);
  });

  it("say nothing of units that nobody was awarded", async () => {
    const w = await load();
    const { taskId } = await settledTask(w.rules, []);
    await expect(w.recorder.recordOutcome(taskId)).to.not.emit(w.recorder, "OutcomeRecorded");
    expect(await w.recorder.recordedOf(taskId)).to.equal(1n);
  });

  it("take several calls when there are many", async () => {
    const w = await load();
    const { taskId } = await settledTask(w.rules, [], { mechanism: w.rules.at.UniformPrice, units: 17n });
    for (const [more, recorded] of [
      [true, 8n],
      [true, 16n],
      [false, 17n],
    ] as const) {
      expect(await w.recorder.recordOutcome.staticCall(taskId)).to.equal(more);
      await w.recorder.recordOutcome(taskId);
      expect(await w.recorder.recordedOf(taskId)).to.equal(recorded);
    }
  });

  for (const { what, accepted, votes, outcome } of [
    {
      what: "an accepted delivery that the panel finds wrong is rejected",
      accepted: true,
      votes: true,
      outcome: "rejected",
    },
    { what: "a rejected delivery that the panel finds right is paid", accepted: false, votes: true, outcome: "paid" },
    {
      what: "a rejection that the panel dismisses the objection to stays one",
      accepted: false,
      votes: false,
      outcome: "rejected",
    },
  ] as const) {
    it(`follow the panel: ${what}`, async () => {
      const w = await networkHelpers.loadFixture(disputedWorld);
      const taskId = await deliveredTask(w);
      if (!accepted) await pastDelivery(w.rules, taskId);
      await w.byEvaluator.giveVerdict(taskId, 0, accepted, ZeroHash);
      await objectTo(w, taskId, accepted ? w.rules.requester : w.first.key);
      await decide(w, taskId, [votes, votes, votes]);
      await pastDelivery(w.rules, taskId).catch(() => undefined);
      await w.market.conclude(taskId, 0);
      await expect(w.recorder.recordOutcome(taskId))
        .to.emit(w.recorder, "OutcomeRecorded")
        .withArgs(taskId, w.first.agentId, w.rules.requester, OUTCOME[outcome], 1);
    });
  }

  it("say nothing of a delivery that evaluator and panel were silent about", async () => {
    const w = await networkHelpers.loadFixture(disputedWorld);
    const taskId = await deliveredTask(w);
    const { deliveryDeadline } = await w.market.assignmentOf(taskId, 0);
    await time.increaseTo(deliveryDeadline + 501n);
    await objectTo(w, taskId, w.rules.requester);
    await toRuling(w, taskId);
    await expect(w.market.conclude(taskId, 0)).to.emit(w.market, "UnitRefunded");
    await expect(w.recorder.recordOutcome(taskId)).to.not.emit(w.recorder, "OutcomeRecorded");
    expect(await tallyOf(w as never, w.first)).to.deep.equal([0n, 0n, 0n]);
  });
});

describe("OutcomeRecorder: whom it believes", () => {
  it("nobody of the requester's organisation, whoever owned the agent when it worked", async () => {
    const w = await load();
    const { rules, identity, first } = w;
    const taskId = await paidTask(w);
    await identity.connect(first.owner).transferFrom(first.owner, rules.requester, first.agentId);
    await expect(w.recorder.recordOutcome(taskId)).to.not.emit(w.recorder, "OutcomeRecorded");
    expect(await tallyOf(w, first)).to.deep.equal([0n, 0n, 0n]);
  });

  it("no evaluator of the agent's own organisation, which the posted price permits", async () => {
    const w = await load();
    const { rules, first } = w;
    const terms = { mechanism: rules.at.PostedPrice as string };
    await expect(w.recorder.recordOutcome(await paidTask(w, { ...terms, evaluator: first.owner.address }))).to.not.emit(
      w.recorder,
      "OutcomeRecorded",
    );
    await expect(w.recorder.recordOutcome(await paidTask(w, terms))).to.emit(w.recorder, "OutcomeRecorded");
  });

  it("counts outcomes itself, so that an agent that makes it its operator escapes the registry alone", async () => {
    const w = await load();
    const { rules, identity, first } = w;
    const taskId = await paidTask(w);
    await identity.connect(first.owner).setApprovalForAll(rules.at.OutcomeRecorder, true);
    await expect(w.recorder.recordOutcome(taskId))
      .to.emit(w.recorder, "OutcomeRecorded")
      .withArgs(taskId, first.agentId, rules.requester, OUTCOME.paid, 0);
    expect(await tallyOf(w, first)).to.deep.equal([1n, 0n, 0n]);
    expect(await summaryOf(w, first)).to.deep.equal([0n, 0n, 0n]);
  });
});

describe("OutcomeRecorder: a registry that fails", () => {
  for (const [what, code] of [
    ["reverts", "0x5f5ffd"],
    ["loops for ever", LOOP],
  ] as const) {
    it(`stops nothing when it ${what}`, async () => {
      const w = await load();
      const taskId = await paidTask(w);
      await networkHelpers.setCode(w.rules.at.ReputationRegistry, code);
      await expect(w.recorder.recordOutcome(taskId))
        .to.emit(w.recorder, "OutcomeRecorded")
        .withArgs(taskId, w.first.agentId, w.rules.requester, OUTCOME.paid, 0);
      expect(await tallyOf(w, w.first)).to.deep.equal([1n, 0n, 0n]);
    });
  }

  it("takes no more than its share of the gas, however much of it it burns, for as many outcomes as one call has", async () => {
    const w = await load();
    const { rules, recorder, agents } = w;
    const count = Number(await recorder.OUTCOMES_PER_CALL());
    const bidders = [...agents];
    while (bidders.length < count) bidders.push(await makeAgent(rules, bidders.length));
    const bids = bidders.map((agent, i) => [agent, BigInt(10 + i) * CREDIT] as const);
    const terms = { mechanism: rules.at.UniformPrice, units: BigInt(count) };
    const { taskId } = await settledTask(rules, bids, terms);
    for (const [unit, agent] of bidders.entries()) {
      await deliver(rules, taskId, unit, agent);
      await w.byEvaluator.giveVerdict(taskId, unit, true, ZeroHash);
    }
    await networkHelpers.setCode(rules.at.ReputationRegistry, LOOP);
    const receipt = await (await recorder.recordOutcome(taskId, { gasLimit: TRANSACTION_GAS_MAX })).wait();
    const share = await recorder.FEEDBACK_GAS();
    expect(receipt?.gasUsed).to.be.within(BigInt(count) * share, BigInt(count) * (share + 200_000n));
    for (const agent of bidders) expect(await tallyOf(w, agent)).to.deep.equal([1n, 0n, 0n]);
  });

  it("is not made to fail by a caller that leaves it too little gas", async () => {
    const w = await load();
    const taskId = await paidTask(w);
    let refused = 0;
    let recorded = 0;
    for (let gasLimit = 200_000n; gasLimit <= 2_000_000n; gasLimit += 100_000n) {
      const snapshot = await networkHelpers.takeSnapshot();
      const sent = w.recorder.recordOutcome(taskId, { gasLimit }).then((answer) => answer.wait());
      const receipt = await sent.catch(() => null);
      if (receipt === null) refused++;
      else {
        recorded++;
        expect(await summaryOf(w, w.first), `${gasLimit} gas`).to.deep.equal([1n, 100n, 0n]);
      }
      await snapshot.restore();
    }
    expect(refused).to.be.above(0);
    expect(recorded).to.be.above(0);
  });

  it("gets more than twice the gas that it takes", async () => {
    const w = await load();
    const taskId = await paidTask(w);
    const before = await w.recorder.FEEDBACK_GAS();
    const receipt = await (await w.recorder.recordOutcome(taskId)).wait();
    expect((receipt?.gasUsed ?? 0n) * 2n).to.be.below(before);
  });
});
