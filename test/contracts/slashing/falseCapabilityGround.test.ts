// What can be accused, on the ground of which tender, and for how long.
import { expect } from "chai";
import { AbiCoder, id, keccak256 } from "ethers";
import { network } from "hardhat";
import {
  accusationWorld,
  accuse,
  bidAgain,
  type Charge,
  endTender,
  REPORT,
  REQUIREMENT,
  RULING,
} from "../accusations.ts";
import { commitBid, openTender, rotateKey, toReveal } from "../actors.ts";
import { attest, DIGEST, revoke } from "../attestations.ts";
import { asContract, CREDIT, PARAMETERS, setParameters } from "../fixture.ts";

const connection = await network.create();
const { time } = connection.networkHelpers;
const deploy = () => accusationWorld(connection);
const world = () => connection.networkHelpers.loadFixture(deploy);
type World = Awaited<ReturnType<typeof deploy>>;

const EVIDENCE_AGE = PARAMETERS.evidenceAgeSeconds;

async function expectRefused(w: World, changes: Partial<Charge>, error: string): Promise<void> {
  const sent = w.module.connect(w.accusers[0]).accuse({ ...w.charge, ...changes }, REPORT);
  await expect(sent, error).to.be.revertedWithCustomError(w.module, error);
}

/** A tender in which the agent bids with another capability. */
const bidWith = (w: World, capability: string): Promise<string> =>
  bidAgain(w, { requirements: [{ ...REQUIREMENT, capability }] });

