// How an accusation of a false capability ends: what each ruling takes from whom, and what comes back without one.
import { expect } from "chai";
import { network } from "hardhat";
import {
  ACCUSATION,
  accusationWorld,
  accuse,
  accuseTogether,
  bidAgain,
  decide,
  endTender,
  PENALTY,
  pastDeadline,
  REPORT,
  REQUIREMENT,
  REWARD,
  RULING,
  rewardOf,
  stakeOf,
} from "../accusations.ts";
import { commitBid, openTender } from "../actors.ts";
import { attest, cached, DIGEST, revoke, setAttester } from "../attestations.ts";
import { asContract, CREDIT, govern, PARAMETERS, type Signer, setParameters } from "../fixture.ts";

const connection = await network.create();
const { time } = connection.networkHelpers;
const deploy = () => accusationWorld(connection);
const world = () => connection.networkHelpers.loadFixture(deploy);
type World = Awaited<ReturnType<typeof deploy>>;

const STAKE = 1_000n * CREDIT;
const bondedOf = async ({ ledger, agent }: World) => (await ledger.agentOf(agent.agentId)).bonded;

/** What the decision says was taken, from all who pay. */
async function takenBy({ module }: World, accusationId: bigint): Promise<bigint | undefined> {
  const [decided] = await module.queryFilter(module.filters.AccusationDecided(accusationId));
  return decided?.args.taken;
}

/** A bid of the agent that needs the capability, from any attester or from the one named. */
async function bid(w: World, attester = REQUIREMENT.attester as string): Promise<void> {
  const tenderId = await openTender(w.rules, { requirements: [{ ...REQUIREMENT, attester }] });
  await commitBid(w.rules, tenderId, w.agent, 5n);
}

const lacksCapability = (w: World, attester?: string) =>
  expect(bid(w, attester)).to.be.revertedWithCustomError(w.ledger, "LedgerCapabilityMissing");

async function expectReleased(w: World): Promise<void> {
  for (const accuser of w.accusers) expect((await stakeOf(w, accuser)).locked).to.equal(0n);
  expect(await w.ledger.openFaultsOf(w.agent.agentId)).to.equal(0n);
  expect(await w.attesters.openFaultsOf(BigInt(w.first.address))).to.equal(0n);
}

