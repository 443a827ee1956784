import { expect } from "chai";
import { network } from "hardhat";
import { type Agent, commitBid, commitmentOf, makeAgent, openingOf, openTender, ownerAt, signBid } from "../actors.ts";
import { asContract, deployRules, govern, type Rules } from "../fixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;

async function deploy() {
  const rules = await deployRules(connection);
  const agent = await makeAgent(rules, 0);
  const other = await makeAgent(rules, 1);
  return { rules, agent, other, ledger: rules.contracts.AgentLedger, tenderId: await openTender(rules) };
}

type World = Awaited<ReturnType<typeof deploy>>;
const load = () => networkHelpers.loadFixture(deploy);

async function setListed(rules: Rules, which: number | string, listed: boolean): Promise<void> {
  const { interface: abi } = rules.contracts.Permissions;
  const data =
    typeof which === "number"
      ? abi.encodeFunctionData("setOrganisationActive", [which, listed])
      : abi.encodeFunctionData("setMemberActive", [which, listed]);
  await govern(rules, rules.at.Permissions, data);
}

/** A bid sent by its author, and the same relayed by a stranger. */
async function expectRefused({ rules, ledger, tenderId }: World, agent: Agent): Promise<void> {
  const commitment = commitmentOf(tenderId, agent.key.address, openingOf(5n));
  const signature = await signBid(rules, tenderId, agent.agentId, agent.key, commitment);
  const statement = { tenderId, agentId: agent.agentId, slot: 0n, commitment };
  const relay = rules.contracts.SealedBidTender.connect(rules.stranger);
  for (const bid of [() => commitBid(rules, tenderId, agent, 5n), () => relay.commitBidFor(statement, signature)]) {
    await expect(bid()).to.be.revertedWithCustomError(ledger, "LedgerAgentInactive").withArgs(agent.agentId);
  }
  expect(await ledger.isActive(agent.agentId)).to.equal(false);
  expect((await ledger.agentOf(agent.agentId)).delisted).to.equal(true);
}

describe("a delisting", () => {
  for (const whole of [true, false]) {
    it(`of ${whole ? "an organisation" : "an owner"} stops its agents' bids with the next call, and nobody else's`, async () => {
      const w = await load();
      const { rules, agent, other, ledger, tenderId } = w;
      const which = whole ? agent.organisation : agent.owner.address;
      await setListed(rules, which, false);
      expect(await ledger.delistings()).to.equal(1n);
      await expectRefused(w, agent);
      expect((await ledger.agentOf(other.agentId)).delisted).to.equal(false);
      await commitBid(rules, tenderId, other, 5n);
      await setListed(rules, which, true);
      expect(await ledger.delistings()).to.equal(0n);
      expect(await ledger.isActive(agent.agentId)).to.equal(true);
      await commitBid(rules, tenderId, agent, 5n);
    });
  }

  it("lasts until the owner and its organisation are both listed again", async () => {
    const w = await load();
    const { rules, agent, tenderId } = w;
    await setListed(rules, agent.organisation, false);
    await setListed(rules, agent.owner.address, false);
    await setListed(rules, agent.organisation, true);
    await expectRefused(w, agent);
    await setListed(rules, agent.owner.address, true);
    await commitBid(rules, tenderId, agent, 5n);
  });

  it("stays behind when the agent changes hands, and meets it at a delisted owner's", async () => {
    const w = await load();
    const { rules, agent, other, ledger } = w;
    const registry = rules.contracts.IdentityRegistry;
    await setListed(rules, agent.owner.address, false);
    const buyer = ownerAt(rules, 2);
    await registry.connect(agent.owner).transferFrom(agent.owner, buyer, agent.agentId);
    expect(await ledger.isActive(agent.agentId)).to.equal(true);
    await setListed(rules, buyer.address, false);
    expect(await ledger.isActive(agent.agentId)).to.equal(false);
    // The new owner's delisting is not the former one's agents'.
    expect(await ledger.isActive(other.agentId)).to.equal(true);
  });

  it("is told by Permissions alone, counts once, and is one organisation's", async () => {
    const { rules, agent, ledger } = await load();
    const told = ledger.connect(await asContract(rules, rules.at.Permissions));
    for (const organisation of [agent.organisation + 256, agent.organisation - 1, agent.organisation + 1]) {
      await told.setOrganisationListed(organisation, false);
      await told.setOrganisationListed(organisation, false);
    }
    await told.setMemberListed(rules.stranger, false);
    await told.setMemberListed(rules.stranger, false);
    expect(await ledger.delistings()).to.equal(4n);
    expect(await ledger.isActive(agent.agentId)).to.equal(true);
    await told.setOrganisationListed(agent.organisation, true);
    await told.setMemberListed(agent.owner, true);
    expect(await ledger.delistings()).to.equal(4n);
    await expect(ledger.setOrganisationListed(agent.organisation, false))
      .to.be.revertedWithCustomError(ledger, "LedgerUnauthorized")
      .withArgs(rules.operator.address);
    await expect(ledger.setMemberListed(agent.owner, false)).to.be.revertedWithCustomError(
      ledger,
      "LedgerUnauthorized",
    );
  });

  it("says nothing of an agent that is not enrolled", async () => {
    const { rules, ledger } = await load();
    await setListed(rules, 1, false);
    const { enrolled, delisted } = await ledger.agentOf(77n);
    expect([enrolled, delisted, await ledger.isActive(77n)]).to.deep.equal([false, false, false]);
  });
});
