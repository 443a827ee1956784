import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { network } from "hardhat";
import {
  type Agent,
  cacheCapability,
  commitmentOf,
  makeAgent,
  openingOf,
  openTender,
  ownerAt,
  rotateKey,
  signBid,
} from "./actors.ts";
import { asContract, deployRules, type Rules } from "./fixture.ts";

/** Most gas of a commitment with every check, intrinsic gas included. */
const COMMIT_GAS_MAX = 110_000n;
/** A relayed commitment also recovers a signature, and its calldata is longer. */
const RELAYED_GAS_MAX = 120_000n;

const connection = await network.create();

async function deploy() {
  const rules = await deployRules(connection);
  const agent = await makeAgent(rules, 0);
  const capability = id("text.wordcount");
  await cacheCapability(rules, agent.agentId, capability, { level: 2 });
  const requirements = [{ capability, level: 2, attester: ZeroAddress }];
  const tenderId = await openTender(rules, { requirements });
  return { rules, agent, tenderId };
}

/** The dearest bids there are: somebody is delisted, and the agent's organisation is near its attester's, or far from it. */
const withNearOrganisations = () => withDelistings(false);
const withFarOrganisations = () => withDelistings(true);
async function withDelistings(far: boolean) {
  const { rules, agent: near } = await deploy();
  const agent = far ? await makeFarAgent(rules) : near;
  const capability = id("text.wordcount");
  await cacheCapability(rules, agent.agentId, capability, { level: 2 });
  const permissions = rules.contracts.Permissions.connect(await asContract(rules, rules.at.Operators));
  await permissions.setMemberActive(ownerAt(rules, 2), false);
  // A key that was set after the first counts from the next second.
  await connection.networkHelpers.time.increase(1);
  const requirements = [{ capability, level: 2, attester: ZeroAddress }];
  // The requester's organisation is near the agent's: their page of the tender's organisations is there.
  const tenderId = await openTender(rules, { requirements, requesterOrganisation: far ? 299 : 2 });
  return { rules, agent, tenderId };
}

/** An agent of an organisation whose number is above 256. */
async function makeFarAgent(rules: Rules): Promise<Agent> {
  const permissions = rules.contracts.Permissions.connect(await asContract(rules, rules.at.Operators));
  while ((await permissions.organisationCount()) < 300n) await permissions.addOrganisation("another");
  const owner = (await connection.ethers.getSigners()).at(-1) ?? rules.stranger;
  await permissions.addMembers(300, [owner]);
  const seller = await makeAgent(rules, 1);
  await rules.contracts.IdentityRegistry.connect(seller.owner).transferFrom(seller.owner, owner, seller.agentId);
  return { ...seller, owner, organisation: 300, key: await rotateKey(rules, seller.agentId, owner) };
}

describe("gas of a commitment", () => {
  it(`with every check stays within ${COMMIT_GAS_MAX}`, async () => {
    const { rules, agent, tenderId } = await connection.networkHelpers.loadFixture(deploy);
    const commitment = commitmentOf(tenderId, agent.key.address, openingOf(5n));
    const sent = await rules.contracts.SealedBidTender.connect(agent.key as never).commitBid(tenderId, commitment);
    const receipt = await sent.wait();
    console.log(`        commitBid: ${receipt?.gasUsed} gas`);
    expect(receipt?.gasUsed).to.be.at.most(COMMIT_GAS_MAX);
  });

  it(`stays within ${COMMIT_GAS_MAX} when it is looked up whether agent and attester are among the delisted`, async () => {
    for (const load of [withNearOrganisations, withFarOrganisations]) await expectWithin(load);
  });

  async function expectWithin(load: typeof withNearOrganisations) {
    const { rules, agent, tenderId } = await connection.networkHelpers.loadFixture(load);
    const commitment = commitmentOf(tenderId, agent.key.address, openingOf(5n));
    const sent = await rules.contracts.SealedBidTender.connect(agent.key as never).commitBid(tenderId, commitment);
    const receipt = await sent.wait();
    console.log(`        commitBid: ${receipt?.gasUsed} gas`);
    expect(receipt?.gasUsed).to.be.at.most(COMMIT_GAS_MAX);
  }

  it(`stays within ${RELAYED_GAS_MAX} when relayed`, async () => {
    const { rules, agent, tenderId } = await connection.networkHelpers.loadFixture(deploy);
    const commitment = commitmentOf(tenderId, agent.key.address, openingOf(5n));
    const signature = await signBid(rules, tenderId, agent.agentId, agent.key, commitment);
    const bid = { tenderId, agentId: agent.agentId, slot: 0n, commitment };
    const receipt = await (await rules.contracts.SealedBidTender.commitBidFor(bid, signature)).wait();
    console.log(`        commitBidFor: ${receipt?.gasUsed} gas`);
    expect(receipt?.gasUsed).to.be.at.most(RELAYED_GAS_MAX);
  });
});