describe("the ruling on a false capability", () => {
  it("is the operators' quorum's alone", async () => {
    const w = await world();
    const accusationId = await accuseTogether(w);
    for (const one of [w.rules.operator, w.accusers[0], w.rules.stranger]) {
      await expect(w.module.connect(one).decide(accusationId, RULING.agent))
        .to.be.revertedWithCustomError(w.module, "GovernedUnauthorized")
        .withArgs(one);
    }
  });

  it("takes the share from an agent at fault, rewards its accusers alike, and burns the rest", async () => {
    const w = await world();
    const { rules, module, ledger, agent, accusers } = w;
    const supply = await rules.contracts.Credits.totalSupply();
    const accusationId = await accuseTogether(w);
    await decide(w, accusationId, RULING.agent);
    expect(await takenBy(w, accusationId)).to.equal(PENALTY);
    expect(await bondedOf(w)).to.equal(STAKE - PENALTY);
    const faultId = await module.faultIdOf(RULING.agent, agent.agentId, w.charge.resolver, w.uid);
    expect(await ledger.isPunished(faultId)).to.equal(true);
    for (const accuser of accusers.slice(0, 2)) expect(await rewardOf(ledger, accuser)).to.equal(REWARD / 2n);
    expect(await rewardOf(ledger, accusers[2])).to.equal(0n);
    expect(supply - (await rules.contracts.Credits.totalSupply())).to.equal(PENALTY - REWARD);
    const { status, ruling } = await module.accusationOf(accusationId);
    expect([status, ruling]).to.deep.equal([ACCUSATION.decided, BigInt(RULING.agent)]);
    await expectReleased(w);
    expect((await ledger.agentOf(agent.agentId)).suspended).to.equal(false);
  });

  it("shares the reward among accusers to the last unit", async () => {
    const w = await world();
    await setParameters(w.rules, { accusers: 3n });
    const accusationId = await accuseTogether(w);
    await w.module.connect(w.accusers[2]).second(accusationId, REPORT);
    await decide(w, accusationId, RULING.agent);
    const parts = await Promise.all(w.accusers.map((accuser) => rewardOf(w.ledger, accuser)));
    expect(parts.reduce((sum, part) => sum + part)).to.equal(REWARD);
    expect(parts[0]).to.equal(REWARD / 3n);
  });

  it("takes the capability at once, whoever attested it, until it is attested anew", async () => {
    const w = await world();
    const other = await attest(w, { by: w.second, level: 3n });
    await time.increase(1);
    await bid(w);
    await bid(w, w.second.address);
    const accusationId = await accuseTogether(w);
    await decide(w, accusationId, RULING.agent);
    await lacksCapability(w);
    await lacksCapability(w, w.first.address);
    await lacksCapability(w, w.second.address);
    expect((await cached(w)).current).to.equal(false);
    expect((await w.ledger.capabilityFrom(w.agent.agentId, DIGEST, w.second)).current).to.equal(false);
    for (const uid of [w.uid, other]) {
      expect(await w.resolver.isStanding(uid)).to.equal(false);
      await expect(w.resolver.refresh(uid)).to.be.revertedWithCustomError(w.resolver, "CapabilityNotStanding");
    }
    await revoke(w, w.second, other);
    await lacksCapability(w);
    await attest(w, { by: w.second });
    await bid(w);
    await bid(w, w.second.address);
    await lacksCapability(w, w.first.address);
  });

  it("lets stand what is attested in the very second, which can be accused as well", async () => {
    const w = await world();
    await time.increase(1);
    await decide(w, await accuseTogether(w), RULING.agent);
    await time.setNextBlockTimestamp(await w.ledger.capabilityRemovedAt(w.agent.agentId, DIGEST));
    const uid = await attest(w);
    expect(await w.resolver.isStanding(uid)).to.equal(true);
    const tenderId = await bidAgain(w);
    await decide(w, await accuseTogether(w, { ...w.charge, uid, tenderId }), RULING.agent);
    await lacksCapability(w);
  });

  it("takes one capability of one agent, and no other", async () => {
    const w = await world();
    const capability = "0x".padEnd(66, "7");
    await attest(w, { capability });
    await decide(w, await accuseTogether(w), RULING.agent);
    await w.ledger.checkCapability(w.agent.agentId, capability, 2, w.first);
    await w.ledger.checkCapability(w.rival.agentId, DIGEST, 2, w.first);
  });

  it("takes the penalty from the attester where the agent is not at fault, and the capability all the same", async () => {
    const w = await world();
    const { module, attesters, first, accusers } = w;
    const before = (await stakeOf(w, first)).bonded;
    const accusationId = await accuseTogether(w);
    await decide(w, accusationId, RULING.attester);
    expect(await bondedOf(w)).to.equal(STAKE);
    expect((await stakeOf(w, first)).bonded).to.equal(before - PENALTY);
    const faultId = await module.faultIdOf(RULING.attester, first.address, w.charge.resolver, w.uid);
    expect(await attesters.isPunished(faultId)).to.equal(true);
    for (const accuser of accusers.slice(0, 2)) expect(await rewardOf(attesters, accuser)).to.equal(REWARD / 2n);
    await lacksCapability(w);
    await expectReleased(w);
  });

  it("reaches what the attester is taking out, and takes no more than is there", async () => {
    const w = await world();
    const { attesters, first } = w;
    const { bonded } = await stakeOf(w, first);
    await attesters.connect(first).requestUnbonding(first, bonded);
    const slasher = attesters.connect(await asContract(w.rules, w.rules.at.ContradictoryAttestations));
    await slasher.slash(REPORT, first.address, bonded - 1n, 0n, false);
    await decide(w, await accuseTogether(w), RULING.attester);
    expect(await attesters.stakeInReachOf(first.address)).to.equal(0n);
  });

  it("reaches what the agent is taking out", async () => {
    const w = await world();
    await endTender(w);
    const bonded = await bondedOf(w);
    await w.ledger.connect(w.agent.owner).requestUnbonding(w.agent.agentId, bonded);
    await decide(w, await accuseTogether(w), RULING.agent);
    expect(await w.ledger.stakeInReachOf(w.agent.agentId)).to.equal(bonded - bonded / 5n);
  });

  it("burns what the accusers locked, where they accused falsely", async () => {
    const w = await world();
    const { rules, module, accusers } = w;
    const supply = await rules.contracts.Credits.totalSupply();
    const before = await Promise.all(accusers.map(async (one) => (await stakeOf(w, one)).bonded));
    const accusationId = await accuseTogether(w);
    await decide(w, accusationId, RULING.falseAccusation);
    expect(await takenBy(w, accusationId)).to.equal(2n * PENALTY);
    const after = await Promise.all(accusers.map(async (one) => (await stakeOf(w, one)).bonded));
    expect(after.map((bonded, i) => (before[i] ?? 0n) - bonded)).to.deep.equal([PENALTY, PENALTY, 0n]);
    expect(supply - (await rules.contracts.Credits.totalSupply())).to.equal(2n * PENALTY);
    expect(await bondedOf(w)).to.equal(STAKE);
    await bid(w);
    await expectReleased(w);
    const faultId = await module.faultIdOf(RULING.falseAccusation, accusers[1].address, w.charge.resolver, w.uid);
    expect(await w.attesters.isPunished(faultId)).to.equal(true);
  });

  it("takes nothing where nothing is proven, and leaves it to be accused again", async () => {
    const w = await world();
    const supply = await w.rules.contracts.Credits.totalSupply();
    await decide(w, await accuseTogether(w), RULING.unproven);
    expect(await w.rules.contracts.Credits.totalSupply()).to.equal(supply);
    expect(await bondedOf(w)).to.equal(STAKE);
    await bid(w);
    await expectReleased(w);
    expect(await w.module.isDecided(w.charge.resolver, w.uid)).to.equal(false);
    await decide(w, await accuseTogether(w), RULING.agent);
  });

  for (const [name, ruling] of [
    ["the agent at fault", RULING.agent],
    ["the attester at fault", RULING.attester],
    ["a false accusation", RULING.falseAccusation],
  ] as const) {
    it(`is made once: after ${name} the attestation is accused no more, on whatever ground`, async () => {
      const w = await world();
      const other = { ...w.charge, tenderId: await bidAgain(w) };
      const third = { ...w.charge, tenderId: await bidAgain(w) };
      const pending = await accuse(w, other, w.accusers[2]);
      await setParameters(w.rules, { falseCapabilityShare: 500n });
      const parallel = await accuseTogether(w, third);
      await decide(w, await accuseTogether(w), ruling);
      expect(await w.module.isDecided(w.charge.resolver, w.uid)).to.equal(true);
      const decided = "FalseCapabilityDecided";
      const again = w.module.connect(w.accusers[0]);
      await expect(again.accuse(w.charge, REPORT)).to.be.revertedWithCustomError(w.module, decided);
      await expect(again.second(pending, REPORT)).to.be.revertedWithCustomError(w.module, decided);
      await expect(decide(w, parallel, RULING.agent)).to.be.revertedWithCustomError(w.module, decided);
      await pastDeadline(w, parallel);
      for (const accusationId of [pending, parallel]) await w.module.close(accusationId);
      await expectReleased(w);
    });
  }

  it("punishes an agent once for a capability, whoever attested it; each attester for itself", async () => {
    const w = await world();
    const { module, second, accusers } = w;
    const other = await attest(w, { by: second });
    await time.increase(1);
    const [, a, b] = accusers;
    const twin = { ...w.charge, uid: other, tenderId: await bidAgain(w) };
    await setParameters(w.rules, { falseCapabilityShare: 500n });
    const later = await accuse(w, twin, a);
    await module.connect(b).second(later, REPORT);
    await decide(w, await accuseTogether(w), RULING.agent);
    const left = await bondedOf(w);
    await expect(decide(w, later, RULING.agent)).to.be.revertedWithCustomError(module, "FalseCapabilityRemoved");
    // Tested again meanwhile, by another: what was found of the older attestation does not touch the newer one.
    await attest(w, { by: b });
    const before = (await stakeOf(w, second)).bonded;
    await decide(w, later, RULING.attester);
    expect(await bondedOf(w)).to.equal(left);
    expect((await stakeOf(w, second)).bonded).to.be.lessThan(before);
    await bid(w);
  });

  it("goes by the lower of the share when the tender opened and now, and never above what was locked", async () => {
    const w = await world();
    await setParameters(w.rules, { falseCapabilityShare: 4_000n });
    const dear = await accuse(w);
    expect(await w.module.penaltyOf(dear)).to.equal(PENALTY);
    await setParameters(w.rules, { falseCapabilityShare: 1_000n });
    const accusationId = await accuse(w, { ...w.charge, tenderId: await bidAgain(w) });
    expect(await w.module.penaltyOf(accusationId)).to.equal(PENALTY / 2n);
    expect(await w.module.penaltyOf(dear)).to.equal(PENALTY / 2n);
    await setParameters(w.rules, { falseCapabilityShare: 2_000n });
    expect(await w.module.penaltyOf(accusationId)).to.equal(PENALTY / 2n);
    await setParameters(w.rules, { falseCapabilityShare: 500n });
    await w.module.connect(w.accusers[1]).second(accusationId, REPORT);
    expect((await stakeOf(w, w.accusers[1])).locked).to.equal(PENALTY / 2n);
    await decide(w, accusationId, RULING.agent);
    expect(await bondedOf(w)).to.equal(STAKE - PENALTY / 4n);
  });

  it("rises with no share that rose after the accusation, to what it was when the tender opened at most", async () => {
    const w = await world();
    await setParameters(w.rules, { falseCapabilityShare: 1_000n });
    const accusationId = await accuseTogether(w);
    await setParameters(w.rules, { falseCapabilityShare: 2_000n });
    await decide(w, accusationId, RULING.agent);
    expect(await bondedOf(w)).to.equal(STAKE - PENALTY / 2n);
  });

  it("is one of the rulings, on an accusation before the operators, in their time", async () => {
    const w = await world();
    const { module } = w;
    const accusationId = await accuse(w);
    const early = decide(w, accusationId, RULING.agent);
    await expect(early).to.be.revertedWithCustomError(module, "FalseCapabilityNotDeciding").withArgs(accusationId);
    await module.connect(w.accusers[1]).second(accusationId, REPORT);
    const none = decide(w, accusationId, RULING.none);
    await expect(none).to.be.revertedWithCustomError(module, "FalseCapabilityNoRuling");
    await expect(decide(w, 99n, RULING.agent)).to.be.revertedWithCustomError(module, "FalseCapabilityUnknown");
    await pastDeadline(w, accusationId);
    await expect(decide(w, accusationId, RULING.agent)).to.be.revertedWithCustomError(
      module,
      "FalseCapabilityNotDeciding",
    );
    await module.close(accusationId);
    await expect(decide(w, accusationId, RULING.agent)).to.be.revertedWithCustomError(
      module,
      "FalseCapabilityNotDeciding",
    );
  });

  it("is possible in the last second of the operators' time", async () => {
    const w = await world();
    const accusationId = await accuseTogether(w);
    const { deadline } = await w.module.accusationOf(accusationId);
    const governor = await asContract(w.rules, w.rules.at.Operators);
    await time.setNextBlockTimestamp(deadline);
    await w.module.connect(governor).decide(accusationId, RULING.agent);
    expect(await bondedOf(w)).to.equal(STAKE - PENALTY);
  });
});

