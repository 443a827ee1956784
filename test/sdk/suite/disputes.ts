// A verdict that its loser objects to, and the panel that decides.
import { expect } from "chai";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import { readContract } from "viem/actions";
import {
  type AllotClient,
  type DisputeEvent,
  disputePanelAbi,
  type PostTaskParameters,
  runPanelMember,
  voteCommitmentOf,
} from "../../../sdk/index.ts";
import { type Actors, type Agent, credit, eventually, refused, taskTerms, until } from "./actors.ts";

const addressOf = (client: { account?: unknown }) => (client.account as LocalAccount).address;
const work = keccak256(stringToHex("1234 words"));
const firstMember = 11;
const bond = 10n * credit;
const fee = credit;

/** An agent that holds the evaluating capability and is on the panel. */
async function bringMember({ network, governor }: Actors, account: number): Promise<AllotClient> {
  const client = network.client(account);
  const { agentId } = await client.registerAgent();
  await client.setBidKey({ agentId, bidKey: client.account as LocalAccount });
  await client.depositStake({ agentId, amount: 1_000n * credit });
  await refused(client.joinPanel(), "DisputePanelUnfit");
  await governor.attestCapability({ agentId, capability: "evaluation", level: 1 });
  await client.joinPanel();
  return client;
}

/** A task that the agent won and delivered. Its price is not bound, so that a verdict may come at once. */
async function deliver(actors: Actors, agent: Agent, terms: Partial<PostTaskParameters>) {
  const { requester } = actors;
  const task = await requester.postTask(
    taskTerms(actors, { mechanism: "postedPrice", commitWindow: 3, revealWindow: 3, deliveryWindow: 5, ...terms }),
  );
  const { taskId, tenderId } = task;
  const { opening } = await agent.client.commitBid({ tenderId, amount: 2n * credit });
  await until(task.commitDeadline);
  await agent.client.revealBid({ tenderId, ...opening });
  await until(task.revealDeadline);
  const { assigned } = await requester.settleTask({ taskId });
  await agent.client.submitDelivery({ jobId: assigned[0]?.jobId ?? 0n, deliverable: work });
  return taskId;
}

