import { expect } from "chai";
import { id, Signature, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { type Agent, domainOf, makeAgent, openTender, rotateKey, signBid } from "../actors.ts";
import { CREDIT, PARAMETERS, type Rules } from "../fixture.ts";
import { DELIVERABLE, deliver, marketWorld, settledTask } from "../tasks.ts";
import { describeReporting } from "./reporting.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const OTHER = id("another answer");
const STAKE = 1_000n * CREDIT;

const DELIVERY_TYPES = {
  Delivery: [
    { name: "jobId", type: "uint256" },
    { name: "agentId", type: "uint256" },
    { name: "deliverable", type: "bytes32" },
  ],
};

async function deploy() {
  const world = await marketWorld(connection);
  const { rules, first: agent, market } = world;
  const { taskId } = await settledTask(rules, [[agent, 50n * CREDIT]]);
  const { jobId } = await market.assignmentOf(taskId, 0);
  const module = rules.contracts.DeliveryEquivocation;
  const faultId = await module.faultIdOf(rules.at.JobEscrow, jobId, agent.agentId);
  return { ...world, agent, taskId, jobId, module, faultId };
}

const world = () => networkHelpers.loadFixture(deploy);

async function sign(rules: Rules, { key, agentId }: Agent, jobId: bigint, deliverable: string): Promise<string> {
  const domain = await domainOf(rules, rules.at.JobEscrow);
  return await key.signTypedData(domain, DELIVERY_TYPES, { jobId, agentId, deliverable });
}

/** Two deliveries of the agent: both signed, or the second as submitted when there is none. */
async function evidenceOf(rules: Rules, agent: Agent, jobId: bigint, a: string, b?: string) {
  return {
    escrow: rules.at.JobEscrow as string,
    jobId,
    agentId: agent.agentId,
    deliverableA: a,
    signatureA: await sign(rules, agent, jobId, a),
    deliverableB: b ?? id("unused"),
    signatureB: b === undefined ? "0x" : await sign(rules, agent, jobId, b),
  };
}

function withHighS(signature: string): string {
  const { r, s, v } = Signature.from(signature);
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  return `${r}${(order - BigInt(s)).toString(16).padStart(64, "0")}${v === 27 ? "1c" : "1b"}`;
}

describe("delivery equivocation", () => {
  it("by two signatures is punished: share of the stake taken, agent suspended", async () => {
    const { rules, agent, jobId, module, faultId, ledger } = await world();
    const subject = await module.subjectOf(rules.at.JobEscrow, jobId);
    const evidence = await evidenceOf(rules, agent, jobId, DELIVERABLE, OTHER);
    expect(await module.verify(evidence)).to.equal(faultId);
    await expect(module.connect(rules.stranger).report(evidence))
      .to.emit(module, "FaultPunished")
      .withArgs(faultId, agent.agentId, subject, STAKE / 2n);
    const record = await ledger.agentOf(agent.agentId);
    expect([record.bonded, record.suspended]).to.deep.equal([STAKE - STAKE / 2n, true]);
  });

  it("by a signature against what was submitted on chain is punished", async () => {
    const { rules, agent, taskId, jobId, module, ledger } = await world();
    const evidence = await evidenceOf(rules, agent, jobId, OTHER);
    await expect(module.report(evidence))
      .to.be.revertedWithCustomError(module, "DeliveryEquivocationNoSubmission")
      .withArgs(jobId);
    await deliver(rules, taskId, 0, agent);
    await module.report(evidence);
    expect(await ledger.isActive(agent.agentId)).to.equal(false);
  });

  it("is not what one delivery makes, signed and submitted, however often it is shown", async () => {
    const { rules, agent, taskId, jobId, module } = await world();
    await deliver(rules, taskId, 0, agent);
    for (const same of [
      await evidenceOf(rules, agent, jobId, DELIVERABLE),
      await evidenceOf(rules, agent, jobId, DELIVERABLE, DELIVERABLE),
    ]) {
      await expect(module.report(same)).to.be.revertedWithCustomError(module, "DeliveryEquivocationConsistent");
    }
  });

  it("costs at least the fixed penalty, rounded up, at most what is there, and reaches unbonding stake", async () => {
    const { rules, agent, jobId, module, ledger } = await world();
    const asOwner = ledger.connect(agent.owner);
    await rules.contracts.Credits.connect(agent.owner).approve(rules.at.AgentLedger, 1n);
    await asOwner.stake(agent.agentId, 1n);
    await asOwner.requestUnbonding(agent.agentId, 800n * CREDIT);
    const penalty = STAKE / 2n + 1n;
    expect(await module.penaltyOf(agent.agentId, await rules.contracts.JobEscrow.createdAtOf(jobId))).to.equal(penalty);
    await module.report(await evidenceOf(rules, agent, jobId, DELIVERABLE, OTHER));
    expect((await ledger.agentOf(agent.agentId)).bonded).to.equal(0n);
    expect((await ledger.unbondingOf(agent.agentId)).amount).to.equal(STAKE + 1n - penalty);
    const poor = await makeAgent(rules, 5, PARAMETERS.minStake);
    expect(await module.penaltyOf(poor.agentId, await rules.contracts.JobEscrow.createdAtOf(jobId))).to.equal(
      PARAMETERS.equivocationFixed,
    );
  });

  it("takes no more than is there", async () => {
    const { rules, module, market, ledger } = await world();
    const poor = await makeAgent(rules, 5, PARAMETERS.minStake);
    const { taskId } = await settledTask(rules, [[poor, 50n * CREDIT]]);
    const { jobId } = await market.assignmentOf(taskId, 0);
    const other = await openTender(rules);
    const [a, b] = [id("one commitment"), id("another commitment")];
    await rules.contracts.BidEquivocation.report({
      tender: rules.at.SealedBidTender,
      tenderId: other,
      agentId: poor.agentId,
      slot: 0n,
      commitmentA: a,
      signatureA: await signBid(rules, other, poor.agentId, poor.key, a),
      commitmentB: b,
      signatureB: await signBid(rules, other, poor.agentId, poor.key, b),
      bidderB: ZeroAddress,
    });
    const left = await ledger.stakeInReachOf(poor.agentId);
    expect(left).to.equal(PARAMETERS.minStake - PARAMETERS.equivocationFixed);
    await expect(module.report(await evidenceOf(rules, poor, jobId, DELIVERABLE, OTHER))).to.emit(
      module,
      "FaultPunished",
    );
    expect(await ledger.stakeInReachOf(poor.agentId)).to.equal(0n);
  });

  it("is known for escrows on the list alone, and for jobs of markets on the list alone", async () => {
    const { rules, agent, jobId, module, escrow } = await world();
    const evidence = await evidenceOf(rules, agent, jobId, DELIVERABLE, OTHER);
    const elsewhere = { ...evidence, escrow: rules.at.SealedBidTender };
    for (const call of [
      module.report.staticCall(elsewhere),
      module.evidenceCommitment(elsewhere, rules.reporter.address, ZeroHash),
    ]) {
      await expect(call)
        .to.be.revertedWithCustomError(module, "EvidenceSourceUnknown")
        .withArgs(rules.at.SealedBidTender);
    }
    const requester = escrow.connect(rules.requester);
    const expiry = BigInt(await networkHelpers.time.latest()) + 1_000n;
    await requester.createJob(agent.key.address, rules.evaluator.address, expiry, "a trap", ZeroAddress);
    const trap = await escrow.jobCount();
    await expect(module.report(await evidenceOf(rules, agent, trap, DELIVERABLE, OTHER)))
      .to.be.revertedWithCustomError(module, "EvidenceSourceUnknown")
      .withArgs(rules.requester.address);
  });

  it("is known for jobs that exist", async () => {
    const { rules, agent, module, escrow } = await world();
    await expect(module.report(await evidenceOf(rules, agent, 99n, DELIVERABLE, OTHER)))
      .to.be.revertedWithCustomError(escrow, "JobEscrowUnknownJob")
      .withArgs(99n);
  });

  it("is not proven by statements of another network, chain, contract, job or agent", async () => {
    const { rules, agent, jobId, module } = await world();
    const evidence = await evidenceOf(rules, agent, jobId, DELIVERABLE, OTHER);
    const domain = await domainOf(rules, rules.at.JobEscrow);
    const value = { jobId, agentId: agent.agentId, deliverable: OTHER };
    const foreign = [
      [{ ...domain, salt: id("another network") }, value],
      [{ ...domain, chainId: 1n }, value],
      [{ ...domain, verifyingContract: rules.at.TaskMarket }, value],
      [domain, { ...value, jobId: jobId + 1n }],
      [domain, { ...value, agentId: agent.agentId + 1n }],
      [domain, { ...value, deliverable: id("a third answer") }],
    ] as const;
    for (const [otherDomain, otherValue] of foreign) {
      const signatureB = await agent.key.signTypedData(otherDomain, DELIVERY_TYPES, otherValue);
      await expect(module.report({ ...evidence, signatureB })).to.be.revertedWithCustomError(
        module,
        "DeliveryEquivocationAuthorInvalid",
      );
    }
  });

  it("is the provider's alone: no other agent, nor another key of the same, states anything for the job", async () => {
    const { rules, agent, second, jobId, module } = await world();
    const evidence = await evidenceOf(rules, agent, jobId, DELIVERABLE, OTHER);
    await expect(module.report({ ...evidence, agentId: second.agentId }))
      .to.be.revertedWithCustomError(module, "DeliveryEquivocationAuthorInvalid")
      .withArgs(agent.key.address, second.agentId);
    const next = await rotateKey(rules, agent.agentId, agent.owner);
    const later = { ...agent, key: next };
    for (const signatures of [
      { signatureB: await sign(rules, later, jobId, OTHER) },
      { signatureA: await sign(rules, later, jobId, DELIVERABLE) },
    ]) {
      await expect(module.report({ ...evidence, ...signatures }))
        .to.be.revertedWithCustomError(module, "DeliveryEquivocationAuthorInvalid")
        .withArgs(next.address, agent.agentId);
    }
    // The key that the job was awarded to still binds its agent.
    await module.report(evidence);
  });

  it("is not proven by a bad signature, on either side", async () => {
    const { rules, agent, jobId, module } = await world();
    const evidence = await evidenceOf(rules, agent, jobId, DELIVERABLE, OTHER);
    for (const bad of [withHighS, () => `0x${"00".repeat(65)}`, (good: string) => good.slice(0, -2)]) {
      await expect(module.report({ ...evidence, signatureA: bad(evidence.signatureA) }))
        .to.be.revertedWithCustomError(module, "DeliveryEquivocationSignatureInvalid")
        .withArgs(0n);
      await expect(module.report({ ...evidence, signatureB: bad(evidence.signatureB) }))
        .to.be.revertedWithCustomError(module, "DeliveryEquivocationSignatureInvalid")
        .withArgs(1n);
    }
    await expect(module.report({ ...evidence, signatureA: "0x" }))
      .to.be.revertedWithCustomError(module, "DeliveryEquivocationSignatureInvalid")
      .withArgs(0n);
  });

  it("counts until the job expires, and stake is in reach all that time", async () => {
    const { rules, agent, taskId, jobId, module, ledger, escrow } = await world();
    await deliver(rules, taskId, 0, agent);
    const { expiredAt } = await escrow.getJob(jobId);
    await ledger.connect(agent.owner).requestUnbonding(agent.agentId, 800n * CREDIT);
    expect((await ledger.unbondingOf(agent.agentId)).readyAt >= expiredAt).to.equal(true);
    const evidence = await evidenceOf(rules, agent, jobId, OTHER);
    const before = await networkHelpers.takeSnapshot();
    await networkHelpers.time.setNextBlockTimestamp(expiredAt);
    await module.report(evidence);
    await before.restore();
    await networkHelpers.time.setNextBlockTimestamp(expiredAt + 1n);
    await expect(module.report(evidence))
      .to.be.revertedWithCustomError(module, "DeliveryEquivocationTooOld")
      .withArgs(jobId, expiredAt);
  });

  it("needs a network's id", async () => {
    const { rules, module } = await world();
    const wiring = {
      ledger: rules.at.AgentLedger,
      permissions: rules.at.Permissions,
      parameters: rules.at.Parameters,
      governor: rules.at.Operators,
    };
    const factory = await ethers.getContractFactory("DeliveryEquivocation");
    const salt = PARAMETERS.networkId;
    await expect(factory.deploy(wiring, ZeroHash, [])).to.be.revertedWithCustomError(
      module,
      "DeliveryEquivocationNetworkIdMissing",
    );
    await factory.deploy(wiring, salt, []);
  });

  describeReporting(connection, async () => {
    const { rules, agent, taskId, jobId, module, faultId, ledger } = await world();
    await deliver(rules, taskId, 0, agent);
    const evidence = await evidenceOf(rules, agent, jobId, OTHER, id("a third answer"));
    const { deliverableA, signatureA, deliverableB, signatureB } = evidence;
    const swapped = {
      ...evidence,
      deliverableA: deliverableB,
      signatureA: signatureB,
      deliverableB: deliverableA,
      signatureB: signatureA,
    };
    const otherForms = [
      swapped,
      await evidenceOf(rules, agent, jobId, OTHER),
      await evidenceOf(rules, agent, jobId, DELIVERABLE, id("a third answer")),
    ];
    return {
      rules,
      module,
      register: ledger,
      faultId,
      offender: agent.agentId,
      evidence,
      swapped,
      otherForms,
      accomplice: agent.owner,
      penalty: STAKE / 2n,
      unbondingDelay: PARAMETERS.unbondingDelaySeconds,
    };
  });
});