describe("the ground of an accusation", () => {
  it("is judged against lists that the operators keep", async () => {
    const w = await world();
    await expectRefused(w, { resolver: w.rules.at.EAS }, "EvidenceSourceUnknown");
    await expectRefused(w, { tender: w.rules.at.TaskMarket }, "EvidenceSourceUnknown");
  });

  it("is an attestation that was made, under the market's schema", async () => {
    const w = await world();
    await expectRefused(w, { uid: id("none") }, "FalseCapabilityNoAttestation");
  });

  it("is a tender that there is", async () => {
    const w = await world();
    const sent = w.module.connect(w.accusers[0]).accuse({ ...w.charge, tenderId: id("none") }, REPORT);
    await expect(sent).to.be.revertedWithCustomError(w.rules.contracts.SealedBidTender, "TenderUnknown");
  });

  it("is a tender in which this agent bid", async () => {
    const w = await world();
    const { rules, agent, rival } = w;
    await expectRefused(w, { bidder: rival.key.address }, "FalseCapabilityNoBid");
    await expectRefused(w, { bidder: agent.owner.address }, "FalseCapabilityNoBid");
    const withoutAgent = await openTender(rules, { requirements: [REQUIREMENT] });
    await toReveal(rules, withoutAgent);
    await expectRefused(w, { tenderId: withoutAgent }, "FalseCapabilityNoBid");
    await rotateKey(rules, agent.agentId, agent.owner);
    expect(await accuse(w)).to.equal(1n);
  });

  it("is a tender that asked for the capability, at a level that was attested, from that attester", async () => {
    const w = await world();
    const other = await attest(w, { capability: id("other") });
    await expectRefused(w, { uid: other }, "FalseCapabilityNotRequired");
    const low = await attest(w, { level: 1n, by: w.second });
    await expectRefused(w, { uid: low }, "FalseCapabilityNotRequired");
    const fromSecond = await bidAgain(w, {
      requirements: [{ ...REQUIREMENT, level: 1, attester: w.second.address }],
    });
    await expectRefused(w, { tenderId: fromSecond }, "FalseCapabilityNotRequired");
    const listed = await bidAgain(w, {
      requirements: [
        { ...REQUIREMENT, capability: id("other") },
        { ...REQUIREMENT, attester: w.first.address },
      ],
    });
    expect(await accuse(w, { ...w.charge, tenderId: listed })).to.equal(1n);
    expect(await accuse(w, { ...w.charge, tenderId: listed, uid: other }, w.accusers[1])).to.equal(2n);
    expect(await accuse(w, { ...w.charge, tenderId: fromSecond, uid: low }, w.accusers[1])).to.equal(3n);
  });

  it("is an attestation that stood while bids were taken, whatever became of it since", async () => {
    const w = await world();
    await time.increase(1);
    await revoke(w, w.first, w.uid);
    expect(await accuse(w)).to.equal(1n);
    const again = await attest(w);
    const later = await bidAgain(w);
    await expectRefused(w, { tenderId: later }, "FalseCapabilityNotStanding");
    expect(await accuse(w, { ...w.charge, tenderId: later, uid: again })).to.equal(2n);
  });

  it("is no attestation that came after the last bid", async () => {
    const w = await world();
    const late = await attest(w, { by: w.second });
    await expectRefused(w, { uid: late }, "FalseCapabilityNotStanding");
    expect(await accuse(w, { ...w.charge, uid: late, tenderId: await bidAgain(w) }, w.accusers[1])).to.equal(1n);
  });

  it("is a tender that takes no more bids, so that no accuser makes one yet", async () => {
    const w = await world();
    const tenderId = await openTender(w.rules, { requirements: [REQUIREMENT] });
    await commitBid(w.rules, tenderId, w.agent, 50n * CREDIT);
    const { commitDeadline } = await w.rules.contracts.SealedBidTender.termsOf(tenderId);
    await time.setNextBlockTimestamp(commitDeadline);
    await expectRefused(w, { tenderId }, "FalseCapabilityTooEarly");
    await time.setNextBlockTimestamp(commitDeadline + 1n);
    expect(await accuse(w, { ...w.charge, tenderId })).to.equal(1n);
  });

  it("is no attestation that had ended when the tender opened", async () => {
    const w = await world();
    const end = BigInt(await time.latest()) + 1_000n;
    const expiring = await attest(w, { capability: id("short"), expirationTime: end });
    const before = await bidWith(w, id("short"));
    await time.increaseTo(end);
    await attest(w, { capability: id("short"), by: w.second });
    const after = await bidWith(w, id("short"));
    await expectRefused(w, { uid: expiring, tenderId: after }, "FalseCapabilityNotStanding");
    expect(await accuse(w, { ...w.charge, uid: expiring, tenderId: before })).to.equal(1n);
  });

  it("is no attestation from before the agent changed hands, unless it bid before, too", async () => {
    const w = await world();
    const { rules, agent } = w;
    await endTender(w);
    const next = rules.owners[8] as typeof agent.owner;
    await rules.contracts.IdentityRegistry.connect(agent.owner).transferFrom(agent.owner, next, agent.agentId);
    expect(await accuse(w)).to.equal(1n);
    const key = await rotateKey(rules, agent.agentId, next);
    await time.increase(1);
    const sold = { ...w, agent: { ...agent, owner: next, key } };
    const again = await attest(sold);
    const tenderId = await bidAgain(sold);
    const bidder = key.address;
    await expectRefused(w, { tenderId, bidder }, "FalseCapabilityNotStanding");
    expect(await accuse(w, { ...w.charge, tenderId, bidder, uid: again })).to.equal(2n);
  });

  it("is no attestation from before the capability was removed, unless the agent bid before, too", async () => {
    const w = await world();
    const ledger = w.ledger.connect(await asContract(w.rules, w.rules.at.FalseCapability));
    await time.increase(1);
    await ledger.removeCapability(w.agent.agentId, DIGEST);
    expect(await accuse(w)).to.equal(1n);
    await time.increase(1);
    const again = await attest(w);
    const tenderId = await bidAgain(w);
    await expectRefused(w, { tenderId }, "FalseCapabilityNotStanding");
    expect(await accuse(w, { ...w.charge, tenderId, uid: again })).to.equal(2n);
  });

  it("counts for the age of evidence after the last duty of the tender, and accusers come in that time", async () => {
    const w = await world();
    const { obligationUntil } = await w.rules.contracts.SealedBidTender.marketTermsOf(w.tenderId);
    const until = obligationUntil + EVIDENCE_AGE;
    await time.setNextBlockTimestamp(until);
    const accusationId = await accuse(w);
    expect((await w.module.accusationOf(accusationId)).deadline).to.equal(until);
    await time.setNextBlockTimestamp(until + 1n);
    await expect(w.module.connect(w.accusers[1]).second(accusationId, REPORT)).to.be.revertedWithCustomError(
      w.module,
      "FalseCapabilityNotGathering",
    );
    await w.module.close(accusationId);
    await expectRefused(w, {}, "FalseCapabilityTooOld");
  });

  it("is out of age before the agent's stake can be out of reach", async () => {
    const w = await world();
    const { obligationUntil } = await w.rules.contracts.SealedBidTender.marketTermsOf(w.tenderId);
    await endTender(w);
    const { bonded } = await w.ledger.agentOf(w.agent.agentId);
    await w.ledger.connect(w.agent.owner).requestUnbonding(w.agent.agentId, bonded);
    const { readyAt } = await w.ledger.unbondingOf(w.agent.agentId);
    expect(readyAt > obligationUntil + EVIDENCE_AGE).to.equal(true);
    await time.setNextBlockTimestamp(obligationUntil + EVIDENCE_AGE);
    const { penalty } = await w.module.accusationOf(await accuse(w));
    expect(penalty).to.equal((bonded * PARAMETERS.accusation.shareBps) / 10_000n);
  });

  it("counts for the shorter of the age of evidence then and now", async () => {
    const w = await world();
    const { obligationUntil } = await w.rules.contracts.SealedBidTender.marketTermsOf(w.tenderId);
    await setParameters(w.rules, { evidenceAge: 5n });
    await time.setNextBlockTimestamp(obligationUntil + 6n);
    await expectRefused(w, {}, "FalseCapabilityTooOld");
    await setParameters(w.rules, { evidenceAge: EVIDENCE_AGE + 1_000n });
    await time.setNextBlockTimestamp(obligationUntil + EVIDENCE_AGE + 1n);
    await expectRefused(w, {}, "FalseCapabilityTooOld");
  });

  it("names rulings by fault ids of their own", async () => {
    const { module, agent, first, accusers, charge } = await world();
    const { resolver, uid } = charge;
    const ids = [
      await module.faultIdOf(RULING.agent, agent.agentId, resolver, uid),
      await module.faultIdOf(RULING.attester, first.address, resolver, uid),
      await module.faultIdOf(RULING.falseAccusation, first.address, resolver, uid),
      await module.faultIdOf(RULING.falseAccusation, accusers[0].address, resolver, uid),
      await module.faultIdOf(RULING.agent, agent.agentId, resolver, id("another")),
    ];
    expect(new Set(ids).size).to.equal(ids.length);
    const coder = AbiCoder.defaultAbiCoder();
    const subject = keccak256(coder.encode(["address", "bytes32"], [resolver, uid]));
    expect(await module.subjectOf(resolver, uid)).to.equal(subject);
    const named = (kind: string, offender: bigint | string) =>
      keccak256(coder.encode(["bytes32", "uint256", "bytes32"], [id(`allot.fault.${kind}`), offender, subject]));
    expect(ids.slice(0, 3)).to.deep.equal([
      named("false-capability", agent.agentId),
      named("false-attestation", first.address),
      named("false-accusation", first.address),
    ]);
    for (const none of [RULING.none, RULING.unproven]) {
      await expect(module.faultIdOf(none, agent.agentId, resolver, uid)).to.be.revertedWithCustomError(
        module,
        "FalseCapabilityNoRuling",
      );
    }
  });
});
