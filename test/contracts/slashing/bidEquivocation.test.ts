import { expect } from "chai";
import { type BaseWallet, id, Signature, ZeroAddress } from "ethers";
import { network } from "hardhat";
import {
  type Agent,
  BID_TYPES,
  commitBid,
  commitmentOf,
  domainOf,
  makeAgent,
  openingOf,
  openTender,
  ownerAt,
  rotateKey,
  signBid,
} from "../actors.ts";
import { CREDIT, deployRules, govern, PARAMETERS, type Rules } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const STAKE = 1_000n * CREDIT;
const SALT = id("a reporter's salt");

async function deploy() {
  const rules = await deployRules(connection);
  const agent = await makeAgent(rules, 0, STAKE);
  const tenderId = await openTender(rules);
  const module = rules.contracts.BidEquivocation;
  const ledger = rules.contracts.AgentLedger;
  const faultId = await module.faultIdOf(tenderId, agent.agentId);
  return { rules, agent, tenderId, module, ledger, faultId, asReporter: module.connect(rules.reporter) };
}

/** A commitment of the agent to an amount. */
function commitment(tenderId: string, { key }: Pick<Agent, "key">, amount: bigint): string {
  return commitmentOf(tenderId, key.address, openingOf(amount));
}

/** Two statements of the agent: both signed, or the second on chain when `second` is undefined. */
async function evidenceOf(rules: Rules, tenderId: string, agent: Agent, first: bigint, second?: bigint) {
  const sign = async (amount: bigint) =>
    await signBid(rules, tenderId, agent.agentId, agent.key, commitment(tenderId, agent, amount));
  return {
    tender: rules.at.SealedBidTender as string,
    tenderId,
    agentId: agent.agentId,
    slot: 0n,
    commitmentA: commitment(tenderId, agent, first),
    signatureA: await sign(first),
    commitmentB: second === undefined ? id("unused") : commitment(tenderId, agent, second),
    signatureB: second === undefined ? "0x" : await sign(second),
    bidderB: second === undefined ? agent.key.address : ZeroAddress,
  };
}

type Evidence = Awaited<ReturnType<typeof evidenceOf>>;

/** The same statements in the other order. */
function swapped(evidence: Evidence): Evidence {
  const { commitmentA, signatureA, commitmentB, signatureB } = evidence;
  return {
    ...evidence,
    commitmentA: commitmentB,
    signatureA: signatureB,
    commitmentB: commitmentA,
    signatureB: signatureA,
  };
}

function withHighS(signature: string): string {
  const { r, s, v } = Signature.from(signature);
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  return `${r}${(order - BigInt(s)).toString(16).padStart(64, "0")}${v === 27 ? "1c" : "1b"}`;
}

