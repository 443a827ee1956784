import { expect } from "chai";
import { id, toBeHex, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { type Agent, makeAgent, ownerAt, registerAgent } from "../actors.ts";
import { asContract, CREDIT, deployRules, PARAMETERS, type Rules } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const STAKE = 1_000n * CREDIT;
const FAULT = id("some fault");

async function deploy() {
  const rules = await deployRules(connection);
  const agent = await makeAgent(rules, 0, STAKE);
  const slasher = await asContract(rules, rules.at.BidEquivocation);
  const market = await asContract(rules, rules.at.TaskMarket);
  const tender = await asContract(rules, rules.at.SealedBidTender);
  const ledger = rules.contracts.AgentLedger;
  return { rules, agent, ledger, owned: ledger.connect(agent.owner), slasher, market, tender };
}

async function heldBy(rules: Rules): Promise<bigint> {
  return await rules.contracts.Credits.balanceOf(rules.at.AgentLedger);
}

/** A commitment of the agent that locks `lock`. */
async function commit(rules: Rules, agent: Agent, lock: bigint, until = 0n): Promise<void> {
  const tender = await asContract(rules, rules.at.SealedBidTender);
  const openedAt = BigInt(await networkHelpers.time.latest());
  const args = [agent.key.address, openedAt, until, lock, 0n, `0x${"00".repeat(32)}`, 0n] as const;
  await rules.contracts.AgentLedger.connect(tender).admitBid(...args);
}

describe("stake", () => {
  it("comes from the caller's credits and becomes the agent's", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    const giver = rules.requester;
    const credits = rules.contracts.Credits.connect(giver);
    await credits.approve(rules.at.AgentLedger, 7n);
    const staked = ledger.connect(giver).stake(agent.agentId, 7n);
    await expect(staked).to.emit(ledger, "Staked").withArgs(agent.agentId, giver.address, 7n);
    await expect(staked).to.changeTokenBalances(ethers, credits, [giver.address, rules.at.AgentLedger], [-7n, 7n]);
    expect((await ledger.agentOf(agent.agentId)).bonded).to.equal(STAKE + 7n);
  });

  it("is refused without an amount, and without an owner in an active organisation", async () => {
    const { rules, agent, ledger } = await networkHelpers.loadFixture(deploy);
    await expect(ledger.stake(agent.agentId, 0n)).to.be.revertedWithCustomError(ledger, "LedgerAmountZero");
    const registry = rules.contracts.IdentityRegistry.connect(rules.stranger);
    const agentId = await registry["register()"].staticCall();
    await registry["register()"]();
    await expect(ledger.stake(agentId, 1n))
      .to.be.revertedWithCustomError(ledger, "LedgerOwnerNotAllowed")
      .withArgs(rules.stranger.address);
  });

  it("carries capacity: the lower of what was declared and what the stake carries", async () => {
    const { rules, agent, ledger, owned } = await networkHelpers.loadFixture(deploy);
    expect((await ledger.agentOf(agent.agentId)).capacity).to.equal(20n);
    await expect(owned.setCapacity(agent.agentId, 3)).to.emit(ledger, "CapacityDeclared").withArgs(agent.agentId, 3);
    expect((await ledger.agentOf(agent.agentId)).capacity).to.equal(3n);
    await owned.setCapacity(agent.agentId, 1_000);
    expect((await ledger.agentOf(agent.agentId)).capacity).to.equal(STAKE / PARAMETERS.stakePerUnit);
    await expect(ledger.connect(rules.stranger).setCapacity(agent.agentId, 1)).to.be.revertedWithCustomError(
      ledger,
      "LedgerNotOwner",
    );
  });

  it("leaves after the unbonding delay, to the owner, through anyone's call", async () => {
    const { rules, agent, ledger, owned } = await networkHelpers.loadFixture(deploy);
    const amount = 300n * CREDIT;
    await owned.requestUnbonding(agent.agentId, amount);
    const readyAt = BigInt(await networkHelpers.time.latest()) + PARAMETERS.unbondingDelaySeconds;
    expect(await ledger.unbondingOf(agent.agentId)).to.deep.equal([amount, readyAt]);
    expect((await ledger.agentOf(agent.agentId)).bonded).to.equal(STAKE - amount);
    await networkHelpers.time.setNextBlockTimestamp(readyAt - 1n);
    await expect(ledger.connect(rules.stranger).withdrawUnbonded(agent.agentId))
      .to.be.revertedWithCustomError(ledger, "StakeNotReady")
      .withArgs(readyAt);
    await networkHelpers.time.setNextBlockTimestamp(readyAt);
    await expect(ledger.connect(rules.stranger).withdrawUnbonded(agent.agentId)).to.changeTokenBalance(
      ethers,
      rules.contracts.Credits,
      agent.owner.address,
      amount,
    );
    await expect(ledger.withdrawUnbonded(agent.agentId)).to.be.revertedWithCustomError(ledger, "StakeNotReady");
  });

  it("on its way out waits for the last obligation, and a later request for all of it", async () => {
    const { rules, agent, ledger, owned } = await networkHelpers.loadFixture(deploy);
    const until = BigInt(await networkHelpers.time.latest()) + 5_000n;
    await commit(rules, agent, 10n * CREDIT, until);
    await owned.requestUnbonding(agent.agentId, CREDIT);
    expect((await ledger.unbondingOf(agent.agentId)).readyAt).to.equal(until + PARAMETERS.unbondingDelaySeconds);
    await networkHelpers.time.increaseTo(until + 100n);
    await owned.requestUnbonding(agent.agentId, 2n * CREDIT);
    const now = BigInt(await networkHelpers.time.latest());
    expect(await ledger.unbondingOf(agent.agentId)).to.deep.equal([
      3n * CREDIT,
      now + PARAMETERS.unbondingDelaySeconds,
    ]);
  });

  it("leaves only as far as it is free, and never below the minimum but altogether", async () => {
    const { rules, agent, ledger, owned } = await networkHelpers.loadFixture(deploy);
    const { agentId } = agent;
    await expect(owned.requestUnbonding(agentId, 0n)).to.be.revertedWithCustomError(ledger, "LedgerAmountZero");
    await expect(owned.requestUnbonding(agentId, STAKE + 1n))
      .to.be.revertedWithCustomError(ledger, "LedgerStakeShort")
      .withArgs(agentId, STAKE, STAKE + 1n);
    const tooMuch = STAKE - PARAMETERS.minStake + 1n;
    await expect(owned.requestUnbonding(agentId, tooMuch))
      .to.be.revertedWithCustomError(ledger, "LedgerStakeBelowMinimum")
      .withArgs(agentId, PARAMETERS.minStake - 1n, PARAMETERS.minStake);
    await commit(rules, agent, 400n * CREDIT);
    await expect(owned.requestUnbonding(agentId, 600n * CREDIT + 1n))
      .to.be.revertedWithCustomError(ledger, "LedgerStakeShort")
      .withArgs(agentId, 600n * CREDIT, 600n * CREDIT + 1n);
    await owned.requestUnbonding(agentId, 600n * CREDIT);
  });

  it("leaves altogether only when nothing is committed or running", async () => {
    const { rules, agent, ledger, owned, market } = await networkHelpers.loadFixture(deploy);
    const { agentId } = agent;
    await commit(rules, agent, 0n);
    const left = async () =>
      await expect(owned.requestUnbonding(agentId, STAKE)).to.be.revertedWithCustomError(
        ledger,
        "LedgerStakeBelowMinimum",
      );
    await left();
    await ledger.connect(market).startJob(agentId, 0n);
    await left();
    await ledger.connect(market).finishJob(agentId);
    await owned.requestUnbonding(agentId, STAKE);
    expect((await ledger.agentOf(agentId)).bonded).to.equal(0n);
  });

  it("leaves at its owner's request alone, suspended or delisted though the agent be", async () => {
    const { rules, agent, ledger, owned, slasher } = await networkHelpers.loadFixture(deploy);
    const { agentId } = agent;
    await expect(ledger.connect(rules.stranger).requestUnbonding(agentId, CREDIT)).to.be.revertedWithCustomError(
      ledger,
      "LedgerNotOwner",
    );
    await ledger.connect(slasher).slash(FAULT, agentId, 1n, 0n, true);
    await owned.requestUnbonding(agentId, CREDIT);
    const unknown = await registerAgent(rules, 1);
    await expect(ledger.connect(ownerAt(rules, 1)).requestUnbonding(unknown, 1n))
      .to.be.revertedWithCustomError(ledger, "LedgerAgentUnknown")
      .withArgs(unknown);
  });
});

