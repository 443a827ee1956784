import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { storageSlots } from "../../../contracts/deploy/storage.ts";
import { cacheCapability, makeAgent, ownerAt, registerAgent } from "../actors.ts";
import { asContract, CREDIT, deployRules, govern, ORGANISATION } from "../fixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const CAPABILITY = id("text.wordcount");
const STAKE = 1_000n * CREDIT;
const TIME_MAX = 2n ** 34n - 1n;

async function deploy() {
  const rules = await deployRules(connection);
  const agent = await makeAgent(rules, 0, STAKE);
  const ledger = rules.contracts.AgentLedger;
  const market = ledger.connect(await asContract(rules, rules.at.TaskMarket));
  const tender = ledger.connect(await asContract(rules, rules.at.SealedBidTender));
  const slasher = ledger.connect(await asContract(rules, rules.at.BidEquivocation));
  const resolver = ledger.connect(await asContract(rules, rules.at.CapabilityResolver));
  const openedAt = BigInt(await networkHelpers.time.latest());
  /** A commitment of the agent, as the tender makes it. */
  const commit = async (lock = 0n, until = 0n) =>
    await tender.admitBid(agent.key.address, openedAt, until, lock, 0n, ZeroHash, 0n);
  return { rules, agent, ledger, market, tender, slasher, resolver, openedAt, commit };
}