describe("bid equivocation", () => {
  it("by two signatures is punished: share of the stake burned, agent suspended", async () => {
    const { rules, agent, tenderId, module, ledger, faultId } = await networkHelpers.loadFixture(deploy);
    const evidence = await evidenceOf(rules, tenderId, agent, 5n, 6n);
    const supply = await rules.contracts.Credits.totalSupply();
    const penalty = STAKE / 2n;
    await expect(module.connect(rules.stranger).report(evidence))
      .to.emit(module, "FaultPunished")
      .withArgs(faultId, agent.agentId, tenderId, penalty);
    const record = await ledger.agentOf(agent.agentId);
    expect([record.bonded, record.suspended]).to.deep.equal([STAKE - penalty, true]);
    // The reporter's share is held, the rest is gone.
    expect(await rules.contracts.Credits.totalSupply()).to.equal(supply - (penalty * 9n) / 10n);
  });

  it("by a signature against a commitment on chain is punished", async () => {
    const { rules, agent, tenderId, module, ledger } = await networkHelpers.loadFixture(deploy);
    await commitBid(rules, tenderId, agent, 5n);
    await module.report(await evidenceOf(rules, tenderId, agent, 6n));
    expect((await ledger.agentOf(agent.agentId)).suspended).to.equal(true);
  });

  it("by a relayed commitment against another signature is punished", async () => {
    const { rules, agent, tenderId, module, ledger } = await networkHelpers.loadFixture(deploy);
    const made = commitment(tenderId, agent, 5n);
    const signature = await signBid(rules, tenderId, agent.agentId, agent.key, made);
    const bid = { tenderId, agentId: agent.agentId, slot: 0n, commitment: made };
    await rules.contracts.SealedBidTender.connect(rules.stranger).commitBidFor(bid, signature);
    await module.report(await evidenceOf(rules, tenderId, agent, 6n));
    expect(await ledger.isActive(agent.agentId)).to.equal(false);
  });

  it("costs at least the fixed penalty, at most what is there, and reaches unbonding stake", async () => {
    const { rules, tenderId, module, ledger } = await networkHelpers.loadFixture(deploy);
    const poor = await makeAgent(rules, 1, PARAMETERS.minStake);
    const openedAt = await rules.contracts.SealedBidTender.openedAt(tenderId);
    expect(await module.penaltyOf(poor.agentId, openedAt)).to.equal(PARAMETERS.equivocationFixed);
    const leaving = await makeAgent(rules, 2, 1_001n * CREDIT + 1n);
    await ledger.connect(leaving.owner).requestUnbonding(leaving.agentId, 901n * CREDIT);
    // Half of bonded and unbonding, rounded up: all that is bonded, and the rest from what is on its way out.
    const penalty = (1_001n * CREDIT + 2n) / 2n;
    expect(await module.penaltyOf(leaving.agentId, openedAt)).to.equal(penalty);
    await module.report(await evidenceOf(rules, tenderId, leaving, 5n, 6n));
    expect((await ledger.agentOf(leaving.agentId)).bonded).to.equal(0n);
    expect((await ledger.unbondingOf(leaving.agentId)).amount).to.equal(1_001n * CREDIT + 1n - penalty);
    const broke = await makeAgent(rules, 3, 10n * CREDIT);
    await module.report(await evidenceOf(rules, tenderId, broke, 5n, 6n));
    expect((await ledger.agentOf(broke.agentId)).bonded).to.equal(0n);
  });

  it("is punished once, in whatever order and form it is shown", async () => {
    const { rules, agent, tenderId, module, faultId } = await networkHelpers.loadFixture(deploy);
    const evidence = await evidenceOf(rules, tenderId, agent, 5n, 6n);
    await commitBid(rules, tenderId, agent, 5n);
    await module.report(evidence);
    const others = [
      evidence,
      swapped(evidence),
      await evidenceOf(rules, tenderId, agent, 7n, 5n),
      await evidenceOf(rules, tenderId, agent, 6n),
    ];
    for (const other of others) {
      await expect(module.report(other))
        .to.be.revertedWithCustomError(module, "EvidenceFaultPunished")
        .withArgs(faultId);
    }
    const another = await openTender(rules);
    await module.report(await evidenceOf(rules, another, agent, 5n, 6n));
  });

  it("is not what one statement makes, however often and in whatever form it is shown", async () => {
    const { rules, agent, tenderId, module } = await networkHelpers.loadFixture(deploy);
    const same = await evidenceOf(rules, tenderId, agent, 5n, 5n);
    await expect(module.report(same)).to.be.revertedWithCustomError(module, "BidEquivocationConsistent");
    await commitBid(rules, tenderId, agent, 5n);
    const onChain = await evidenceOf(rules, tenderId, agent, 5n);
    await expect(module.report(onChain)).to.be.revertedWithCustomError(module, "BidEquivocationConsistent");
    // A tender keeps 248 bits: statements that differ in the rest make the same commitment.
    const twin = `${same.commitmentA.slice(0, 64)}${same.commitmentA.endsWith("00") ? "01" : "00"}`;
    const signatureB = await signBid(rules, tenderId, agent.agentId, agent.key, twin);
    await expect(module.report({ ...same, commitmentB: twin, signatureB })).to.be.revertedWithCustomError(
      module,
      "BidEquivocationConsistent",
    );
  });

  it("is judged against the module's own list of tenders", async () => {
    const { rules, agent, tenderId, module } = await networkHelpers.loadFixture(deploy);
    const evidence = { ...(await evidenceOf(rules, tenderId, agent, 5n, 6n)), tender: rules.requester.address };
    for (const call of [
      module.report.staticCall(evidence),
      module.evidenceCommitment(evidence, rules.reporter.address, SALT),
    ]) {
      await expect(call)
        .to.be.revertedWithCustomError(module, "EvidenceSourceUnknown")
        .withArgs(rules.requester.address);
    }
  });

  it("is known only for tenders that exist, for slot 0", async () => {
    const { rules, agent, tenderId, module } = await networkHelpers.loadFixture(deploy);
    const none = id("no tender");
    await expect(module.report(await evidenceOf(rules, none, agent, 5n, 6n)))
      .to.be.revertedWithCustomError(rules.contracts.SealedBidTender, "TenderUnknown")
      .withArgs(none);
    const evidence = await evidenceOf(rules, tenderId, agent, 5n, 6n);
    await expect(module.report({ ...evidence, slot: 1n }))
      .to.be.revertedWithCustomError(module, "BidEquivocationSlotInvalid")
      .withArgs(1n);
  });

  it("is not proven by statements of another network, contract or agent", async () => {
    const { rules, agent, tenderId, module, ledger } = await networkHelpers.loadFixture(deploy);
    const evidence = await evidenceOf(rules, tenderId, agent, 5n, 6n);
    const domain = await domainOf(rules, rules.at.SealedBidTender);
    const value = { tenderId, agentId: agent.agentId, slot: 0n, commitment: evidence.commitmentB };
    const foreign = [
      { ...domain, salt: id("another network") },
      { ...domain, chainId: 1n },
      { ...domain, verifyingContract: rules.at.AgentLedger },
      { ...domain, name: "Another Market" },
      { ...domain, version: "2" },
    ];
    for (const other of foreign) {
      const signatureB = await agent.key.signTypedData(other, BID_TYPES, value);
      // What such a signature recovers to is nobody's bid key.
      await expect(module.report({ ...evidence, signatureB })).to.be.revertedWithCustomError(
        ledger,
        "LedgerKeyUnknown",
      );
    }
    const other = await makeAgent(rules, 1, STAKE);
    const signatureB = await signBid(rules, tenderId, agent.agentId, other.key, evidence.commitmentB);
    await expect(module.report({ ...evidence, signatureB }))
      .to.be.revertedWithCustomError(module, "BidEquivocationAuthorInvalid")
      .withArgs(other.key.address, agent.agentId);
  });

  it("is not proven by a bad signature, on either side", async () => {
    const { rules, agent, tenderId, module } = await networkHelpers.loadFixture(deploy);
    const evidence = await evidenceOf(rules, tenderId, agent, 5n, 6n);
    for (const bad of [withHighS, () => `0x${"00".repeat(65)}`, (good: string) => good.slice(0, -2)]) {
      await expect(module.report({ ...evidence, signatureA: bad(evidence.signatureA) }))
        .to.be.revertedWithCustomError(module, "BidEquivocationSignatureInvalid")
        .withArgs(0n);
      await expect(module.report({ ...evidence, signatureB: bad(evidence.signatureB) }))
        .to.be.revertedWithCustomError(module, "BidEquivocationSignatureInvalid")
        .withArgs(1n);
    }
    await expect(module.report({ ...evidence, signatureA: "0x" })).to.be.revertedWithCustomError(
      module,
      "BidEquivocationSignatureInvalid",
    );
  });

  it("needs a commitment on chain that is the agent's, where it has but one signature", async () => {
    const { rules, agent, tenderId, module } = await networkHelpers.loadFixture(deploy);
    const evidence = await evidenceOf(rules, tenderId, agent, 5n);
    await expect(module.report(evidence))
      .to.be.revertedWithCustomError(module, "BidEquivocationNoCommitment")
      .withArgs(tenderId, agent.key.address);
    const other = await makeAgent(rules, 1, STAKE);
    await commitBid(rules, tenderId, other, 6n);
    await expect(module.report({ ...evidence, bidderB: other.key.address }))
      .to.be.revertedWithCustomError(module, "BidEquivocationAuthorInvalid")
      .withArgs(other.key.address, agent.agentId);
  });

  it("is not proven by a key whose time was not the tender's", async () => {
    const { rules, agent, tenderId, module } = await networkHelpers.loadFixture(deploy);
    await networkHelpers.time.increase(10);
    const next: BaseWallet = await rotateKey(rules, agent.agentId, agent.owner);
    const later = { ...agent, key: next };
    await expect(module.report(await evidenceOf(rules, tenderId, later, 5n, 6n)))
      .to.be.revertedWithCustomError(module, "BidEquivocationAuthorInvalid")
      .withArgs(next.address, agent.agentId);
    await networkHelpers.time.increase(2);
    const after = await openTender(rules);
    await expect(module.report(await evidenceOf(rules, after, agent, 5n, 6n))).to.be.revertedWithCustomError(
      module,
      "BidEquivocationAuthorInvalid",
    );
    // For its own tender a key that has been rotated away still binds its agent.
    await module.report(await evidenceOf(rules, tenderId, agent, 5n, 6n));
  });

  it("cannot be disowned by rotating or revoking within the second in which the tender opened", async () => {
    const { rules, agent, module, ledger } = await networkHelpers.loadFixture(deploy);
    await networkHelpers.time.increase(10);
    const tenderId = await openTender(rules);
    const opened = BigInt(await networkHelpers.time.latest());
    await networkHelpers.time.setNextBlockTimestamp(opened);
    await ledger.connect(agent.owner).revokeBidKey(agent.key.address);
    expect(await rules.contracts.SealedBidTender.openedAt(tenderId)).to.equal(opened);
    expect(BigInt(await networkHelpers.time.latest())).to.equal(opened);
    await module.report(await evidenceOf(rules, tenderId, agent, 5n, 6n));
  });

  it("stays the agent's fault when the agent changes hands", async () => {
    const { rules, agent, tenderId, module, ledger } = await networkHelpers.loadFixture(deploy);
    const evidence = await evidenceOf(rules, tenderId, agent, 5n, 6n);
    const registry = rules.contracts.IdentityRegistry.connect(agent.owner);
    await registry.transferFrom(agent.owner.address, ownerAt(rules, 1).address, agent.agentId);
    await module.report(evidence);
    expect((await ledger.agentOf(agent.agentId)).suspended).to.equal(true);
  });

  it("counts until evidence is too old, and stake is in reach all that time", async () => {
    const { rules, agent, tenderId, module, ledger } = await networkHelpers.loadFixture(deploy);
    await commitBid(rules, tenderId, agent, 5n);
    const { revealDeadline } = await rules.contracts.SealedBidTender.termsOf(tenderId);
    const until = revealDeadline + PARAMETERS.evidenceAgeSeconds;
    await ledger.connect(agent.owner).requestUnbonding(agent.agentId, 800n * CREDIT);
    expect((await ledger.unbondingOf(agent.agentId)).readyAt > until).to.equal(true);
    const evidence = await evidenceOf(rules, tenderId, agent, 6n);
    const before = await networkHelpers.takeSnapshot();
    await networkHelpers.time.setNextBlockTimestamp(until);
    await module.report(evidence);
    await before.restore();
    await networkHelpers.time.setNextBlockTimestamp(until + 1n);
    await expect(module.report(evidence))
      .to.be.revertedWithCustomError(module, "BidEquivocationTooOld")
      .withArgs(tenderId, until);
  });
});

