import { expect } from "chai";
import { id, Signature, ZeroAddress } from "ethers";
import { network } from "hardhat";
import {
  type Agent,
  cacheCapability,
  commitBid,
  commitmentOf,
  delist,
  makeAgent,
  newKey,
  openingOf,
  openTender,
  ownerAt,
  registerAgent,
  rotateKey,
  signBid,
  toReveal,
} from "../actors.ts";
import { makeAttester } from "../attestations.ts";
import { asContract, CREDIT, deployRules, PARAMETERS } from "../fixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const STAKE = 1_000n * CREDIT;
const LOCK = 10n * CREDIT;
const CAPABILITY = id("text.wordcount");
const COMMIT = 1n;

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

describe("committing a bid", () => {
  it("records it in order, and locks stake and capacity", async () => {
    const { rules, agent, other, tender, ledger, as } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules, { lock: LOCK });
    const { obligationUntil } = await tender.marketTermsOf(tenderId);
    const commitment = commitmentOf(tenderId, agent.key.address, openingOf(5n));
    await expect(as(agent).commitBid(tenderId, commitment))
      .to.emit(tender, "BidCommitted")
      .withArgs(tenderId, agent.key.address, commitment);
    await commitBid(rules, tenderId, other, 6n);
    expect(await tender.bidCount(tenderId)).to.equal(2n);
    expect(await tender.bidAt(tenderId, 0n)).to.deep.equal([agent.key.address, 0n]);
    expect(await tender.bidAt(tenderId, 1n)).to.deep.equal([other.key.address, 0n]);
    expect(await tender.commitmentOf(tenderId, agent.key.address)).to.deep.equal([`${commitment.slice(0, 64)}00`, 0n]);
    expect((await tender.commitmentOf(tenderId, other.key.address)).index).to.equal(1n);
    const record = await ledger.agentOf(agent.agentId);
    expect([record.locked, record.committed]).to.deep.equal([LOCK, 1n]);
    expect(record.obligationUntil).to.equal(obligationUntil);
    expect(await tender.phaseOf(tenderId)).to.equal(COMMIT);
  });

  it("is refused to an address that is no bid key", async () => {
    const { rules, tender, ledger } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules);
    await expect(tender.connect(rules.requester).commitBid(tenderId, id("x")))
      .to.be.revertedWithCustomError(ledger, "LedgerKeyUnknown")
      .withArgs(rules.requester.address);
  });

  it("is refused to a suspended agent, and to a delisted one", async () => {
    const { rules, agent, other, ledger } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules);
    await delist(rules, other);
    await expect(commitBid(rules, tenderId, other, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerAgentInactive")
      .withArgs(other.agentId);
    const slasher = await asContract(rules, rules.at.BidEquivocation);
    await ledger.connect(slasher).slash(id("a fault"), agent.agentId, 1n, 0n, true);
    await expect(commitBid(rules, tenderId, agent, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerAgentInactive")
      .withArgs(agent.agentId);
  });

  it("is refused without free stake for the lock, and possible with exactly enough", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    const first = await openTender(rules, { lock: STAKE - LOCK });
    const second = await openTender(rules, { lock: LOCK + 1n });
    const third = await openTender(rules, { lock: LOCK });
    await commitBid(rules, first, agent, 5n);
    await expect(commitBid(rules, second, agent, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerStakeShort")
      .withArgs(agent.agentId, LOCK, LOCK + 1n);
    await commitBid(rules, third, agent, 5n);
  });

  it("is refused below the minimum stake", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    const slasher = ledger.connect(await asContract(rules, rules.at.BidEquivocation));
    await slasher.slash(id("a fault"), agent.agentId, STAKE - PARAMETERS.minStake, 0n, false);
    await commitBid(rules, await openTender(rules), agent, 5n);
    await slasher.slash(id("another"), agent.agentId, 1n, 0n, false);
    await expect(commitBid(rules, await openTender(rules), agent, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerStakeBelowMinimum")
      .withArgs(agent.agentId, PARAMETERS.minStake - 1n, PARAMETERS.minStake);
  });

  it("is refused beyond what the agent declared, or its stake carries", async () => {
    const { rules, agent, other, ledger } = await networkHelpers.loadFixture(deploy);
    await ledger.connect(agent.owner).setCapacity(agent.agentId, 1);
    await commitBid(rules, await openTender(rules), agent, 5n);
    await expect(commitBid(rules, await openTender(rules), agent, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerCapacityExhausted")
      .withArgs(agent.agentId, 1n, 1n);
    const carried = 3n;
    const slasher = ledger.connect(await asContract(rules, rules.at.BidEquivocation));
    const left = carried * PARAMETERS.stakePerUnit;
    await slasher.slash(id("a fault"), other.agentId, STAKE - left, 0n, false);
    for (let i = 0n; i < carried; i++) await commitBid(rules, await openTender(rules), other, 5n);
    await expect(commitBid(rules, await openTender(rules), other, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerCapacityExhausted")
      .withArgs(other.agentId, carried, carried);
  });

  it("is refused without the capability, at the level, valid now", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    const requirements = [{ capability: CAPABILITY, level: 2, attester: ZeroAddress }];
    const tenderId = await openTender(rules, { requirements });
    const refused = async () =>
      await expect(commitBid(rules, tenderId, agent, 5n))
        .to.be.revertedWithCustomError(ledger, "LedgerCapabilityMissing")
        .withArgs(agent.agentId, CAPABILITY, 2n);
    await refused();
    await cacheCapability(rules, agent.agentId, CAPABILITY, { level: 1 });
    await refused();
    const validUntil = BigInt(await networkHelpers.time.latest()) + 20n;
    await cacheCapability(rules, agent.agentId, CAPABILITY, { level: 2, validUntil });
    await networkHelpers.time.setNextBlockTimestamp(validUntil);
    await refused();
    await cacheCapability(rules, agent.agentId, CAPABILITY, { level: 2 });
    await commitBid(rules, tenderId, agent, 5n);
  });

  it("is refused unless every one of several capabilities is held", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    const second = id("text.digest");
    const requirements = [
      { capability: CAPABILITY, level: 1, attester: ZeroAddress },
      { capability: second, level: 2, attester: ZeroAddress },
    ];
    const tenderId = await openTender(rules, { requirements });
    await cacheCapability(rules, agent.agentId, CAPABILITY);
    await expect(commitBid(rules, tenderId, agent, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerCapabilityMissing")
      .withArgs(agent.agentId, second, 2n);
    await cacheCapability(rules, agent.agentId, second, { level: 2 });
    await commitBid(rules, tenderId, agent, 5n);
    expect((await rules.contracts.SealedBidTender.marketTermsOf(tenderId)).requirements).to.have.length(2);
  });

  it("is refused when another attester than the one asked for vouches", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    const attester = rules.evaluator.address;
    const tenderId = await openTender(rules, { requirements: [{ capability: CAPABILITY, level: 1, attester }] });
    await cacheCapability(rules, agent.agentId, CAPABILITY);
    await expect(commitBid(rules, tenderId, agent, 5n)).to.be.revertedWithCustomError(
      ledger,
      "LedgerCapabilityMissing",
    );
    await cacheCapability(rules, agent.agentId, CAPABILITY, { attester });
    await makeAttester(rules, rules.evaluator);
    await commitBid(rules, tenderId, agent, 5n);
  });

  it("is possible until the deadline and not after it", async () => {
    const { rules, agent, other, tender, as } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules);
    const { commitDeadline } = await tender.termsOf(tenderId);
    await networkHelpers.time.setNextBlockTimestamp(commitDeadline);
    await as(agent).commitBid(tenderId, id("x"), { gasLimit: 200_000n });
    await networkHelpers.time.setNextBlockTimestamp(commitDeadline + 1n);
    await expect(commitBid(rules, tenderId, other, 5n))
      .to.be.revertedWithCustomError(tender, "TenderNotCommitting")
      .withArgs(tenderId);
  });

  it("is refused to the requester's organisation", async () => {
    const { rules, agent, tender } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules, { requesterOrganisation: agent.organisation });
    await expect(commitBid(rules, tenderId, agent, 5n))
      .to.be.revertedWithCustomError(tender, "TenderOwnOrganisation")
      .withArgs(tenderId, agent.organisation);
    await expect(tender.checkEligible(tenderId, agent.key.address)).to.be.revertedWithCustomError(
      tender,
      "TenderOwnOrganisation",
    );
  });

  it("is refused to the independent evaluator's organisation", async () => {
    const { rules, agent, tender } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules, { evaluatorOrganisation: agent.organisation });
    await expect(commitBid(rules, tenderId, agent, 5n))
      .to.be.revertedWithCustomError(tender, "TenderEvaluatorOrganisation")
      .withArgs(tenderId, agent.organisation);
    await expect(tender.checkEligible(tenderId, agent.key.address)).to.be.revertedWithCustomError(
      tender,
      "TenderEvaluatorOrganisation",
    );
  });

  it("is for one agent of an organisation", async () => {
    const { rules, agent, tender } = await networkHelpers.loadFixture(deploy);
    const agentId = await registerAgent(rules, 0);
    const key = await rotateKey(rules, agentId, ownerAt(rules, 0));
    const sibling = { ...agent, agentId, key };
    await rules.contracts.Credits.connect(agent.owner).approve(rules.at.AgentLedger, STAKE);
    await rules.contracts.AgentLedger.connect(agent.owner).stake(agentId, STAKE);
    const tenderId = await openTender(rules);
    await commitBid(rules, tenderId, agent, 5n);
    await expect(commitBid(rules, tenderId, sibling, 5n))
      .to.be.revertedWithCustomError(tender, "TenderOrganisationIn")
      .withArgs(tenderId, agent.organisation);
    await commitBid(rules, await openTender(rules), sibling, 5n);
  });

  it("is refused once the tender is full", async () => {
    const { rules, agent, other, tender } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules, { maxBidders: 1n });
    await commitBid(rules, tenderId, agent, 5n);
    await expect(commitBid(rules, tenderId, other, 5n))
      .to.be.revertedWithCustomError(tender, "TenderFull")
      .withArgs(tenderId);
  });

  it("happens once per bidder, and not with an empty commitment", async () => {
    const { rules, agent, tender, as } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules);
    await expect(as(agent).commitBid(tenderId, `0x${"00".repeat(31)}ff`)).to.be.revertedWithCustomError(
      tender,
      "TenderCommitmentEmpty",
    );
    await commitBid(rules, tenderId, agent, 5n);
    await expect(commitBid(rules, tenderId, agent, 6n))
      .to.be.revertedWithCustomError(tender, "TenderAlreadyCommitted")
      .withArgs(tenderId, agent.key.address);
  });

  it("takes no ether", async () => {
    const { rules, agent, tender, as } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules);
    await expect(as(agent).commitBid(tenderId, id("x"), { value: 1n })).to.be.revertedWithCustomError(
      tender,
      "TenderBondRefused",
    );
  });

  it("can be tried beforehand: eligibility is checked the same way", async () => {
    const { rules, agent, tender, ledger } = await networkHelpers.loadFixture(deploy);
    const requirements = [{ capability: CAPABILITY, level: 1, attester: ZeroAddress }];
    const tenderId = await openTender(rules, { requirements });
    const check = () => tender.checkEligible(tenderId, agent.key.address);
    await expect(check()).to.be.revertedWithCustomError(ledger, "LedgerCapabilityMissing");
    await cacheCapability(rules, agent.agentId, CAPABILITY);
    expect(await check()).to.equal(agent.agentId);
    const listed = await openTender(rules, {
      requirements: [...requirements, { ...requirements[0], level: 2 }] as never,
    });
    await expect(tender.checkEligible(listed, agent.key.address)).to.be.revertedWithCustomError(
      ledger,
      "LedgerCapabilityMissing",
    );
  });
});

