import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import { cacheCapability, commitmentOf, makeAgent, openingOf, openTender, signBid } from "./actors.ts";
import { deployRules } from "./fixture.ts";

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
  const requirements = [{ capability, level: 2, attester: "0x0000000000000000000000000000000000000000" }];
  const tenderId = await openTender(rules, { requirements });
  return { rules, agent, tenderId };
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
