import { expect } from "chai";
import { network } from "hardhat";
import {
  ACCUSATION,
  ATTESTER_STAKE,
  accusationWorld,
  accuse,
  bidAgain,
  decide,
  endTender,
  PENALTY,
  pastDeadline,
  REPORT,
  REQUIREMENT,
  RULING,
  stakeOf,
} from "../accusations.ts";
import { addStake, commitBid, openTender, toReveal } from "../actors.ts";
import { DIGEST, makeAttester } from "../attestations.ts";
import { asContract, CREDIT, govern, PARAMETERS, type Signer, setParameters } from "../fixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const deploy = () => accusationWorld(connection);
const world = () => networkHelpers.loadFixture(deploy);

describe("a false capability", () => {
  it("is accused by an attester, who locks what it would cost the agent", async () => {
    const w = await world();
    const { module, agent, uid, tenderId, accusers, first } = w;
    await expect(module.connect(accusers[0]).accuse(w.charge, REPORT))
      .to.emit(module, "AccuserJoined")
      .withArgs(1n, accusers[0], REPORT);
    const now = BigInt(await networkHelpers.time.latest());
    const accusation = await module.accusationOf(1n);
    expect(accusation.agentId).to.equal(agent.agentId);
    expect(accusation.attester).to.equal(first.address);
    expect([accusation.uid, accusation.capability, accusation.tenderId]).to.deep.equal([uid, DIGEST, tenderId]);
    expect([accusation.penalty, accusation.stake]).to.deep.equal([PENALTY, 1_000n * CREDIT]);
    expect([accusation.status, accusation.needed]).to.deep.equal([ACCUSATION.gathering, 2n]);
    expect(accusation.deadline).to.equal(now + PARAMETERS.accusation.secondingSeconds);
    expect(await stakeOf(w, accusers[0])).to.deep.equal({ bonded: ATTESTER_STAKE + CREDIT * 100n, locked: PENALTY });
    expect(await module.accusersOf(1n)).to.deep.equal([accusers[0].address]);
    expect(await module.openAccusationOn(w.charge.resolver, uid, w.charge.tender, tenderId)).to.equal(1n);
  });

  it("goes to the operators with the last accuser needed, and holds the accused's stake from then on", async () => {
    const w = await world();
    const { module, ledger, attesters, agent, accusers, first } = w;
    const accusationId = await accuse(w);
    expect(await ledger.openFaultsOf(agent.agentId)).to.equal(0n);
    await expect(module.connect(accusers[1]).second(accusationId, REPORT)).to.emit(module, "AccusationPutToOperators");
    const now = BigInt(await networkHelpers.time.latest());
    const { status, deadline } = await module.accusationOf(accusationId);
    expect([status, deadline]).to.deep.equal([ACCUSATION.deciding, now + PARAMETERS.accusation.appealSeconds]);
    expect(await ledger.openFaultsOf(agent.agentId)).to.equal(1n);
    expect(await attesters.openFaultsOf(BigInt(first.address))).to.equal(1n);
    expect((await stakeOf(w, accusers[1])).locked).to.equal(PENALTY);
    await expect(module.connect(accusers[2]).second(accusationId, REPORT))
      .to.be.revertedWithCustomError(module, "FalseCapabilityNotGathering")
      .withArgs(accusationId);
  });

  it("needs as many accusers as when it was first accused", async () => {
    const w = await world();
    await setParameters(w.rules, { accusers: 3n });
    const accusationId = await accuse(w);
    await setParameters(w.rules, { accusers: 2n });
    await w.module.connect(w.accusers[1]).second(accusationId, REPORT);
    expect((await w.module.accusationOf(accusationId)).status).to.equal(ACCUSATION.gathering);
    await w.module.connect(w.accusers[2]).second(accusationId, REPORT);
    expect((await w.module.accusationOf(accusationId)).status).to.equal(ACCUSATION.deciding);
  });

  it("is named by nobody who has a part in the tender, or belongs to the accused", async () => {
    const w = await world();
    const { rules, module, agent, rival, accusers, first } = w;
    const accusationId = await accuse(w);
    const involved: readonly (readonly [Signer, string])[] = [
      [rival.owner, "a bidder"],
      [rules.requester, "the requester"],
      [agent.owner, "the agent's owner"],
      [first, "the attester"],
    ];
    const fresh = await openTender(rules, { requirements: [REQUIREMENT] });
    for (const bidder of [w.agent, rival]) await commitBid(rules, fresh, bidder, 5n);
    await toReveal(rules, fresh);
    for (const [accuser, who] of involved) {
      const begun = module.connect(accuser).accuse({ ...w.charge, tenderId: fresh }, REPORT);
      await expect(begun, who).to.be.revertedWithCustomError(module, "FalseCapabilityInvolved");
      const seconded = module.connect(accuser).second(accusationId, REPORT);
      await expect(seconded, who).to.be.revertedWithCustomError(module, "FalseCapabilityInvolved");
    }
    expect(await module.accusersOf(accusationId)).to.deep.equal([accusers[0].address]);
  });

  it("is named by nobody of the organisation that evaluates where the price is bound", async () => {
    const w = await world();
    const evaluatorOrganisation = Number(await w.rules.contracts.Permissions.organisationOf(w.accusers[1]));
    const tenderId = await bidAgain(w, { evaluatorOrganisation });
    await expect(w.module.connect(w.accusers[1]).accuse({ ...w.charge, tenderId }, REPORT))
      .to.be.revertedWithCustomError(w.module, "FalseCapabilityInvolved")
      .withArgs(w.accusers[1], evaluatorOrganisation);
  });

  it("keeps the owner out who bought the agent since", async () => {
    const w = await world();
    const { rules, agent, accusers } = w;
    await endTender(w);
    const registry = rules.contracts.IdentityRegistry.connect(agent.owner);
    await registry.transferFrom(agent.owner, accusers[0], agent.agentId);
    await expect(w.module.connect(accusers[0]).accuse(w.charge, REPORT)).to.be.revertedWithCustomError(
      w.module,
      "FalseCapabilityInvolved",
    );
    await expect(w.module.connect(accusers[1]).accuse(w.charge, REPORT)).to.emit(w.module, "AccusationMade");
  });

  it("needs accusers of distinct organisations", async () => {
    const w = await world();
    const { rules, module, accusers } = w;
    const colleague = rules.stranger;
    const organisation = await rules.contracts.Permissions.organisationOf(accusers[0]);
    const data = rules.contracts.Permissions.interface.encodeFunctionData("addMembers", [
      organisation,
      [colleague.address],
    ]);
    await govern(rules, rules.at.Permissions, data);
    await rules.contracts.Credits.connect(rules.requester).transfer(colleague, ATTESTER_STAKE);
    await makeAttester(rules, colleague, ATTESTER_STAKE);
    const accusationId = await accuse(w);
    for (const again of [accusers[0], colleague]) {
      await expect(module.connect(again).second(accusationId, REPORT))
        .to.be.revertedWithCustomError(module, "FalseCapabilityOrganisationIn")
        .withArgs(accusationId, organisation);
    }
  });

  it("needs accusers who count as attesters, with free stake for the penalty", async () => {
    const w = await world();
    const { rules, module, attesters, accusers } = w;
    const member = rules.owners[7] as Signer;
    await expect(module.connect(member).accuse(w.charge, REPORT))
      .to.be.revertedWithCustomError(module, "FalseCapabilityNoAttester")
      .withArgs(member);
    await makeAttester(rules, member, PENALTY - 1n);
    await expect(module.connect(member).accuse(w.charge, REPORT))
      .to.be.revertedWithCustomError(attesters, "BondStakeShort")
      .withArgs(member, PENALTY - 1n, PENALTY);
    await rules.contracts.Credits.connect(member).approve(attesters, 1n);
    await attesters.connect(member).deposit(member, 1n);
    const accusationId = await accuse(w, w.charge, member);
    await expect(attesters.connect(member).requestUnbonding(member, 1n)).to.be.revertedWithCustomError(
      attesters,
      "BondStakeShort",
    );
    const data = attesters.interface.encodeFunctionData("delistAttester", [accusers[1].address]);
    await govern(rules, rules.at.AttesterRegistry, data);
    await expect(module.connect(accusers[1]).second(accusationId, REPORT)).to.be.revertedWithCustomError(
      module,
      "FalseCapabilityNoAttester",
    );
  });

  it("costs a share of the agent's stake, leaving or not, rounded up", async () => {
    const w = await world();
    const { rules, ledger, agent } = w;
    await endTender(w);
    await addStake(rules, agent.agentId, agent.owner, 1n);
    await ledger.connect(agent.owner).requestUnbonding(agent.agentId, 500n * CREDIT);
    const { penalty, stake } = await w.module.accusationOf(await accuse(w));
    const inReach = await ledger.stakeInReachOf(agent.agentId);
    expect(inReach % 5n).to.equal(1n);
    expect([penalty, stake]).to.deep.equal([inReach / 5n + 1n, inReach]);
  });

  it("costs a share of the minimum stake where the agent has less", async () => {
    const w = await world();
    const slasher = await asContract(w.rules, w.rules.at.BidEquivocation);
    await w.ledger.connect(slasher).slash(REPORT, w.agent.agentId, 999n * CREDIT, 0n, false);
    const accusationId = await accuse(w);
    const { penalty, stake } = await w.module.accusationOf(accusationId);
    expect([penalty, stake]).to.deep.equal([PARAMETERS.minStake / 5n, PARAMETERS.minStake]);
    await w.module.connect(w.accusers[1]).second(accusationId, REPORT);
    await decide(w, accusationId, RULING.agent);
    expect(await w.ledger.stakeInReachOf(w.agent.agentId)).to.equal(0n);
  });

  it("goes by the lower of the minimum stake when the tender opened and now", async () => {
    const w = await world();
    await setParameters(w.rules, { minStake: 2_000n * CREDIT });
    expect((await w.module.accusationOf(await accuse(w))).stake).to.equal(1_000n * CREDIT);
  });

  it("is accused once on one ground at a time, and on another tender besides", async () => {
    const w = await world();
    const accusationId = await accuse(w);
    await expect(w.module.connect(w.accusers[1]).accuse(w.charge, REPORT))
      .to.be.revertedWithCustomError(w.module, "FalseCapabilityAccused")
      .withArgs(accusationId);
    const other = await accuse(w, { ...w.charge, tenderId: await bidAgain(w) }, w.accusers[1]);
    expect(other).to.equal(accusationId + 1n);
    await pastDeadline(w, accusationId);
    await w.module.close(accusationId);
    expect(await accuse(w, w.charge, w.accusers[1])).to.equal(other + 1n);
  });
});