describe("slashing in the ledger", () => {
  it("burns what it takes but for the reporter's share, and suspends", async () => {
    const { rules, agent, ledger, slasher } = await networkHelpers.loadFixture(deploy);
    const before = await rules.contracts.Credits.totalSupply();
    const slashed = ledger.connect(slasher).slash(FAULT, agent.agentId, 199n, 1_000n, true);
    await expect(slashed)
      .to.emit(ledger, "AgentSlashed")
      .withArgs(agent.agentId, FAULT, slasher.address, 199n, 19n)
      .and.to.emit(ledger, "AgentSuspended")
      .withArgs(agent.agentId);
    expect(await rules.contracts.Credits.totalSupply()).to.equal(before - 180n);
    const record = await ledger.agentOf(agent.agentId);
    expect(record.bonded).to.equal(STAKE - 199n);
    expect(record.suspended).to.equal(true);
    expect(await ledger.isActive(agent.agentId)).to.equal(false);
    expect(await ledger.isPunished(FAULT)).to.equal(true);
    expect(await heldBy(rules)).to.equal(STAKE - 180n);
  });

  it("leaves the agent active where the fault does not suspend", async () => {
    const { agent, ledger, slasher } = await networkHelpers.loadFixture(deploy);
    await ledger.connect(slasher).slash(FAULT, agent.agentId, 1n, 0n, false);
    expect(await ledger.isActive(agent.agentId)).to.equal(true);
  });

  it("punishes a fault once, whichever module shows it", async () => {
    const { agent, ledger, slasher, market } = await networkHelpers.loadFixture(deploy);
    await ledger.connect(slasher).slash(FAULT, agent.agentId, 1n, 0n, true);
    await expect(ledger.connect(market).slash(FAULT, agent.agentId, 1n, 0n, true))
      .to.be.revertedWithCustomError(ledger, "StakeFaultPunished")
      .withArgs(FAULT);
  });

  it("reaches unbonding stake after the bonded, and takes no more than is there", async () => {
    const { rules, agent, ledger, owned, slasher } = await networkHelpers.loadFixture(deploy);
    await owned.requestUnbonding(agent.agentId, 800n * CREDIT);
    await ledger.connect(slasher).slash(FAULT, agent.agentId, 500n * CREDIT, 0n, true);
    expect((await ledger.agentOf(agent.agentId)).bonded).to.equal(0n);
    expect((await ledger.unbondingOf(agent.agentId)).amount).to.equal(500n * CREDIT);
    const rest = ledger.connect(slasher).slash(id("another"), agent.agentId, 2n * STAKE, 0n, true);
    await expect(rest)
      .to.emit(ledger, "AgentSlashed")
      .withArgs(agent.agentId, id("another"), slasher.address, 500n * CREDIT, 0n);
    expect((await ledger.unbondingOf(agent.agentId)).amount).to.equal(0n);
    expect(await heldBy(rules)).to.equal(0n);
    // Nothing is left: the fault is punished all the same.
    await ledger.connect(slasher).slash(id("third"), agent.agentId, 1n, 1_000n, true);
    expect(await ledger.isPunished(id("third"))).to.equal(true);
  });

  it("is for its modules, on agents that exist, with a bounded share", async () => {
    const { rules, agent, ledger, slasher } = await networkHelpers.loadFixture(deploy);
    await expect(ledger.slash(FAULT, agent.agentId, 1n, 0n, true)).to.be.revertedWithCustomError(
      ledger,
      "StakeNotSlasher",
    );
    expect(await ledger.isSlasher(rules.at.BidEquivocation)).to.equal(true);
    expect(await ledger.isSlasher(rules.operator.address)).to.equal(false);
    await expect(ledger.connect(slasher).slash(FAULT, 99n, 1n, 0n, true))
      .to.be.revertedWithCustomError(ledger, "LedgerAgentUnknown")
      .withArgs(99n);
    await expect(ledger.connect(slasher).slash(FAULT, agent.agentId, 1n, 1_001n, true))
      .to.be.revertedWithCustomError(ledger, "StakeRewardShareTooLarge")
      .withArgs(1_001n);
  });

  it("pays the held share to a reporter once, after the unbonding delay", async () => {
    const { rules, agent, ledger, slasher } = await networkHelpers.loadFixture(deploy);
    const reporter = rules.reporter.address;
    await ledger.connect(slasher).slash(FAULT, agent.agentId, 1_000n, 1_000n, true);
    await ledger.connect(slasher).payReward(FAULT, reporter);
    const readyAt = BigInt(await networkHelpers.time.latest()) + PARAMETERS.unbondingDelaySeconds;
    expect(await ledger.rewardOf(reporter)).to.deep.equal([100n, readyAt]);
    await expect(ledger.connect(slasher).payReward(FAULT, reporter))
      .to.be.revertedWithCustomError(ledger, "StakeRewardGone")
      .withArgs(FAULT);
    await expect(ledger.withdrawReward(reporter))
      .to.be.revertedWithCustomError(ledger, "StakeNotReady")
      .withArgs(readyAt);
    await networkHelpers.time.increaseTo(readyAt);
    await expect(ledger.connect(rules.stranger).withdrawReward(reporter)).to.changeTokenBalance(
      ethers,
      rules.contracts.Credits,
      reporter,
      100n,
    );
    await expect(ledger.withdrawReward(reporter)).to.be.revertedWithCustomError(ledger, "StakeNotReady");
  });

  it("lets only the module that punished reward, and burns what nobody claims in time", async () => {
    const { rules, agent, ledger, slasher, market } = await networkHelpers.loadFixture(deploy);
    const reporter = rules.reporter.address;
    await expect(ledger.burnUnclaimedReward(FAULT)).to.be.revertedWithCustomError(ledger, "StakeRewardGone");
    await ledger.connect(slasher).slash(FAULT, agent.agentId, 1_000n, 1_000n, true);
    const claimUntil = BigInt(await networkHelpers.time.latest()) + PARAMETERS.rewardClaimSeconds;
    await expect(ledger.connect(market).payReward(FAULT, reporter))
      .to.be.revertedWithCustomError(ledger, "StakeFaultUnknown")
      .withArgs(FAULT);
    await networkHelpers.time.setNextBlockTimestamp(claimUntil);
    await expect(ledger.burnUnclaimedReward(FAULT))
      .to.be.revertedWithCustomError(ledger, "StakeRewardClaimable")
      .withArgs(FAULT, claimUntil);
    await networkHelpers.time.setNextBlockTimestamp(claimUntil + 1n);
    await expect(ledger.connect(slasher).payReward(FAULT, reporter)).to.be.revertedWithCustomError(
      ledger,
      "StakeRewardGone",
    );
    const supply = await rules.contracts.Credits.totalSupply();
    await expect(ledger.burnUnclaimedReward(FAULT)).to.emit(ledger, "RewardBurned").withArgs(FAULT, 100n);
    expect(await rules.contracts.Credits.totalSupply()).to.equal(supply - 100n);
    await expect(ledger.burnUnclaimedReward(FAULT)).to.be.revertedWithCustomError(ledger, "StakeRewardGone");
  });
});