describe("the ledger's modules", () => {
  it("alone may call what is theirs", async () => {
    const { rules, agent, ledger, openedAt } = await networkHelpers.loadFixture(deploy);
    const { agentId, key } = agent;
    const stranger = ledger.connect(rules.stranger);
    const calls: Record<string, () => Promise<unknown>> = {
      admitBid: () => stranger.admitBid(key.address, openedAt, 0n, 0n, 0n, ZeroHash, 0n),
      releaseLock: () => stranger.releaseLock(key.address, 0n),
      endCommitments: () => stranger.endCommitments([]),
      burnCommitments: () => stranger.burnCommitments([], 0n),
      startJob: () => stranger.startJob(agentId, 0n),
      startReassignedJob: () => stranger.startReassignedJob(agentId, 0n),
      finishJob: () => stranger.finishJob(agentId),
      dropCommitment: () => stranger.dropCommitment(agentId),
      cacheCapability: () => stranger.cacheCapability(agentId, CAPABILITY, 1n, 1n, key.address, true),
      setAttesterStanding: () => stranger.setAttesterStanding(key.address, true),
      clearCapability: () => stranger.clearCapability(agentId, CAPABILITY, key.address, true),
      setMemberListed: () => stranger.setMemberListed(key.address, false),
      setOrganisationListed: () => stranger.setOrganisationListed(1, false),
      agentTransferred: () => stranger.agentTransferred(agentId, ZeroAddress, ZeroAddress),
    };
    for (const [name, call] of Object.entries(calls)) {
      await expect(call(), name)
        .to.be.revertedWithCustomError(ledger, "LedgerUnauthorized")
        .withArgs(rules.stranger.address);
    }
    await expect(stranger.reinstate(agentId))
      .to.be.revertedWithCustomError(ledger, "GovernedUnauthorized")
      .withArgs(rules.stranger.address);
  });

  it("turn a commitment into a job and end it", async () => {
    const { agent, ledger, market, commit } = await networkHelpers.loadFixture(deploy);
    const { agentId } = agent;
    await expect(market.startJob(agentId, 0n))
      .to.be.revertedWithCustomError(ledger, "LedgerNoCommitment")
      .withArgs(agentId);
    await commit(0n, 1_000n);
    await expect(market.startJob(agentId, 2_000n)).to.emit(ledger, "JobStarted").withArgs(agentId);
    const record = await ledger.agentOf(agentId);
    expect([record.committed, record.running, record.obligationUntil]).to.deep.equal([0n, 1n, 2_000n]);
    await expect(market.finishJob(agentId)).to.emit(ledger, "JobFinished").withArgs(agentId);
    expect((await ledger.agentOf(agentId)).running).to.equal(0n);
    await expect(market.finishJob(agentId)).to.be.revertedWithCustomError(ledger, "LedgerNoJob").withArgs(agentId);
  });

  it("never shorten an obligation, nor make one that cannot be recorded", async () => {
    const { agent, ledger, market, tender, openedAt, commit } = await networkHelpers.loadFixture(deploy);
    await commit(0n, 5_000n);
    await commit(0n, 4_000n);
    expect((await ledger.agentOf(agent.agentId)).obligationUntil).to.equal(5_000n);
    await expect(tender.admitBid(agent.key.address, openedAt, TIME_MAX + 1n, 0n, 0n, ZeroHash, 0n))
      .to.be.revertedWithCustomError(ledger, "LedgerObligationTooFar")
      .withArgs(TIME_MAX + 1n);
    await expect(market.startJob(agent.agentId, TIME_MAX + 1n)).to.be.revertedWithCustomError(
      ledger,
      "LedgerObligationTooFar",
    );
    await commit(0n, TIME_MAX);
    expect((await ledger.agentOf(agent.agentId)).obligationUntil).to.equal(TIME_MAX);
  });

  it("drop a commitment whose job never starts", async () => {
    const { agent, ledger, market, commit } = await networkHelpers.loadFixture(deploy);
    await commit();
    await market.dropCommitment(agent.agentId);
    expect((await ledger.agentOf(agent.agentId)).committed).to.equal(0n);
    await expect(market.dropCommitment(agent.agentId)).to.be.revertedWithCustomError(ledger, "LedgerNoCommitment");
  });

  it("start a reassigned job for an active agent with capacity, and for no other", async () => {
    const { agent, ledger, market, slasher } = await networkHelpers.loadFixture(deploy);
    const { agentId } = agent;
    await ledger.connect(agent.owner).setCapacity(agentId, 1);
    await market.startReassignedJob(agentId, 0n);
    await expect(market.startReassignedJob(agentId, 0n))
      .to.be.revertedWithCustomError(ledger, "LedgerCapacityExhausted")
      .withArgs(agentId, 1n, 1n);
    await market.finishJob(agentId);
    await slasher.slash(id("a fault"), agentId, 1n, 0n, true);
    await expect(market.startReassignedJob(agentId, 0n))
      .to.be.revertedWithCustomError(ledger, "LedgerAgentInactive")
      .withArgs(agentId);
  });

  it("count jobs and commitments against one capacity", async () => {
    const { agent, ledger, market, commit } = await networkHelpers.loadFixture(deploy);
    await ledger.connect(agent.owner).setCapacity(agent.agentId, 2);
    await commit();
    await market.startJob(agent.agentId, 0n);
    await commit();
    await expect(commit()).to.be.revertedWithCustomError(ledger, "LedgerCapacityExhausted").withArgs(0n, 2n, 2n);
  });

  it("burn no more of a lock than a slash has left", async () => {
    const { rules, agent, ledger, tender, slasher, commit } = await networkHelpers.loadFixture(deploy);
    const lock = 800n * CREDIT;
    await commit(lock);
    await slasher.slash(id("a fault"), agent.agentId, 900n * CREDIT, 0n, false);
    const supply = await rules.contracts.Credits.totalSupply();
    await expect(tender.burnCommitments([agent.key.address], lock))
      .to.emit(ledger, "LockBurned")
      .withArgs(agent.agentId, 100n * CREDIT);
    const record = await ledger.agentOf(agent.agentId);
    expect([record.bonded, record.locked, record.committed]).to.deep.equal([0n, 0n, 0n]);
    expect(await rules.contracts.Credits.totalSupply()).to.equal(supply - 100n * CREDIT);
  });
});