describe("the reward for evidence", () => {
  it("goes to who committed to it in an earlier block, and waits as stake does", async () => {
    const { rules, agent, tenderId, module, ledger, faultId, asReporter } = await networkHelpers.loadFixture(deploy);
    const evidence = await evidenceOf(rules, tenderId, agent, 5n, 6n);
    const reporter = rules.reporter.address;
    const promise = await module.evidenceCommitment(evidence, reporter, SALT);
    await expect(asReporter.commitEvidence(promise)).to.emit(module, "EvidenceCommitted").withArgs(reporter, promise);
    expect(await module.evidenceCommittedAt(reporter, promise)).to.equal(await ethers.provider.getBlockNumber());
    const reward = STAKE / 2n / 10n;
    await expect(asReporter.reportCommitted(swapped(evidence), SALT))
      .to.emit(module, "FaultRewarded")
      .withArgs(faultId, reporter, reward);
    const now = BigInt(await networkHelpers.time.latest());
    expect(await ledger.rewardOf(reporter)).to.deep.equal([reward, now + PARAMETERS.unbondingDelaySeconds]);
  });

  it("needs the commitment, by the same reporter, with the same salt, a block before", async () => {
    const { rules, agent, tenderId, module, asReporter } = await networkHelpers.loadFixture(deploy);
    const evidence = await evidenceOf(rules, tenderId, agent, 5n, 6n);
    const refused = async (call: () => Promise<unknown>) =>
      await expect(call()).to.be.revertedWithCustomError(module, "EvidenceNotCommitted");
    await refused(async () => await asReporter.reportCommitted(evidence, SALT));
    const promise = await module.evidenceCommitment(evidence, rules.reporter.address, SALT);
    await module.connect(rules.evaluator).commitEvidence(promise);
    await refused(async () => await module.connect(rules.evaluator).reportCommitted(evidence, SALT));
    await refused(async () => await asReporter.reportCommitted(evidence, SALT));
    // In one block, the commitment first: not yet old enough.
    await connection.provider.request({ method: "evm_setAutomine", params: [false] });
    const options = { gasLimit: 1_000_000n };
    await asReporter.commitEvidence(promise, options);
    const same = await asReporter.reportCommitted(evidence, SALT, options);
    await networkHelpers.mine();
    await connection.provider.request({ method: "evm_setAutomine", params: [true] });
    expect((await ethers.provider.getTransactionReceipt(same.hash))?.status).to.equal(0);
    await refused(async () => await asReporter.reportCommitted(evidence, id("another salt")));
    await asReporter.reportCommitted(evidence, SALT);
  });

  it("is not lost to who copies the evidence and shows it first", async () => {
    const { rules, agent, tenderId, module, ledger, asReporter } = await networkHelpers.loadFixture(deploy);
    const evidence = await evidenceOf(rules, tenderId, agent, 5n, 6n);
    const copier = module.connect(rules.evaluator);
    await asReporter.commitEvidence(await module.evidenceCommitment(evidence, rules.reporter.address, SALT));
    await copier.report(evidence);
    // Too late to commit now: it would be younger than the punishment.
    await copier.commitEvidence(await module.evidenceCommitment(evidence, rules.evaluator.address, SALT));
    await expect(copier.reportCommitted(evidence, SALT)).to.be.revertedWithCustomError(module, "EvidenceFaultPunished");
    await asReporter.reportCommitted(evidence, SALT);
    expect((await ledger.rewardOf(rules.reporter.address)).amount).to.equal(STAKE / 20n);
    await expect(asReporter.reportCommitted(evidence, SALT)).to.be.revertedWithCustomError(ledger, "StakeRewardGone");
  });

  it("is not for the offender's organisation, nor for strangers", async () => {
    const { rules, agent, tenderId, module } = await networkHelpers.loadFixture(deploy);
    const evidence = await evidenceOf(rules, tenderId, agent, 5n, 6n);
    for (const reporter of [agent.owner, rules.stranger]) {
      const own = module.connect(reporter);
      await own.commitEvidence(await module.evidenceCommitment(evidence, reporter.address, SALT));
      await expect(own.reportCommitted(evidence, SALT))
        .to.be.revertedWithCustomError(module, "EvidenceReporterRefused")
        .withArgs(reporter.address);
    }
  });

  it("is nothing where there was no stake to take, but the agent is suspended all the same", async () => {
    const { rules, tenderId, module, ledger, asReporter } = await networkHelpers.loadFixture(deploy);
    const broke = await makeAgent(rules, 1, 9n);
    const evidence = await evidenceOf(rules, tenderId, broke, 5n, 6n);
    await asReporter.commitEvidence(await module.evidenceCommitment(evidence, rules.reporter.address, SALT));
    await expect(asReporter.reportCommitted(evidence, SALT)).not.to.emit(module, "FaultRewarded");
    expect((await ledger.agentOf(broke.agentId)).suspended).to.equal(true);
    expect((await ledger.rewardOf(rules.reporter.address)).amount).to.equal(0n);
  });

  it("is promised once per commitment", async () => {
    const { rules, module, asReporter } = await networkHelpers.loadFixture(deploy);
    await asReporter.commitEvidence(id("a commitment"));
    const first = await module.evidenceCommittedAt(rules.reporter.address, id("a commitment"));
    await expect(asReporter.commitEvidence(id("a commitment")))
      .to.be.revertedWithCustomError(module, "EvidenceAlreadyCommitted")
      .withArgs(id("a commitment"));
    expect(await module.evidenceCommittedAt(rules.reporter.address, id("a commitment"))).to.equal(first);
  });
});