describe("the ledger's construction", () => {
  it("refuses a missing network id and a missing governor", async () => {
    const { rules, ledger } = await networkHelpers.loadFixture(deploy);
    const wiring = {
      credits: rules.at.Credits,
      permissions: rules.at.Permissions,
      parameters: rules.at.Parameters,
      identity: rules.at.IdentityRegistry,
      tender: rules.at.SealedBidTender,
      market: rules.at.TaskMarket,
      resolver: rules.at.CapabilityResolver,
      attesters: rules.at.CapabilityResolver,
      governor: rules.at.Operators,
      slashers: [],
    };
    const networkId = PARAMETERS.networkId;
    const factory = await ethers.getContractFactory("AgentLedger");
    const refused = async (error: string, ...args: unknown[]) =>
      await expect(factory.deploy(...(args as [never, never]))).to.be.revertedWithCustomError(ledger, error);
    await refused("MarketDomainNetworkIdMissing", wiring, toBeHex(0, 32));
    await refused("GovernedInvalidGovernor", { ...wiring, governor: ZeroAddress }, networkId);
    expect(await ledger.minStake()).to.equal(PARAMETERS.minStake);
    expect(await ledger.stakePerUnit()).to.equal(PARAMETERS.stakePerUnit);
    expect(await ledger.unbondingDelay()).to.equal(PARAMETERS.unbondingDelaySeconds);
    expect(await ledger.rewardClaim()).to.equal(PARAMETERS.rewardClaimSeconds);
  });
});
