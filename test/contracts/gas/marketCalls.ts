// A task's life, a tender's, and the escrow on its own.
import { id, ZeroAddress, ZeroHash } from "ethers";
import { cacheCapability, commitmentOf, openingOf, signBid, tenderTerms, toFinalize, toReveal } from "../actors.ts";
import type { PanelWorld } from "../disputes.ts";
import { CREDIT } from "../fixture.ts";
import { BIDDERS_MAX, fillTender } from "../fullTender.ts";
import { bid, DELIVERABLE, FEE, pastDelivery, postTask, RESERVE, taskTerms } from "../tasks.ts";
import type { GasBook } from "./gasBook.ts";

const REASON = id("reason");

export async function taskCalls(gas: GasBook, w: PanelWorld): Promise<void> {
  const { rules, market, credits, first, second } = w;
  const post = async (options: object) => {
    await (await credits.connect(rules.requester).approve(market, 4n * (RESERVE + FEE))).wait();
    await gas.send("TaskMarket", "post", rules.requester, taskTerms(rules, options));
    const taskId = await market.taskCount();
    return { taskId, tenderId: (await market.taskOf(taskId)).tenderId };
  };
  const cancelled = await post({});
  await gas.send("TaskMarket", "cancel", rules.requester, cancelled.taskId);
  const requirements = [{ capability: id("digest"), level: 1, attester: ZeroAddress }];
  await post({ requirements, disputeWindow: 300n });
  const { taskId, tenderId } = await post({ units: 2n, maxReassignments: 1n });
  const amounts = w.agents.map((agent, index) => [agent, BigInt(30 + 10 * index) * CREDIT] as const);
  await bid(rules, tenderId, amounts);
  await gas.send("TaskMarket", "settle", rules.stranger, taskId);
  await deliver(gas, w, taskId, 0n);
  await gas.send("TaskMarket", "giveVerdict", rules.evaluator, taskId, 0n, true, ZeroHash);
  await pastDelivery(rules, taskId, 1);
  await gas.send("TaskMarket", "conclude", rules.stranger, taskId, 1n);
  await gas.send("TaskMarket", "acceptReassignment", w.agents[2].key, taskId, 1n);
  await deliver(gas, w, taskId, 1n);
  const { deliveryDeadline } = await market.assignmentOf(taskId, 1);
  await rules.connection.networkHelpers.time.increaseTo(deliveryDeadline + 600n);
  await gas.send("TaskMarket", "conclude", rules.stranger, taskId, 1n);
  await gas.send("OutcomeRecorder", "recordOutcome", rules.stranger, taskId);
  for (const account of [rules.requester.address, first.key.address, second.key.address]) {
    await gas.send("TaskMarket", "withdrawFor", rules.stranger, account);
  }
}

async function deliver(
  gas: GasBook,
  { rules, market, agents }: PanelWorld,
  taskId: bigint,
  unit: bigint,
): Promise<void> {
  const { jobId, provider } = await market.assignmentOf(taskId, unit);
  const agent = agents.find(({ key }) => key.address === provider);
  if (agent === undefined) throw new RangeError(`unit ${unit} of task ${taskId} is nobody's`);
  await gas.send("JobEscrow", "submit", agent.key, jobId, DELIVERABLE, "0x");
  await rules.contracts.JobEscrow.submissionOf(jobId);
}

export async function tenderCalls(gas: GasBook, w: PanelWorld): Promise<void> {
  const { rules, tender, agents } = w;
  const open = async (options: object) => {
    const { terms, market } = await tenderTerms(rules, options);
    const count = await tender.tenderCount(rules.at.TaskMarket);
    await gas.sendAs("TaskMarket", "SealedBidTender", "openMarketTender", terms, market);
    const coder = rules.connection.ethers.AbiCoder.defaultAbiCoder();
    const { chainId } = await rules.connection.ethers.provider.getNetwork();
    const words = [chainId, rules.at.SealedBidTender, rules.at.TaskMarket, count];
    return rules.connection.ethers.keccak256(coder.encode(["uint256", "address", "address", "uint256"], words));
  };
  await gas.sendAs("TaskMarket", "SealedBidTender", "cancelTender", await open({}));
  const capability = id("digest");
  for (const agent of agents) await cacheCapability(rules, agent.agentId, capability, { level: 2 });
  const tenderId = await open({ requirements: [{ capability, level: 2, attester: ZeroAddress }] });
  const [first, second, third] = agents;
  const commitmentOfAgent = (agent: typeof first) => commitmentOf(tenderId, agent.key.address, openingOf(5n));
  for (const agent of [first, second]) {
    await gas.send("SealedBidTender", "commitBid", agent.key, tenderId, commitmentOfAgent(agent));
  }
  const commitment = commitmentOfAgent(third);
  const signature = await signBid(rules, tenderId, third.agentId, third.key, commitment);
  const statement = { tenderId, agentId: third.agentId, slot: 0n, commitment };
  await gas.send("SealedBidTender", "commitBidFor", rules.stranger, statement, signature);
  await toReveal(rules, tenderId);
  const { amount, salt } = openingOf(5n);
  await gas.send("SealedBidTender", "revealBid", first.key, tenderId, amount, salt);
  await gas.send("SealedBidTender", "revealBidFor", rules.stranger, tenderId, second.key.address, amount, salt);
  await toFinalize(rules, tenderId);
  await gas.send("SealedBidTender", "finalize", rules.stranger, tenderId);
}

