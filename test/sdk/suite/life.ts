// A task from its posting to both sides' money, and what the rules refuse on the way.
import { expect } from "chai";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import { readContract } from "viem/actions";
import { hashBid, marketDomain, type PostedTask, sealedBidTenderAbi } from "../../../sdk/index.ts";
import { type Actors, type Agent, credit, refused, taskTerms, until } from "./actors.ts";

const addressOf = (client: { account?: unknown }) => (client.account as LocalAccount).address;
const work = keccak256(stringToHex("1234 words"));

export function describeLife(actors: () => Actors): void {
  it("leads a task through its whole life, from posting to both sides' money", async function () {
    this.timeout(60_000);
    const { requester, evaluator, agents } = actors();
    const [cheap, middle, dear] = agents;
    const seen: PostedTask[] = [];
    const unwatch = actors()
      .network.client(3)
      .watchTasks({ onTask: (task) => void seen.push(task) });
    const before = await requester.getCredits({ account: addressOf(requester) });
    const task = await requester.postTask(taskTerms(actors()));
    const { taskId, tenderId } = task;
    expect(await requester.getTask({ taskId })).to.deep.include({ status: "open", tenderId, units: 1 });
    expect(await requester.getTender({ tenderId })).to.deep.include({ phase: "commit", mechanism: "vickrey" });

    const committed = await Promise.all([
      cheap.client.commitBid({ tenderId, amount: 2n * credit }),
      middle.client.commitBid({ tenderId, amount: 3n * credit }),
      // Signed by one, relayed by another who pays nothing for it.
      dear.client.signBid({ tenderId, amount: 4n * credit }).then(async ({ bid, signature, opening }) => {
        await actors().reporter.relayBid({ bid, signature });
        return { opening };
      }),
    ]);
    expect((await cheap.client.getAgent({ agentId: cheap.agentId })).locked).to.equal(credit);
    await until(task.commitDeadline);
    await Promise.all(
      committed.map(({ opening }, index) => (agents[index] as Agent).client.revealBid({ tenderId, ...opening })),
    );
    const bids = await requester.getBids({ tenderId });
    expect(bids.map(({ amount }) => amount).sort()).to.deep.equal([2n * credit, 3n * credit, 4n * credit]);

    await until(task.revealDeadline);
    const { assigned } = await requester.settleTask({ taskId });
    // Vickrey: the cheapest wins and is paid the second price.
    expect(assigned).to.have.length(1);
    const [award] = assigned;
    expect(award).to.deep.include({ agentId: cheap.agentId, price: 3n * credit, unit: 0, round: 0 });
    const jobId = award?.jobId as bigint;
    await cheap.client.submitDelivery({ jobId, deliverable: work });
    expect(await requester.getJob({ jobId })).to.deep.include({ status: "submitted", deliverable: work });
    await evaluator.completeTask({ taskId });
    expect(await requester.getTask({ taskId })).to.deep.include({ status: "closed", openUnits: 0 });
    expect(await requester.getAssignment({ taskId })).to.deep.include({ status: "paid", verdict: "accepted" });

    const earned = await cheap.client.withdrawPayment();
    expect(earned.amount).to.equal(3n * credit);
    expect((await requester.withdrawPayment()).amount).to.equal(7n * credit);
    const now = await requester.getCredits({ account: addressOf(requester) });
    const fee = credit / 100n;
    expect(before.balance - now.balance).to.equal(3n * credit + fee);
    unwatch();
    expect(seen.map((posted) => posted.taskId)).to.include(taskId);
    const posted = seen.find((one) => one.taskId === taskId);
    expect(posted).to.deep.include({ tenderId, uri: "file:README.md", mechanism: "vickrey", reserve: 10n * credit });
  });

  it("agrees with the contracts on domains and digests", async () => {
    const { requester } = actors();
    const { rules } = requester.allot;
    const { chainId, networkId } = await requester.allot.network();
    const domain = marketDomain({ chainId, networkId, verifyingContract: rules.sealedBidTender });
    const bid = { tenderId: work, agentId: 5n, slot: 0n, commitment: keccak256(work) };
    const tender = { address: rules.sealedBidTender, abi: sealedBidTenderAbi } as const;
    const digest = await readContract(requester, { ...tender, functionName: "bidDigest", args: [bid] });
    expect(hashBid(domain, bid)).to.equal(digest);
  });

  it("says which rule refused a call, why, and what to do", async function () {
    this.timeout(60_000);
    const { requester, reporter, agents } = actors();
    const [agent] = agents;
    const { taskId, tenderId } = await requester.postTask(taskTerms(actors(), { commitWindow: 60 }));
    const error = await refused(requester.settleTask({ taskId }), "TenderNotFinalizable");
    expect(error.message)
      .to.match(/Settle after the reveal deadline/)
      .and.include(`tenderId: ${tenderId}`);
    expect(error.code).to.equal("RULE_REFUSED");
    expect(error.transactionHash, "found out on chain, since the clock decides").to.match(/^0x/);
    await refused(requester.getTask({ taskId: 10n ** 6n }), "TaskMarketUnknownTask");
    await refused(
      requester.postTask(taskTerms(actors(), { evaluator: addressOf(requester) })),
      "TaskMarketInvalidEvaluator",
    );
    await refused(requester.postTask(taskTerms(actors(), { commitWindow: 0 })), "TaskMarketInvalidWindow");
    await refused(reporter.cancelTask({ taskId }), "TaskMarketUnauthorized");
    await refused(agent.client.requestUnbonding({ agentId: agent.agentId, amount: 10n ** 12n }), "LedgerStakeShort");
    await refused(reporter.setCapacity({ agentId: agent.agentId, capacity: 1 }), "LedgerNotOwner");
    const short = await refused(agent.client.revealBid({ tenderId, amount: credit, salt: work }), "TenderNotRevealing");
    expect(short.facts).to.deep.include({ rule: "TenderNotRevealing", tenderId });
    await requester.cancelTask({ taskId });
    expect(await requester.getTask({ taskId })).to.deep.include({ status: "cancelled" });
  });

  it("refuses a bid without the capability that the task requires, until it is attested, and once it is revoked", async function () {
    this.timeout(60_000);
    const { requester, governor, agents } = actors();
    const [agent, other] = agents;
    const requirements = [{ capability: "count-words", level: 2 }];
    const { tenderId } = await requester.postTask(taskTerms(actors(), { commitWindow: 60, requirements }));
    const bid = { tenderId, amount: 2n * credit };
    await refused(agent.client.commitBid(bid), "LedgerCapabilityMissing");
    const attested = { agentId: agent.agentId, capability: "count-words" };
    await governor.attestCapability({ ...attested, level: 1 });
    await refused(agent.client.commitBid(bid), "LedgerCapabilityMissing");
    await governor.attestCapability({ ...attested, level: 2 });
    expect(await governor.getCapability(attested)).to.deep.include({ level: 2, attester: addressOf(governor) });
    await agent.client.commitBid(bid);
    const { uid } = await governor.attestCapability({ agentId: other.agentId, capability: "count-words", level: 3 });
    await governor.revokeCapability({ uid });
    await refused(other.client.commitBid(bid), "LedgerCapabilityMissing");
  });

  it("slashes an agent that delivers nothing and reassigns its unit to the next", async function () {
    this.timeout(60_000);
    const { requester, evaluator, agents } = actors();
    const [first, second] = agents;
    const terms = { mechanism: "firstPrice", maxReassignments: 1, acceptanceWindow: 20 } as const;
    const task = await requester.postTask(taskTerms(actors(), { ...terms, verdictWindow: 30 }));
    const { taskId, tenderId } = task;
    const a = await first.client.commitBid({ tenderId, amount: 2n * credit });
    const b = await second.client.commitBid({ tenderId, amount: 3n * credit });
    await until(task.commitDeadline);
    await Promise.all([
      first.client.revealBid({ tenderId, ...a.opening }),
      second.client.revealBid({ tenderId, ...b.opening }),
    ]);
    await until(task.revealDeadline);
    const { assigned } = await requester.settleTask({ taskId });
    expect(assigned[0]).to.deep.include({ agentId: first.agentId, price: 2n * credit });
    const stakeBefore = (await first.client.getAgent({ agentId: first.agentId })).bonded;
    await refused(requester.concludeTask({ taskId }), "TaskMarketUndecided");
    await until(assigned[0]?.deliveryDeadline ?? 0);
    const concluded = await requester.concludeTask({ taskId });
    expect(concluded).to.deep.include({ outcome: "offered", noShow: true });
    const stakeNow = (await first.client.getAgent({ agentId: first.agentId })).bonded;
    // First price: what the agent saved by not delivering is reserve − price.
    expect(stakeBefore - stakeNow).to.equal(8n * credit);
    expect(await requester.getCandidate({ taskId })).to.deep.include({
      bidder: addressOf(second.client),
      price: 3n * credit,
    });
    await refused(first.client.acceptReassignment({ taskId }), "TaskMarketNotCandidate");
    const taken = await second.client.acceptReassignment({ taskId });
    expect(taken.assigned).to.deep.include({ agentId: second.agentId, round: 1 });
    await second.client.submitDelivery({ jobId: taken.assigned.jobId, deliverable: work });
    await evaluator.completeTask({ taskId });
    expect(await requester.getAssignment({ taskId })).to.deep.include({
      status: "paid",
      round: 1,
      agentId: second.agentId,
    });
  });
}