describe("an agent's status", () => {
  it("is reinstated by the operators alone, and only from suspension", async () => {
    const { rules, agent, ledger, slasher } = await networkHelpers.loadFixture(deploy);
    const data = ledger.interface.encodeFunctionData("reinstate", [agent.agentId]);
    await expect(govern(rules, rules.at.AgentLedger, data))
      .to.be.revertedWithCustomError(ledger, "LedgerNotSuspended")
      .withArgs(agent.agentId);
    await slasher.slash(id("a fault"), agent.agentId, 1n, 0n, true);
    await govern(rules, rules.at.AgentLedger, data);
    expect(await ledger.isActive(agent.agentId)).to.equal(true);
  });

  it("does not keep a delisted or suspended agent from its duties", async () => {
    const { rules, agent, ledger, market, tender, slasher, commit } = await networkHelpers.loadFixture(deploy);
    const lock = 10n * CREDIT;
    await commit(lock);
    await slasher.slash(id("a fault"), agent.agentId, 1n, 0n, true);
    const data = rules.contracts.Permissions.interface.encodeFunctionData("setOrganisationActive", [
      agent.organisation,
      false,
    ]);
    await govern(rules, rules.at.Permissions, data);
    await tender.releaseLock(agent.key.address, lock);
    await market.startJob(agent.agentId, 0n);
    await market.finishJob(agent.agentId);
    const left = (await ledger.agentOf(agent.agentId)).bonded;
    await ledger.connect(agent.owner).requestUnbonding(agent.agentId, left);
    const { readyAt } = await ledger.unbondingOf(agent.agentId);
    await networkHelpers.time.increaseTo(readyAt);
    await ledger.withdrawUnbonded(agent.agentId);
  });
});

describe("a cached capability", () => {
  it("counts while it is valid, at its level and below, from its attester", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    const { agentId } = agent;
    const validUntil = BigInt(await networkHelpers.time.latest()) + 100n;
    await cacheCapability(rules, agentId, CAPABILITY, { level: 3, validUntil });
    const attester = rules.operator.address;
    expect(await ledger.capabilityOf(agentId, CAPABILITY)).to.deep.equal([validUntil, 3n, attester, true]);
    await ledger.checkCapability(agentId, CAPABILITY, 3, ZeroAddress);
    await ledger.checkCapability(agentId, CAPABILITY, 2, attester);
    const missing = async (call: Promise<unknown>) =>
      await expect(call).to.be.revertedWithCustomError(ledger, "LedgerCapabilityMissing");
    await missing(ledger.checkCapability(agentId, CAPABILITY, 4, ZeroAddress));
    await missing(ledger.checkCapability(agentId, CAPABILITY, 1, rules.requester.address));
    await missing(ledger.checkCapability(agentId, id("another"), 0, ZeroAddress));
    await networkHelpers.time.increaseTo(validUntil - 1n);
    await ledger.checkCapability(agentId, CAPABILITY, 3, ZeroAddress);
    await networkHelpers.time.increaseTo(validUntil);
    await missing(ledger.checkCapability(agentId, CAPABILITY, 3, ZeroAddress));
    expect((await ledger.capabilityOf(agentId, CAPABILITY)).current).to.equal(false);
  });

  it("ends when the resolver clears it", async () => {
    const { rules, agent, ledger, resolver } = await networkHelpers.loadFixture(deploy);
    await cacheCapability(rules, agent.agentId, CAPABILITY);
    const attester = rules.operator.address;
    await expect(resolver.clearCapability(agent.agentId, CAPABILITY, attester, true))
      .to.emit(ledger, "CapabilityCleared")
      .withArgs(agent.agentId, CAPABILITY, attester, true);
    await expect(ledger.checkCapability(agent.agentId, CAPABILITY, 0, ZeroAddress)).to.be.revertedWithCustomError(
      ledger,
      "LedgerCapabilityMissing",
    );
  });

  it("without an end is valid for as long as times can be recorded", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    await cacheCapability(rules, agent.agentId, CAPABILITY, { validUntil: 2n ** 64n - 1n });
    expect((await ledger.capabilityOf(agent.agentId, CAPABILITY)).validUntil).to.equal(2n ** 40n - 1n);
  });

  it("is void once the agent has changed hands", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    await cacheCapability(rules, agent.agentId, CAPABILITY);
    const buyer = ownerAt(rules, 1).address;
    await rules.contracts.IdentityRegistry.connect(agent.owner).transferFrom(agent.owner.address, buyer, agent.agentId);
    await expect(ledger.checkCapability(agent.agentId, CAPABILITY, 0, ZeroAddress)).to.be.revertedWithCustomError(
      ledger,
      "LedgerCapabilityMissing",
    );
    expect((await ledger.capabilityOf(agent.agentId, CAPABILITY)).current).to.equal(false);
    await cacheCapability(rules, agent.agentId, CAPABILITY);
    await ledger.checkCapability(agent.agentId, CAPABILITY, 0, ZeroAddress);
  });
});