export function describeDisputes(actors: () => Actors): void {
  let members: readonly AllotClient[];

  before(async function () {
    this.timeout(60_000);
    members = await Promise.all([0, 1, 2].map((index) => bringMember(actors(), firstMember + index)));
    // Members are drawn for what is posted in a later second than that in which they joined.
    const listed = await actors().requester.getPanelMembers();
    await until(Math.max(...listed.map(({ joinedAt }) => joinedAt)));
  });

  it("lets an agent object to a rejection, a panel vote, and pays what the panel upholds", async function () {
    this.timeout(120_000);
    const { requester, evaluator, reporter, agents } = actors();
    const [{ client: agent }] = agents;
    const seen: DisputeEvent[] = [];
    const unwatch = reporter.watchDisputes({ onDispute: (event) => void seen.push(event) });
    const taskId = await deliver(actors(), agents[0], { disputeWindow: 30 });
    const { disputeTerms } = await requester.getTask({ taskId });
    expect(disputeTerms).to.deep.include({ bond, fee, seats: 5, quorum: 3, voteWindow: 10, voteRevealWindow: 10 });
    expect(await requester.getDispute({ taskId })).to.equal(undefined);
    await refused(agent.objectToVerdict({ taskId }), "DisputePanelOutsideWindow");
    await evaluator.rejectTask({ taskId });
    expect(await requester.getAssignment({ taskId })).to.deep.include({ verdict: "rejected", ruling: "none" });
    await refused(requester.objectToVerdict({ taskId }), "DisputePanelNotTheLoser");

    // Two for the agent, one against; the first keeps its salt itself, the second is run by the SDK.
    const [first, second, third] = members as readonly [AllotClient, AllotClient, AllotClient];
    const told: string[] = [];
    const run = (fromBlock?: bigint) =>
      runPanelMember(second, {
        judge: async (dispute) => dispute.taskId === taskId,
        pollIntervalMs: 50,
        concludeAfterMs: 600_000,
        onEvent: ({ kind }) => void told.push(kind),
        ...(fromBlock === undefined ? {} : { fromBlock }),
      });
    const stopped = run(await second.getBlockNumber());
    const made = await agent.objectToVerdict({ taskId, reason: work });
    expect(made.bond).to.equal(bond);
    await refused(agent.objectToVerdict({ taskId }), "DisputePanelObjected");
    expect(await requester.getAssignment({ taskId })).to.deep.include({ status: "assigned", ruling: "pending" });
    const own = keccak256(stringToHex("kept by the voter"));
    await first.commitVote({ taskId, uphold: true, salt: own });
    await eventually(() => told.includes("sealed"));
    await stopped.stop();
    await third.commitVote({ taskId, uphold: false });
    await refused(third.commitVote({ taskId, uphold: true }), "DisputePanelVoteMade");
    await refused(agent.commitVote({ taskId, uphold: true }), "DisputePanelNoSeat");
    await refused(third.revealVote({ taskId }), "DisputePanelOutsideVoting");
    await until(made.voteDeadline);
    // Whoever has the opening may open a vote.
    await reporter.revealVote({ taskId, voter: addressOf(first), uphold: true, salt: own });
    await refused(third.revealVote({ taskId, uphold: true }), "DisputePanelOpeningMismatch");
    // Started again with nothing but its key, it opens what it sealed.
    const resumed = run(made.receipt.blockNumber);
    await eventually(() => told.includes("opened"));
    await third.revealVote({ taskId });
    await refused(third.revealVote({ taskId }), "DisputePanelNotSealed");
    await refused(reporter.concludeDispute({ taskId }), "DisputePanelUndecided");

    await until(made.revealDeadline);
    const ended = await reporter.concludeDispute({ taskId });
    expect(ended).to.deep.include({ ruling: "upheld", returned: bond - 3n * fee, paid: 3n * fee, burned: 0n });
    await refused(reporter.concludeDispute({ taskId }), "DisputePanelConcluded");
    const dispute = await requester.getDispute({ taskId });
    expect(dispute).to.deep.include({ ruling: "upheld", concluded: true, votes: 3, upholdWeight: 2, dismissWeight: 1 });
    expect(dispute?.seats.map(({ vote }) => vote).sort()).to.deep.equal(["dismiss", "uphold", "uphold"]);
    expect((await reporter.concludeTask({ taskId })).outcome).to.equal("paid");
    expect(await requester.getAssignment({ taskId })).to.deep.include({ status: "paid", ruling: "upheld" });
    expect((await agent.withdrawFromPanel()).amount).to.equal(bond - 3n * fee);
    expect((await reporter.withdrawFromPanel({ account: addressOf(third) })).amount).to.equal(fee);
    await eventually(() => told.includes("withdrawn"));
    await resumed.stop();
    expect(told).to.deep.equal(["sealed", "opened", "withdrawn"]);
    expect((await third.withdrawFromPanel()).amount).to.equal(0n);
    await eventually(() => seen.some(({ kind }) => kind === "concluded"));
    unwatch();
    const kinds = ["objection", "seat", "seat", "seat", "sealed", "sealed", "sealed", "opened", "opened", "opened"];
    expect(seen.filter((event) => event.taskId === taskId).map(({ kind }) => kind)).to.deep.equal([
      ...kinds,
      "concluded",
    ]);
  });

  it("agrees with the contract on what a sealed vote commits to", async () => {
    const { requester } = actors();
    const { disputePanel } = requester.allot.rules;
    const { chainId } = await requester.allot.network();
    const voter = addressOf(requester);
    for (const uphold of [true, false]) {
      const sealed = { chainId, panel: disputePanel, taskId: 3n, unit: 2, voter, uphold, salt: work };
      const args = [3n, 2n, voter, uphold, work] as const;
      const panel = { address: disputePanel, abi: disputePanelAbi } as const;
      const onChain = await readContract(requester, { ...panel, functionName: "voteCommitmentOf", args });
      expect(voteCommitmentOf(sealed)).to.equal(onChain);
    }
  });

  it("takes no objection where verdicts hold at once, and none without a panel", async function () {
    this.timeout(60_000);
    const { requester, evaluator, governor, agents } = actors();
    const [{ client: agent }, second] = agents;
    const atOnce = await deliver(actors(), agents[0], {});
    expect((await requester.getTask({ taskId: atOnce })).disputeTerms).to.equal(undefined);
    await refused(requester.objectToVerdict({ taskId: atOnce }), "DisputePanelNoDisputeWindow");
    const listed = await requester.getPanelMembers();
    expect(listed).to.have.length(3);
    const [one] = members as readonly [AllotClient];
    await refused(agent.leavePanel(), "DisputePanelNotMember");
    await one.leavePanel();
    expect(await requester.getPanelMembers()).to.have.length(2);
    const [{ organisation } = { organisation: 0 }] = await requester.getPanelMembers();
    await refused(governor.removeLapsedMember({ organisation }), "DisputePanelStillFit");
    const taskId = await deliver(actors(), second, { disputeWindow: 30 });
    await evaluator.completeTask({ taskId });
    // Two members are left, and three must vote: nothing is taken, and the verdict stands.
    await refused(requester.objectToVerdict({ taskId }), "DisputePanelTooFewMembers");
    expect(await requester.getDispute({ taskId })).to.equal(undefined);
  });
}
