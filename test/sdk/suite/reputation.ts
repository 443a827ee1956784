// What clients say of agents.
import { expect } from "chai";
import { keccak256, type LocalAccount } from "viem";
import { type Actors, credit, refused, taskTerms, until } from "./actors.ts";

export function describeReputation(actors: () => Actors): void {
  it("records what became of a closed task as reputation, once", async function () {
    this.timeout(60_000);
    const { requester, evaluator, reporter, agents } = actors();
    const [{ agentId, client }] = agents;
    const before = await reporter.getTally({ agentId });
    const windows = { commitWindow: 3, revealWindow: 3, deliveryWindow: 5 };
    const task = await requester.postTask(taskTerms(actors(), { mechanism: "postedPrice", ...windows }));
    const { taskId, tenderId } = task;
    await refused(reporter.recordOutcome({ taskId }), "OutcomeRecorderNotClosed");
    const { opening } = await client.commitBid({ tenderId, amount: credit });
    await until(task.commitDeadline);
    await client.revealBid({ tenderId, ...opening });
    await until(task.revealDeadline);
    const { assigned } = await requester.settleTask({ taskId });
    await client.submitDelivery({ jobId: assigned[0]?.jobId ?? 0n, deliverable: keccak256("0x01") });
    await evaluator.completeTask({ taskId });
    const { outcomes, complete } = await reporter.recordOutcome({ taskId });
    expect(complete).to.equal(true);
    expect(outcomes).to.deep.equal([{ agentId, outcome: "paid", feedbackIndex: 1n }]);
    expect(await reporter.getTally({ agentId })).to.deep.equal({ ...before, paid: before.paid + 1n });
    const clients = [reporter.allot.rules.outcomeRecorder];
    const summary = await reporter.getReputationSummary({ agentId, clients, tag1: "task-outcome", tag2: "paid" });
    expect(summary).to.deep.equal({ count: 1n, value: 100n, valueDecimals: 0 });
    await refused(reporter.recordOutcome({ taskId }), "OutcomeRecorderDone");
  });

  it("gives feedback, sums it up, and takes it back", async function () {
    this.timeout(60_000);
    const { requester, agents } = actors();
    const [{ agentId, client: owner }] = agents;
    const clients = [(requester.account as LocalAccount).address];
    const { feedbackIndex } = await requester.giveFeedback({ agentId, value: 875n, valueDecimals: 1, tag1: "starred" });
    expect(feedbackIndex).to.equal(1n);
    const summary = () => requester.getReputationSummary({ agentId, clients, tag1: "starred" });
    expect(await summary()).to.deep.equal({ count: 1n, value: 875n, valueDecimals: 1 });
    await refused(owner.giveFeedback({ agentId, value: 100n }), "ReputationSelfFeedback");
    await refused(requester.getReputationSummary({ agentId, clients: [] }), "ReputationClientsMissing");
    await requester.revokeFeedback({ agentId, feedbackIndex });
    expect(await summary()).to.deep.equal({ count: 0n, value: 0n, valueDecimals: 0 });
    await refused(requester.revokeFeedback({ agentId, feedbackIndex }), "ReputationFeedbackRevoked");
  });

  it("reads feedback one by one and filtered, revoked or not, and counts responses", async function () {
    this.timeout(60_000);
    const { requester, evaluator, reporter, agents } = actors();
    const [, { agentId }] = agents;
    const author = (requester.account as LocalAccount).address;
    const { feedbackIndex } = await requester.giveFeedback({ agentId, value: -5n, valueDecimals: 1, tag1: "speed" });
    await requester.giveFeedback({ agentId, value: 7n, tag1: "care", tag2: "words" });
    await evaluator.giveFeedback({ agentId, value: 9n, tag1: "care" });
    const first = await reporter.readFeedback({ agentId, client: author, feedbackIndex });
    const expected = { agentId, client: author, feedbackIndex, value: -5n, valueDecimals: 1, tag1: "speed", tag2: "" };
    expect(first).to.deep.equal({ ...expected, revoked: false });
    await refused(reporter.readFeedback({ agentId, client: author, feedbackIndex: 99n }), "ReputationFeedbackUnknown");
    await requester.revokeFeedback({ agentId, feedbackIndex });
    const values = async (filter: object) =>
      (await reporter.readAllFeedback({ agentId, ...filter })).map(({ value }) => value);
    expect(await values({})).to.deep.equal([7n, 9n]);
    expect(await values({ includeRevoked: true })).to.deep.equal([-5n, 7n, 9n]);
    expect(await values({ clients: [author] })).to.deep.equal([7n]);
    expect(await values({ tag1: "care", tag2: "words" })).to.deep.equal([7n]);

    const responders = [(reporter.account as LocalAccount).address];
    const responses = (filter: object) => requester.getResponseCount({ agentId, client: author, ...filter });
    await reporter.appendResponse({ agentId, client: author, feedbackIndex: 2n, uri: "https://agent.example/thanks" });
    await evaluator.appendResponse({ agentId, client: author, feedbackIndex: 2n, uri: "https://spam.example/" });
    expect(await responses({ feedbackIndex: 2n })).to.equal(2n);
    expect(await responses({ feedbackIndex: 2n, responders })).to.equal(1n);
    expect(await responses({ feedbackIndex: 1n })).to.equal(0n);
    await refused(
      reporter.appendResponse({ agentId, client: author, feedbackIndex: 99n, uri: "https://agent.example/" }),
      "ReputationFeedbackUnknown",
    );
  });
}
