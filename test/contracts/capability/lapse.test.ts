import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";
import { commitBid, commitmentOf, openingOf, openTender, ownerAt, signBid } from "../actors.ts";
import {
  type AttestationWorld,
  attest,
  attestationWorld,
  cached,
  DIGEST,
  revoke,
  setAttester,
} from "../attestations.ts";
import { govern } from "../fixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;

/** An agent with an attested capability, and tenders that need it: from anybody, and from its attester alone. */
async function world() {
  const base = await attestationWorld(connection);
  const uid = await attest(base, { level: 2n, by: base.second });
  const named = base.second.address;
  const openOne = (attester: string) =>
    openTender(base.rules, { requirements: [{ capability: DIGEST, level: 2, attester }] });
  const tenders = { any: await openOne(ZeroAddress), named: await openOne(named), relayed: await openOne(ZeroAddress) };
  return { ...base, uid, tenders };
}

type World = Awaited<ReturnType<typeof world>>;

/** A bid of the agent, sent by itself to either tender, or relayed, with its signature of before. */
function bidsOf({ rules, agent, tenders }: World) {
  const tender = rules.contracts.SealedBidTender;
  const commitment = commitmentOf(tenders.relayed, agent.key.address, openingOf(5n));
  const bid = { tenderId: tenders.relayed, agentId: agent.agentId, slot: 0n, commitment };
  return {
    any: () => commitBid(rules, tenders.any, agent, 5n),
    named: () => commitBid(rules, tenders.named, agent, 5n),
    relayed: async () => {
      const signature = await signBid(rules, tenders.relayed, agent.agentId, agent.key, commitment);
      return await tender.connect(rules.stranger).commitBidFor(bid, signature);
    },
  };
}

async function expectRefused(w: World) {
  for (const [name, bid] of Object.entries(bidsOf(w))) {
    await expect(bid(), name)
      .to.be.revertedWithCustomError(w.ledger, "LedgerCapabilityMissing")
      .withArgs(w.agent.agentId, DIGEST, 2n);
  }
  expect((await cached(w)).current).to.equal(false);
}

async function expectAdmitted(w: World) {
  expect((await cached(w)).current).to.equal(true);
  for (const bid of Object.values(bidsOf(w))) await bid();
}

/** Lists or delists the attester, or its whole organisation. */
async function setListed({ rules, second }: AttestationWorld, whole: boolean, listed: boolean): Promise<void> {
  const permissions = rules.contracts.Permissions;
  const organisation = await permissions.organisationOf(second);
  const data = whole
    ? permissions.interface.encodeFunctionData("setOrganisationActive", [organisation, listed])
    : permissions.interface.encodeFunctionData("setMemberActive", [second.address, listed]);
  await govern(rules, rules.at.Permissions, data);
}

describe("a bid that needs a capability", () => {
  const load = () => networkHelpers.loadFixture(world);

  it("is admitted while the capability is in force", async () => {
    await expectAdmitted(await load());
  });

  it("is refused from the second in which the capability expires", async () => {
    const w = await load();
    const expirationTime = BigInt(await networkHelpers.time.latest()) + 30n;
    await attest(w, { expirationTime, by: w.second });
    await networkHelpers.time.setNextBlockTimestamp(expirationTime);
    await networkHelpers.mine();
    await expectRefused(w);
  });

  it("is refused from the block in which the attestation is revoked", async () => {
    const w = await load();
    await revoke(w, w.second, w.uid);
    await expectRefused(w);
  });

  it("is refused from the block in which the attester is delisted, and admitted again once it is listed", async () => {
    const w = await load();
    await setAttester(w.rules, w.second.address, false);
    expect(await w.ledger.isAttesterStanding(w.second)).to.equal(false);
    await expectRefused(w);
    await setAttester(w.rules, w.second.address, true);
    await expectAdmitted(w);
  });

  for (const whole of [false, true]) {
    it(`is refused while the attester${whole ? "'s organisation" : ""} is delisted, from the very block on`, async () => {
      const w = await load();
      await setListed(w, whole, false);
      expect(await w.ledger.isAttesterStanding(w.second)).to.equal(false);
      await expectRefused(w);
      // Whatever becomes of its stake meanwhile does not bring it back, nor is it lost.
      await w.attesters.connect(w.rules.stranger).refreshAttester(w.second);
      await expectRefused(w);
      await setListed(w, whole, true);
      await expectAdmitted(w);
    });
  }

  it("is refused while either the attester or its organisation is delisted, in whatever order", async () => {
    const w = await load();
    await setListed(w, false, false);
    await setListed(w, true, false);
    await setListed(w, false, true);
    await expectRefused(w);
    await setListed(w, true, true);
    await expectAdmitted(w);
  });

  it("is refused once the agent has changed hands, whoever has it in the end", async () => {
    const w = await load();
    const { rules, agent } = w;
    const identity = rules.contracts.IdentityRegistry;
    const buyer = ownerAt(rules, 1);
    await identity.connect(agent.owner).transferFrom(agent.owner, buyer, agent.agentId);
    await identity.connect(buyer).transferFrom(buyer, agent.owner, agent.agentId);
    expect((await cached(w)).current).to.equal(false);
    await expect(w.ledger.checkCapability(agent.agentId, DIGEST, 0, ZeroAddress)).to.be.revertedWithCustomError(
      w.ledger,
      "LedgerCapabilityMissing",
    );
  });

  it("goes on with another attester's attestation, once that is put in place of the delisted one's", async () => {
    const w = await load();
    const other = await attest(w, { level: 2n, by: w.first });
    expect((await cached(w)).attester).to.equal(w.second.address);
    await setAttester(w.rules, w.second.address, false);
    await expectRefused(w);
    await w.resolver.connect(w.rules.stranger).refresh(other);
    expect(await cached(w)).to.include({ attester: w.first.address, current: true });
    await commitBid(w.rules, w.tenders.any, w.agent, 5n);
  });
});