describe("an accusation that is not decided", () => {
  it("lapses without enough accusers: by anyone's call, after its deadline, and costs nobody anything", async () => {
    const w = await world();
    const { module, rules, accusers } = w;
    const before = await stakeOf(w, accusers[0]);
    const accusationId = await accuse(w);
    const { deadline } = await module.accusationOf(accusationId);
    await time.setNextBlockTimestamp(deadline);
    await expect(module.close(accusationId))
      .to.be.revertedWithCustomError(module, "FalseCapabilityNotOver")
      .withArgs(accusationId, deadline);
    await pastDeadline(w, accusationId);
    await expect(module.connect(accusers[1]).second(accusationId, REPORT)).to.be.revertedWithCustomError(
      module,
      "FalseCapabilityNotGathering",
    );
    await expect(module.connect(rules.stranger).close(accusationId))
      .to.emit(module, "AccusationLapsed")
      .withArgs(accusationId);
    expect(await stakeOf(w, accusers[0])).to.deep.equal(before);
    expect((await module.accusationOf(accusationId)).status).to.equal(ACCUSATION.lapsed);
    await expect(module.close(accusationId)).to.be.revertedWithCustomError(module, "FalseCapabilityNotOver");
    await expect(module.accusationOf(0)).to.be.revertedWithCustomError(module, "FalseCapabilityUnknown");
  });

  it("takes an accuser in the last second of its deadline", async () => {
    const w = await world();
    const accusationId = await accuse(w);
    await time.setNextBlockTimestamp((await w.module.accusationOf(accusationId)).deadline);
    await w.module.connect(w.accusers[1]).second(accusationId, REPORT);
    expect((await w.module.accusationOf(accusationId)).status).to.equal(ACCUSATION.deciding);
  });

  it("lapses without the operators' word, too, and lets the accused go", async () => {
    const w = await world();
    const { module, rules } = w;
    const accusationId = await accuseTogether(w);
    await pastDeadline(w, accusationId);
    await module.connect(rules.stranger).close(accusationId);
    await expectReleased(w);
    expect(await bondedOf(w)).to.equal(STAKE);
    await bid(w);
    expect(await w.module.openAccusationOn(w.charge.resolver, w.uid, w.charge.tender, w.tenderId)).to.equal(0n);
  });

  it("keeps an agent from being sold, and its leaving stake and the attester's where they are", async () => {
    const w = await world();
    const { rules, module, ledger, attesters, agent, first } = w;
    await endTender(w);
    const registry = rules.contracts.IdentityRegistry.connect(agent.owner);
    const next = rules.owners[8] as Signer;
    await ledger.connect(agent.owner).requestUnbonding(agent.agentId, await bondedOf(w));
    await attesters.connect(first).requestUnbonding(first, CREDIT);
    const { readyAt } = await ledger.unbondingOf(agent.agentId);
    const { obligationUntil } = await rules.contracts.SealedBidTender.marketTermsOf(w.tenderId);
    await time.increaseTo(obligationUntil + PARAMETERS.evidenceAgeSeconds - 10n);
    const accusationId = await accuseTogether(w);
    await time.increaseTo(readyAt);
    const sell = () => registry.transferFrom(agent.owner, next, agent.agentId);
    await expect(sell()).to.be.revertedWithCustomError(rules.contracts.IdentityRegistry, "IdentityAgentEngaged");
    await expect(ledger.withdrawUnbonded(agent.agentId)).to.be.revertedWithCustomError(ledger, "StakeFaultOpen");
    await expect(attesters.withdrawUnbonded(first)).to.be.revertedWithCustomError(attesters, "StakeFaultOpen");
    await pastDeadline(w, accusationId);
    await module.close(accusationId);
    await ledger.withdrawUnbonded(agent.agentId);
    await attesters.withdrawUnbonded(first);
    await sell();
  });

  it("holds up nobody's stake while one attester stands alone", async () => {
    const w = await world();
    const { ledger, agent } = w;
    await endTender(w);
    await ledger.connect(agent.owner).requestUnbonding(agent.agentId, await bondedOf(w));
    await accuse(w);
    await w.rules.contracts.IdentityRegistry.connect(agent.owner).transferFrom(
      agent.owner,
      w.rules.owners[8] as Signer,
      agent.agentId,
    );
    await time.increaseTo((await ledger.unbondingOf(agent.agentId)).readyAt);
    await ledger.withdrawUnbonded(agent.agentId);
  });

  it("ends by a stranger's call though its accusers were delisted, slashed or suspended", async () => {
    const w = await world();
    const { rules, attesters, accusers, module } = w;
    const accusationId = await accuseTogether(w);
    await setAttester(rules, accusers[0].address, false);
    const slasher = attesters.connect(await asContract(rules, rules.at.ContradictoryAttestations));
    await slasher.slash(REPORT, accusers[1].address, 10n ** 15n, 0n, true);
    const module_ = rules.contracts.Permissions.interface;
    const gone = module_.encodeFunctionData("delistMember", [accusers[0].address]);
    await govern(rules, rules.at.Permissions, gone);
    await pastDeadline(w, accusationId);
    await module.connect(rules.stranger).close(accusationId);
    await expectReleased(w);
  });

  it("is not in the way of a ruling though an accuser has nothing left to lose", async () => {
    const w = await world();
    const { rules, attesters, accusers } = w;
    const accusationId = await accuseTogether(w);
    const slasher = attesters.connect(await asContract(rules, rules.at.ContradictoryAttestations));
    await slasher.slash(REPORT, accusers[1].address, 10n ** 15n, 0n, true);
    await decide(w, accusationId, RULING.falseAccusation);
    expect(await attesters.stakeInReachOf(accusers[1].address)).to.equal(0n);
  });
});