describe("the list of tenders", () => {
  it("grows by the operators' quorum alone, by contracts alone, and never shrinks", async () => {
    const { rules, module } = await networkHelpers.loadFixture(deploy);
    expect(await module.isSource(rules.at.SealedBidTender)).to.equal(true);
    const add = async (source: string) =>
      await govern(rules, rules.at.BidEquivocation, module.interface.encodeFunctionData("addSource", [source]));
    await expect(module.connect(rules.requester).addSource(rules.at.JobEscrow))
      .to.be.revertedWithCustomError(module, "GovernedUnauthorized")
      .withArgs(rules.requester.address);
    for (const wrong of [rules.stranger.address, rules.at.SealedBidTender]) {
      await expect(add(wrong)).to.be.revertedWithCustomError(module, "EvidenceSourceInvalid").withArgs(wrong);
    }
    await add(rules.at.JobEscrow);
    expect(await module.isSource(rules.at.JobEscrow)).to.equal(true);
    expect(await module.isSource(rules.at.SealedBidTender)).to.equal(true);
  });

  it("cannot begin with an empty address", async () => {
    const { rules, module } = await networkHelpers.loadFixture(deploy);
    const wiring = {
      ledger: rules.at.AgentLedger,
      permissions: rules.at.Permissions,
      parameters: rules.at.Parameters,
      governor: rules.at.Operators,
    };
    const factory = await ethers.getContractFactory("BidEquivocation");
    await expect(factory.deploy(wiring, [ZeroAddress])).to.be.revertedWithCustomError(module, "EvidenceSourceInvalid");
    expect(await module.rewardShareBps()).to.equal(PARAMETERS.rewardShareBps);
  });
});
