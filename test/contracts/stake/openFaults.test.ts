import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import { makeAgent, ownerAt } from "../actors.ts";
import { asContract, CREDIT, deployRules, govern, PARAMETERS } from "../fixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const STAKE = 1_000n * CREDIT;

async function deploy() {
  const rules = await deployRules(connection);
  const agent = await makeAgent(rules, 0, STAKE);
  const ledger = rules.contracts.AgentLedger;
  const asModule = ledger.connect(await asContract(rules, rules.at.BidEquivocation));
  const asMarket = ledger.connect(await asContract(rules, rules.at.TaskMarket));
  return { rules, agent, ledger, asModule, asMarket };
}

describe("a fault that a module is looking into", () => {
  it("keeps the agent from changing hands until every module has closed its own", async () => {
    const { rules, agent, ledger, asModule, asMarket } = await networkHelpers.loadFixture(deploy);
    const registry = rules.contracts.IdentityRegistry.connect(agent.owner);
    const transfer = () => registry.transferFrom(agent.owner.address, ownerAt(rules, 1).address, agent.agentId);
    await expect(asModule.openFault(agent.agentId)).to.emit(ledger, "OpenFaultsChanged").withArgs(agent.agentId, 1);
    await asMarket.openFault(agent.agentId);
    await asModule.closeFault(agent.agentId);
    await expect(transfer())
      .to.be.revertedWithCustomError(rules.contracts.IdentityRegistry, "IdentityAgentEngaged")
      .withArgs(agent.agentId);
    expect(await ledger.openFaultsOf(agent.agentId)).to.equal(1n);
    await expect(asMarket.closeFault(agent.agentId)).to.emit(ledger, "OpenFaultsChanged").withArgs(agent.agentId, 0);
    await transfer();
  });

  it("holds back stake on its way out, which stays in reach", async () => {
    const { agent, ledger, asModule } = await networkHelpers.loadFixture(deploy);
    await ledger.connect(agent.owner).requestUnbonding(agent.agentId, STAKE);
    await asModule.openFault(agent.agentId);
    await networkHelpers.time.increase(PARAMETERS.unbondingDelaySeconds + 1n);
    await expect(ledger.withdrawUnbonded(agent.agentId))
      .to.be.revertedWithCustomError(ledger, "StakeFaultOpen")
      .withArgs(agent.agentId);
    expect(await ledger.stakeInReachOf(agent.agentId)).to.equal(STAKE);
    await asModule.slash(id("a fault"), agent.agentId, STAKE / 4n, 0n, false);
    expect(await ledger.stakeInReachOf(agent.agentId)).to.equal((STAKE * 3n) / 4n);
    await asModule.closeFault(agent.agentId);
    await expect(ledger.withdrawUnbonded(agent.agentId)).to.emit(ledger, "Unbonded");
  });

  it("keeps a suspension from ending", async () => {
    const { rules, agent, ledger, asModule } = await networkHelpers.loadFixture(deploy);
    await asModule.slash(id("a fault"), agent.agentId, 1n, 0n, true);
    await asModule.openFault(agent.agentId);
    const data = ledger.interface.encodeFunctionData("reinstate", [agent.agentId]);
    await expect(govern(rules, rules.at.AgentLedger, data))
      .to.be.revertedWithCustomError(ledger, "StakeFaultOpen")
      .withArgs(agent.agentId);
    await asModule.closeFault(agent.agentId);
    await govern(rules, rules.at.AgentLedger, data);
    expect(await ledger.isActive(agent.agentId)).to.equal(true);
  });

  it("is opened by slashing modules only, about agents that are enrolled, and closed by whoever opened it", async () => {
    const { rules, agent, ledger, asModule, asMarket } = await networkHelpers.loadFixture(deploy);
    await expect(ledger.connect(rules.stranger).openFault(agent.agentId))
      .to.be.revertedWithCustomError(ledger, "StakeNotSlasher")
      .withArgs(rules.stranger.address);
    await expect(asModule.openFault(99n)).to.be.revertedWithCustomError(ledger, "LedgerAgentUnknown").withArgs(99n);
    await asModule.openFault(agent.agentId);
    await expect(asMarket.closeFault(agent.agentId))
      .to.be.revertedWithCustomError(ledger, "StakeNoFaultOpen")
      .withArgs(agent.agentId);
  });

  it("concerns an organisation whose members are not rewarded", async () => {
    const { agent, ledger } = await networkHelpers.loadFixture(deploy);
    expect(await ledger.organisationOfOffender(agent.agentId)).to.equal(agent.organisation);
    expect(await ledger.organisationOfOffender(99n)).to.equal(0n);
  });
});