/** Finalizing the largest tender; agents of its storage stand where real ones do, so it comes last. */
export async function fullTenderCalls(gas: GasBook, rules: PanelWorld["rules"]): Promise<void> {
  for (const [mechanism, units] of [
    ["Vickrey", 1n],
    ["FirstPrice", 256n],
    ["UniformPrice", 128n],
  ] as const) {
    const { terms, market } = await tenderTerms(rules, {
      mechanism: rules.at[mechanism],
      units,
      maxBidders: BigInt(BIDDERS_MAX),
    });
    await gas.sendAs("TaskMarket", "SealedBidTender", "openMarketTender", terms, market);
    const count = await rules.contracts.SealedBidTender.tenderCount(rules.at.TaskMarket);
    const coder = rules.connection.ethers.AbiCoder.defaultAbiCoder();
    const { chainId } = await rules.connection.ethers.provider.getNetwork();
    const words = [chainId, rules.at.SealedBidTender, rules.at.TaskMarket, count - 1n];
    const tenderId = rules.connection.ethers.keccak256(
      coder.encode(["uint256", "address", "address", "uint256"], words),
    );
    await gas.sendAs("Operators", "Credits", "issue", rules.operator.address, 256_000n * CREDIT);
    await fillTender(rules, tenderId);
    await toFinalize(rules, tenderId);
    const label = `256 bids, ${mechanism}, ${units} ${units === 1n ? "unit" : "units"}`;
    await gas.sendCase(label, "SealedBidTender", "finalize", rules.stranger, tenderId);
  }
}

/** ERC-8183 without a task market. */
export async function escrowCalls(gas: GasBook, { rules, credits, escrow, first }: PanelWorld): Promise<void> {
  const client = rules.requester;
  const provider = first.key;
  const budget = 10n * CREDIT;
  const job = async (funded: boolean) => {
    const expiredAt = BigInt(await rules.connection.networkHelpers.time.latest()) + 1_000n;
    const none = [ZeroAddress, rules.evaluator.address, expiredAt, "a job", ZeroAddress] as const;
    await gas.send("JobEscrow", "createJob", client, ...none);
    const jobId = await escrow.jobCount();
    await gas.send("JobEscrow", "setProvider", client, jobId, provider.address, "0x");
    await gas.send("JobEscrow", "setBudget", client, jobId, budget, "0x");
    if (!funded) return jobId;
    await (await credits.connect(client).approve(rules.at.JobEscrow, budget)).wait();
    await gas.send("JobEscrow", "fund", client, jobId, budget, "0x");
    return jobId;
  };
  await gas.send("JobEscrow", "reject", client, await job(false), REASON, "0x");
  const done = await job(true);
  await gas.send("JobEscrow", "submit", provider, done, DELIVERABLE, "0x");
  await gas.send("JobEscrow", "complete", rules.evaluator, done, REASON, "0x");
  await gas.send("JobEscrow", "withdrawFor", rules.stranger, provider.address);
  const rejected = await job(true);
  await gas.send("JobEscrow", "submit", provider, rejected, DELIVERABLE, "0x");
  await gas.send("JobEscrow", "reject", rules.evaluator, rejected, REASON, "0x");
  const expired = await job(true);
  await rules.connection.networkHelpers.time.increase(2_000n);
  await gas.send("JobEscrow", "claimRefund", rules.stranger, expired);
  await postTask(rules);
}