describe("a relayed bid", () => {
  it("is its signer's: what it locks is the bidder's", async () => {
    const { rules, agent, tender, ledger } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules, { lock: LOCK });
    const commitment = commitmentOf(tenderId, agent.key.address, openingOf(5n));
    const signature = await signBid(rules, tenderId, agent.agentId, agent.key, commitment);
    const bid = { tenderId, agentId: agent.agentId, slot: 0n, commitment };
    await expect(tender.connect(rules.stranger).commitBidFor(bid, signature))
      .to.emit(tender, "BidCommitted")
      .withArgs(tenderId, agent.key.address, commitment);
    expect((await ledger.agentOf(agent.agentId)).locked).to.equal(LOCK);
    await toReveal(rules, tenderId);
    const { amount, salt } = openingOf(5n);
    await tender.connect(rules.stranger).revealBidFor(tenderId, agent.key.address, amount, salt);
    expect((await ledger.agentOf(agent.agentId)).locked).to.equal(0n);
  });

  it("must be signed by a key of the agent it names, for slot 0", async () => {
    const { rules, agent, other, tender, ledger } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules);
    const commitment = commitmentOf(tenderId, agent.key.address, openingOf(5n));
    const misnamed = await signBid(rules, tenderId, other.agentId, agent.key, commitment);
    await expect(tender.commitBidFor({ tenderId, agentId: other.agentId, slot: 0n, commitment }, misnamed))
      .to.be.revertedWithCustomError(tender, "TenderStatementInvalid")
      .withArgs(agent.key.address, other.agentId);
    const slotted = await signBid(rules, tenderId, agent.agentId, agent.key, commitment, 1n);
    await expect(
      tender.commitBidFor({ tenderId, agentId: agent.agentId, slot: 1n, commitment }, slotted),
    ).to.be.revertedWithCustomError(tender, "TenderStatementInvalid");
    const stranger = await newKey(rules);
    const foreign = await signBid(rules, tenderId, agent.agentId, stranger, commitment);
    await expect(tender.commitBidFor({ tenderId, agentId: agent.agentId, slot: 0n, commitment }, foreign))
      .to.be.revertedWithCustomError(ledger, "LedgerKeyUnknown")
      .withArgs(stranger.address);
  });

  it("must have a well-formed signature with a low s", async () => {
    const { rules, agent, tender } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules);
    const commitment = commitmentOf(tenderId, agent.key.address, openingOf(5n));
    const good = await signBid(rules, tenderId, agent.agentId, agent.key, commitment);
    const { r, s, v } = Signature.from(good);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const highS = `${r}${(order - BigInt(s)).toString(16).padStart(64, "0")}${v === 27 ? "1c" : "1b"}`;
    const bid = { tenderId, agentId: agent.agentId, slot: 0n, commitment };
    for (const wrong of [highS, good.slice(0, -2), `0x${"00".repeat(65)}`, "0x"]) {
      await expect(tender.commitBidFor(bid, wrong), wrong).to.be.revertedWithCustomError(
        tender,
        "TenderSignatureInvalid",
      );
    }
    await tender.commitBidFor(bid, good);
  });

  it("has the digest that the standard says", async () => {
    const { rules, agent, tender } = await networkHelpers.loadFixture(deploy);
    const bid = { tenderId: id("t"), agentId: 7n, slot: 0n, commitment: id("c") };
    const digest = await tender.bidDigest(bid);
    const signature = await signBid(rules, bid.tenderId, bid.agentId, agent.key, bid.commitment);
    expect(agent.key.signingKey.sign(digest).serialized).to.equal(signature);
  });
});