describe("an agent's transfer", () => {
  it("is refused while it has commitments or jobs, or is suspended", async () => {
    const { rules, agent, ledger, market, tender, slasher, commit } = await networkHelpers.loadFixture(deploy);
    const identity = ledger.connect(await asContract(rules, rules.at.IdentityRegistry));
    const buyer = ownerAt(rules, 1).address;
    const refused = async () => {
      expect(await ledger.isEngaged(agent.agentId)).to.equal(true);
      await expect(identity.agentTransferred(agent.agentId, agent.owner.address, buyer))
        .to.be.revertedWithCustomError(ledger, "LedgerAgentEngaged")
        .withArgs(agent.agentId);
    };
    await commit();
    await refused();
    await market.startJob(agent.agentId, 0n);
    await refused();
    await market.finishJob(agent.agentId);
    expect(await ledger.isEngaged(agent.agentId)).to.equal(false);
    await slasher.slash(id("a fault"), agent.agentId, 1n, 0n, true);
    await refused();
    expect(await tender.isActive(agent.agentId)).to.equal(false);
  });

  it("goes to active members alone, and moves the agent to their organisation with its stake", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    const registry = rules.contracts.IdentityRegistry.connect(agent.owner);
    await expect(registry.transferFrom(agent.owner.address, rules.stranger.address, agent.agentId))
      .to.be.revertedWithCustomError(ledger, "LedgerOwnerNotAllowed")
      .withArgs(rules.stranger.address);
    await registry.transferFrom(agent.owner.address, ownerAt(rules, 1).address, agent.agentId);
    const record = await ledger.agentOf(agent.agentId);
    expect(record.organisation).to.equal(ORGANISATION.firstAgent + 1);
    expect(record.bonded).to.equal(STAKE);
  });

  it("is counted before the agent is enrolled too", async () => {
    const { rules, ledger } = await networkHelpers.loadFixture(deploy);
    const agentId = await registerAgent(rules, 1);
    await cacheCapability(rules, agentId, CAPABILITY);
    const from = ownerAt(rules, 1);
    await rules.contracts.IdentityRegistry.connect(from).transferFrom(from.address, ownerAt(rules, 2).address, agentId);
    expect((await ledger.agentOf(agentId)).enrolled).to.equal(false);
    expect((await ledger.capabilityOf(agentId, CAPABILITY)).current).to.equal(false);
  });

  it("is refused once transfers can be counted no further", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    const identity = ledger.connect(await asContract(rules, rules.at.IdentityRegistry));
    const [from, to] = [agent.owner.address, ownerAt(rules, 1).address];
    const key = AbiCoder.defaultAbiCoder().encode(
      ["uint256", "uint256"],
      [agent.agentId, storageSlots.AgentLedger._agents],
    );
    const slot = keccak256(key);
    const word = BigInt(await connection.ethers.provider.getStorage(rules.at.AgentLedger, slot));
    const generationMax = 1_023n;
    await networkHelpers.setStorageAt(rules.at.AgentLedger, slot, word | ((generationMax - 1n) << 212n));
    await identity.agentTransferred(agent.agentId, from, to);
    await expect(identity.agentTransferred(agent.agentId, from, to))
      .to.be.revertedWithCustomError(ledger, "LedgerTransfersExhausted")
      .withArgs(agent.agentId);
  });
});
