// Credits, and the ledger of agents: what owners call, and what modules call.
import { id, Signature, ZeroHash } from "ethers";
import { addStake, makeAgent, newKey, ownerAt, proofOf, registerAgent } from "../actors.ts";
import { CREDIT, PARAMETERS } from "../fixture.ts";
import type { GasBook } from "./gasBook.ts";

const LOCK = 10n * CREDIT;
const STAKE = 1_000n * CREDIT;
const FAR_DEADLINE = 2n ** 40n;
const PERMIT = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

export async function creditCalls(gas: GasBook): Promise<void> {
  const { rules } = gas;
  const { Credits: credits } = rules.contracts;
  const [holder, other] = [rules.reporter, ownerAt(rules, 12)];
  for (let i = 0; i < 2; i++) await gas.send("Credits", "transfer", holder, rules.stranger.address, CREDIT);
  await gas.send("Credits", "approve", holder, other.address, 3n * CREDIT);
  await gas.send("Credits", "transferFrom", other, holder.address, other.address, CREDIT);
  await gas.send("Credits", "burnFrom", other, holder.address, CREDIT);
  await gas.send("Credits", "burn", holder, CREDIT);
  await gas.sendAs("Operators", "Credits", "issue", holder.address, CREDIT);
  const { chainId } = await rules.connection.ethers.provider.getNetwork();
  const { name, version, verifyingContract } = await credits.eip712Domain();
  const message = { owner: holder.address, spender: other.address, value: CREDIT, nonce: 0n, deadline: FAR_DEADLINE };
  const domain = { name, version, chainId, verifyingContract };
  const { v, r, s } = Signature.from(await holder.signTypedData(domain, PERMIT, message));
  await gas.send("Credits", "permit", other, holder.address, other.address, CREDIT, FAR_DEADLINE, v, r, s);
}

/** An agent's life with its owner. */
export async function agentCalls(gas: GasBook): Promise<void> {
  const { rules } = gas;
  const { AgentLedger: ledger, Credits: credits, Permissions: permissions } = rules.contracts;
  const owner = ownerAt(rules, 12);
  const agentId = await registerAgent(rules, 12);
  for (let i = 0; i < 2; i++) {
    const key = await newKey(rules);
    const nonce = await ledger.keyNonceOf(agentId);
    const proof = await proofOf(rules, key, agentId, owner.address, nonce);
    await gas.send("AgentLedger", "setBidKey", owner, agentId, key.address, FAR_DEADLINE, proof);
    if (i === 1) await gas.send("AgentLedger", "revokeBidKey", key, key.address);
  }
  for (let i = 0; i < 2; i++) {
    await (await credits.connect(owner).approve(rules.at.AgentLedger, STAKE)).wait();
    await gas.send("AgentLedger", "stake", owner, agentId, STAKE);
  }
  await gas.send("AgentLedger", "setCapacity", owner, agentId, 10);
  await gas.send("AgentLedger", "requestUnbonding", owner, agentId, STAKE);
  const { readyAt } = await ledger.unbondingOf(agentId);
  await rules.connection.networkHelpers.time.increaseTo(readyAt);
  await gas.send("AgentLedger", "withdrawUnbonded", rules.stranger, agentId);
  const { organisation } = await ledger.agentOf(agentId);
  for (const active of [false, true]) {
    await gas.sendAs("Operators", "Permissions", "setOrganisationActive", organisation, active);
  }
  await permissions.organisation(organisation);
}

/** What tender, market, slashing modules, resolver and identity registry call. */
export async function ledgerModuleCalls(gas: GasBook): Promise<void> {
  const { rules } = gas;
  const { AgentLedger: ledger } = rules.contracts;
  const agent = await makeAgent(rules, 13, STAKE);
  const { agentId, key } = agent;
  const openedAt = await rules.connection.networkHelpers.time.latest();
  const admit = async () =>
    await gas.sendAs(
      "SealedBidTender",
      "AgentLedger",
      "admitBid",
      key.address,
      openedAt,
      FAR_DEADLINE / 256n,
      LOCK,
      STAKE,
      ZeroHash,
      0n,
    );
  for (let i = 0; i < 4; i++) await admit();
  await gas.sendAs("SealedBidTender", "AgentLedger", "releaseLock", key.address, LOCK);
  await gas.sendAs("SealedBidTender", "AgentLedger", "endCommitments", [key.address]);
  await gas.sendAs("SealedBidTender", "AgentLedger", "burnCommitments", [key.address], LOCK);
  await gas.sendAs("TaskMarket", "AgentLedger", "dropCommitment", agentId);
  await gas.sendAs("TaskMarket", "AgentLedger", "startJob", agentId, FAR_DEADLINE / 256n);
  await gas.sendAs("TaskMarket", "AgentLedger", "finishJob", agentId);
  await gas.sendAs("TaskMarket", "AgentLedger", "startReassignedJob", agentId, FAR_DEADLINE / 256n);
  await gas.sendAs("TaskMarket", "AgentLedger", "finishJob", agentId);
  const cache = [agentId, id("digest"), FAR_DEADLINE, 2, rules.operator.address, true] as const;
  for (let i = 0; i < 2; i++) await gas.sendAs("CapabilityResolver", "AgentLedger", "cacheCapability", ...cache);
  await gas.sendAs(
    "CapabilityResolver",
    "AgentLedger",
    "clearCapability",
    agentId,
    id("digest"),
    rules.operator.address,
    true,
  );
  for (const standing of [false, true]) {
    await gas.sendAs("AttesterRegistry", "AgentLedger", "setAttesterStanding", rules.operator.address, standing);
  }
  for (const listed of [false, true]) {
    await gas.sendAs("Permissions", "AgentLedger", "setOrganisationListed", agent.organisation, listed);
    await gas.sendAs("Permissions", "AgentLedger", "setMemberListed", agent.owner.address, listed);
  }
  await gas.sendAs("BidEquivocation", "AgentLedger", "openFault", agentId);
  await gas.sendAs("BidEquivocation", "AgentLedger", "closeFault", agentId);
  const slash = (fault: string, suspend: boolean) =>
    [id(fault), agentId, CREDIT, PARAMETERS.rewardShareBps, suspend] as const;
  await gas.sendAs("BidEquivocation", "AgentLedger", "slash", ...slash("a fault", false));
  await gas.sendAs("BidEquivocation", "AgentLedger", "payReward", id("a fault"), rules.reporter.address);
  await gas.sendAs("BidEquivocation", "AgentLedger", "slash", ...slash("another", true));
  await gas.sendAs("Operators", "AgentLedger", "reinstate", agentId);
  await rules.connection.networkHelpers.time.increase(PARAMETERS.rewardClaimSeconds + 1n);
  await gas.send("AgentLedger", "burnUnclaimedReward", rules.stranger, id("another"));
  const { readyAt } = await ledger.rewardOf(rules.reporter.address);
  await rules.connection.networkHelpers.time.increaseTo(readyAt);
  await gas.send("AgentLedger", "withdrawReward", rules.stranger, rules.reporter.address);
  await addStake(rules, agentId, agent.owner, CREDIT);
  await gas.sendAs(
    "IdentityRegistry",
    "AgentLedger",
    "agentTransferred",
    agentId,
    agent.owner.address,
    rules.reporter.address,
  );
}
