import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import {
  type Agent,
  commitBid,
  delist,
  makeAgent,
  openingOf,
  openTender,
  revealBid,
  type TenderOptions,
  toFinalize,
  toReveal,
} from "../actors.ts";
import { asContract, CREDIT, deployRules, ORGANISATION } from "../fixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const STAKE = 1_000n * CREDIT;
const LOCK = 10n * CREDIT;
const REVEAL = 2n;

async function deploy() {
  const rules = await deployRules(connection);
  const agent = await makeAgent(rules, 0, STAKE);
  const other = await makeAgent(rules, 1, STAKE);
  const tender = rules.contracts.SealedBidTender;
  const ledger = rules.contracts.AgentLedger;
  /** The tender's contract as the agent's key calls it. */
  const as = ({ key }: Agent) => tender.connect(key as never);
  return { rules, agent, other, tender, ledger, as };
}

/** A tender with the agent's commitment to 5 credits, in its reveal window. */
async function deployCommitted() {
  const base = await deploy();
  const tenderId = await openTender(base.rules, { lock: LOCK });
  const commitment = await commitBid(base.rules, tenderId, base.agent, 5n * CREDIT);
  return { ...base, tenderId, commitment };
}

describe("revealing a bid", () => {
  it("records the amount and returns the lock", async () => {
    const { rules, agent, tender, ledger, as, tenderId } = await networkHelpers.loadFixture(deployCommitted);
    await toReveal(rules, tenderId);
    const { amount, salt } = openingOf(5n * CREDIT);
    await expect(as(agent).revealBid(tenderId, amount, salt))
      .to.emit(tender, "BidRevealed")
      .withArgs(tenderId, agent.key.address, amount);
    expect(await tender.bidAt(tenderId, 0n)).to.deep.equal([agent.key.address, amount]);
    const record = await ledger.agentOf(agent.agentId);
    expect([record.locked, record.committed]).to.deep.equal([0n, 1n]);
    expect(await tender.phaseOf(tenderId)).to.equal(REVEAL);
  });

  it("is possible in its window only", async () => {
    const { rules, agent, tender, as, tenderId } = await networkHelpers.loadFixture(deployCommitted);
    const { amount, salt } = openingOf(5n * CREDIT);
    const { commitDeadline, revealDeadline } = await tender.termsOf(tenderId);
    const refused = async () =>
      await expect(as(agent).revealBid(tenderId, amount, salt))
        .to.be.revertedWithCustomError(tender, "TenderNotRevealing")
        .withArgs(tenderId);
    await networkHelpers.time.setNextBlockTimestamp(commitDeadline);
    await refused();
    const early = await networkHelpers.takeSnapshot();
    await networkHelpers.time.setNextBlockTimestamp(commitDeadline + 1n);
    await revealBid(rules, tenderId, agent, 5n * CREDIT);
    await early.restore();
    await networkHelpers.time.setNextBlockTimestamp(revealDeadline);
    await revealBid(rules, tenderId, agent, 5n * CREDIT);
    await early.restore();
    await networkHelpers.time.setNextBlockTimestamp(revealDeadline + 1n);
    await refused();
  });

  it("needs a commitment, its very opening, and happens once", async () => {
    const { rules, agent, other, tender, as, tenderId } = await networkHelpers.loadFixture(deployCommitted);
    await toReveal(rules, tenderId);
    const { amount, salt } = openingOf(5n * CREDIT);
    await expect(as(other).revealBid(tenderId, amount, salt))
      .to.be.revertedWithCustomError(tender, "TenderNoCommitment")
      .withArgs(tenderId, other.key.address);
    for (const [wrongAmount, wrongSalt] of [
      [amount + 1n, salt],
      [amount, id("another salt")],
    ] as const) {
      await expect(as(agent).revealBid(tenderId, wrongAmount, wrongSalt))
        .to.be.revertedWithCustomError(tender, "TenderOpeningMismatch")
        .withArgs(tenderId, agent.key.address);
    }
    await revealBid(rules, tenderId, agent, amount);
    await expect(as(agent).revealBid(tenderId, amount, salt))
      .to.be.revertedWithCustomError(tender, "TenderAlreadyRevealed")
      .withArgs(tenderId, agent.key.address);
  });

  it("refuses an amount of 0 or above 96 bits", async () => {
    const { rules, agent, other, tender, as } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules);
    const most = 2n ** 96n - 1n;
    await commitBid(rules, tenderId, agent, 0n);
    await commitBid(rules, tenderId, other, most + 1n);
    await toReveal(rules, tenderId);
    for (const [bidder, amount] of [
      [agent, 0n],
      [other, most + 1n],
    ] as const) {
      await expect(as(bidder).revealBid(tenderId, amount, openingOf(amount).salt))
        .to.be.revertedWithCustomError(tender, "TenderAmountInvalid")
        .withArgs(amount);
    }
  });

  it("stays possible for an agent that is suspended or delisted, or whose key is revoked", async () => {
    const { rules, agent, ledger, tenderId } = await networkHelpers.loadFixture(deployCommitted);
    const slasher = await asContract(rules, rules.at.BidEquivocation);
    await ledger.connect(slasher).slash(id("a fault"), agent.agentId, 1n, 0n, true);
    await delist(rules, agent);
    await ledger.connect(agent.owner).revokeBidKey(agent.key.address);
    await toReveal(rules, tenderId);
    await revealBid(rules, tenderId, agent, 5n * CREDIT);
  });

  it("is over once the tender is finalized", async () => {
    const { rules, agent, tender, as, tenderId } = await networkHelpers.loadFixture(deployCommitted);
    await toFinalize(rules, tenderId);
    await tender.finalize(tenderId);
    const { amount, salt } = openingOf(5n * CREDIT);
    await expect(as(agent).revealBid(tenderId, amount, salt)).to.be.revertedWithCustomError(
      tender,
      "TenderNotRevealing",
    );
  });

  it("works without a lock", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    const options: Partial<TenderOptions> = { lock: 0n, requesterOrganisation: ORGANISATION.requester };
    const tenderId = await openTender(rules, options);
    await commitBid(rules, tenderId, agent, 5n);
    expect((await ledger.agentOf(agent.agentId)).locked).to.equal(0n);
    await toReveal(rules, tenderId);
    await revealBid(rules, tenderId, agent, 5n);
  });
});
