import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { parameterNames } from "../../../contracts/deploy/parameters.ts";
import { CREDIT, deployRules, ORGANISATION, PARAMETERS, type Rules, setParameters } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const STAKE = 500n * CREDIT;
const MIN_STAKE = 100n * CREDIT;
const DELAY = 10_000n;
const CLAIM = 1_000n;
const FAULT = id("some fault");

async function deploy() {
  const rules = await deployRules(connection, {
    ...PARAMETERS,
    attesterMinStake: MIN_STAKE,
    unbondingDelaySeconds: DELAY,
    evidenceAgeSeconds: 10n,
    rewardClaimSeconds: CLAIM,
    market: { ...PARAMETERS.market, commitWindowMin: 1n, revealWindowMin: 1n, expiryMargin: 10n },
    bounds: {
      unbondingDelay: { min: 20n, max: DELAY },
      evidenceAge: { min: 1n, max: 17n },
      commitWindowMin: { min: 1n, max: 1n },
      revealWindowMin: { min: 1n, max: 1n },
      expiryMargin: { min: 1n, max: 20n },
    },
  });
  const { requester: holder, evaluator: slasher, reporter, stranger, operator } = rules;
  const terms = {
    credits: rules.at.Credits,
    parameters: rules.at.Parameters,
    minStake: parameterNames.indexOf("attesterMinStake"),
    slashers: [slasher.address, operator.address],
  };
  const members = await ethers.deployContract("BondedMembers", [rules.at.Permissions, terms]);
  const register = await ethers.getContractAt("BondedStake", await members.getAddress());
  // What only the tests' own register has.
  const engage = async (engaged: boolean) => await members.connect(holder).getFunction("engage")(engaged);
  const oblige = async (until: bigint) => await members.getFunction("oblige")(holder.address, until);
  const reinstate = async () => await members.getFunction("reinstate")(holder.address);
  const credits = rules.contracts.Credits;
  for (const giver of [holder, reporter]) await credits.connect(giver).approve(register, 10_000n * CREDIT);
  await register.connect(holder).deposit(holder.address, STAKE);
  const offender = BigInt(holder.address);
  const actions = { engage, oblige, reinstate };
  return { rules, register, ...actions, credits, holder, offender, slasher, reporter, stranger, operator };
}

const deployed = () => networkHelpers.loadFixture(deploy);
const heldBy = async ({ contracts }: Rules, register: { getAddress(): Promise<string> }) =>
  await contracts.Credits.balanceOf(await register.getAddress());

describe("stake behind an account", () => {
  it("comes from the caller's credits, for any account that may have some", async () => {
    const { rules, register, credits, holder, reporter, stranger } = await deployed();
    const given = register.connect(reporter).deposit(holder.address, 7n);
    await expect(given).to.emit(register, "StakeDeposited").withArgs(holder.address, reporter.address, 7n);
    await expect(given).to.changeTokenBalances(ethers, credits, [reporter, register], [-7n, 7n]);
    expect(await register.bondOf(holder.address)).to.deep.equal([STAKE + 7n, 0n, 0n, 0n, 0n, false]);
    await expect(register.deposit(holder.address, 0n)).to.be.revertedWithCustomError(register, "BondAmountZero");
    await expect(register.connect(reporter).deposit(stranger.address, 1n))
      .to.be.revertedWithCustomError(register, "BondAccountRefused")
      .withArgs(stranger.address);
    expect(await heldBy(rules, register)).to.equal(STAKE + 7n);
  });

  it("counts from the minimum on", async () => {
    const { register, holder, reporter } = await deployed();
    expect(await register.isBonded(holder.address)).to.equal(true);
    await register.connect(reporter).deposit(reporter.address, MIN_STAKE - 1n);
    expect(await register.isBonded(reporter.address)).to.equal(false);
    await register.connect(reporter).deposit(reporter.address, 1n);
    expect(await register.isBonded(reporter.address)).to.equal(true);
  });

  it("leaves after the unbonding delay, to whom it belongs, through anyone's call", async () => {
    const { register, credits, holder, stranger } = await deployed();
    await register.connect(holder).requestUnbonding(holder.address, STAKE);
    const readyAt = BigInt(await networkHelpers.time.latest()) + DELAY;
    expect(await register.bondOf(holder.address)).to.deep.equal([0n, 0n, STAKE, readyAt, 0n, false]);
    await networkHelpers.time.setNextBlockTimestamp(readyAt - 1n);
    await expect(register.connect(stranger).withdrawUnbonded(holder.address))
      .to.be.revertedWithCustomError(register, "StakeNotReady")
      .withArgs(readyAt);
    await networkHelpers.time.setNextBlockTimestamp(readyAt);
    const paid = register.connect(stranger).withdrawUnbonded(holder.address);
    await expect(paid).to.emit(register, "StakeWithdrawn").withArgs(holder.address, holder.address, STAKE);
    await expect(paid).to.changeTokenBalances(ethers, credits, [register, holder], [-STAKE, STAKE]);
    await expect(register.withdrawUnbonded(holder.address)).to.be.revertedWithCustomError(register, "StakeNotReady");
  });

  it("leaves a delay after the last obligation, and one request more delays what was leaving", async () => {
    const { register, holder, oblige } = await deployed();
    const until = BigInt(await networkHelpers.time.latest()) + 5_000n;
    await oblige(until);
    await oblige(until - 1n);
    await expect(register.connect(holder).requestUnbonding(holder.address, 1n))
      .to.emit(register, "StakeUnbonding")
      .withArgs(holder.address, 1n, until + DELAY);
    await networkHelpers.time.setNextBlockTimestamp(until + DELAY);
    await register.connect(holder).requestUnbonding(holder.address, 2n);
    const { unbonding, readyAt } = await register.bondOf(holder.address);
    expect([unbonding, readyAt]).to.deep.equal([3n, until + 2n * DELAY]);
    await expect(register.withdrawUnbonded(holder.address)).to.be.revertedWithCustomError(register, "StakeNotReady");
  });

  it("is asked for by whom it belongs to, and only what is there and free", async () => {
    const { register, holder, slasher } = await deployed();
    await expect(register.connect(slasher).requestUnbonding(holder.address, 1n))
      .to.be.revertedWithCustomError(register, "BondUnauthorized")
      .withArgs(holder.address, slasher.address);
    const own = register.connect(holder);
    await expect(own.requestUnbonding(holder.address, 0n)).to.be.revertedWithCustomError(register, "BondAmountZero");
    await register.connect(slasher).lockStake(holder.address, 1n);
    await expect(own.requestUnbonding(holder.address, STAKE))
      .to.be.revertedWithCustomError(register, "BondStakeShort")
      .withArgs(holder.address, STAKE - 1n, STAKE);
    await own.requestUnbonding(holder.address, STAKE - 1n);
  });

  it("stays at the minimum while the account is engaged", async () => {
    const { register, holder, engage } = await deployed();
    const own = register.connect(holder);
    await engage(true);
    await own.requestUnbonding(holder.address, STAKE - MIN_STAKE);
    await expect(own.requestUnbonding(holder.address, 1n))
      .to.be.revertedWithCustomError(register, "BondStakeBelowMinimum")
      .withArgs(holder.address, MIN_STAKE - 1n, MIN_STAKE);
    await engage(false);
    await own.requestUnbonding(holder.address, MIN_STAKE);
  });

  it("follows its minimum as the operators change it, and never shortens what is on its way out", async () => {
    const { rules, register, holder } = await deployed();
    await register.connect(holder).requestUnbonding(holder.address, 10n);
    const { readyAt } = await register.bondOf(holder);
    await setParameters(rules, { attesterMinStake: STAKE, unbondingDelay: 20n });
    expect(await register.minStake()).to.equal(STAKE);
    expect(await register.isBonded(holder)).to.equal(false);
    await register.connect(holder).requestUnbonding(holder.address, 10n);
    expect((await register.bondOf(holder)).readyAt).to.equal(readyAt);
  });
});

describe("a slash of an account's stake", () => {
  it("takes what is bonded, then what is leaving, and never more; all but the reporter's share is burned", async () => {
    const { rules, register, credits, holder, offender, slasher } = await deployed();
    await register.connect(holder).requestUnbonding(holder.address, 200n);
    const supply = await credits.totalSupply();
    const asSlasher = register.connect(slasher);
    const taken = STAKE - 200n + 150n;
    await expect(asSlasher.slash(FAULT, offender, taken, 999n, false))
      .to.emit(register, "StakeSlashed")
      .withArgs(holder.address, FAULT, slasher.address, taken, (taken * 999n) / 10_000n);
    expect(await register.stakeInReachOf(offender)).to.equal(50n);
    expect(await credits.totalSupply()).to.equal(supply - taken + (taken * 999n) / 10_000n);
    expect(await asSlasher.slash.staticCall(id("another"), offender, 51n, 0n, false)).to.equal(50n);
    await asSlasher.slash(id("another"), offender, 51n, 0n, false);
    expect(await register.stakeInReachOf(offender)).to.equal(0n);
    expect(await heldBy(rules, register)).to.equal((taken * 999n) / 10_000n);
    expect((await register.bondOf(holder.address)).suspended).to.equal(false);
  });

  it("happens once per fault, by slashing modules, to accounts that can have stake, for a share of at most a tenth", async () => {
    const { register, offender, slasher, stranger, operator } = await deployed();
    const asSlasher = register.connect(slasher);
    await expect(register.connect(stranger).slash(FAULT, offender, 1n, 0n, false))
      .to.be.revertedWithCustomError(register, "StakeNotSlasher")
      .withArgs(stranger.address);
    await expect(asSlasher.slash(FAULT, offender, 1n, 1_001n, false))
      .to.be.revertedWithCustomError(register, "StakeRewardShareTooLarge")
      .withArgs(1_001n);
    for (const nobody of [0n, BigInt(stranger.address), offender + (1n << 160n)]) {
      await expect(asSlasher.slash(FAULT, nobody, 1n, 0n, false))
        .to.be.revertedWithCustomError(register, "BondOffenderInvalid")
        .withArgs(nobody);
      expect(await register.stakeInReachOf(nobody)).to.equal(0n);
    }
    await asSlasher.slash(FAULT, offender, 1n, 0n, false);
    expect(await register.isPunished(FAULT)).to.equal(true);
    await expect(register.connect(operator).slash(FAULT, offender, 1n, 0n, false))
      .to.be.revertedWithCustomError(register, "StakeFaultPunished")
      .withArgs(FAULT);
  });

  it("suspends where the module says so, until the suspension is ended", async () => {
    const { register, reinstate, holder, offender, slasher } = await deployed();
    await expect(reinstate()).to.be.revertedWithCustomError(register, "BondNotSuspended").withArgs(holder.address);
    const suspending = register.connect(slasher).slash(FAULT, offender, 1n, 0n, true);
    await expect(suspending).to.emit(register, "StakeSuspended").withArgs(holder.address);
    expect(await register.isBonded(holder.address)).to.equal(false);
    const again = register.connect(slasher).slash(id("another"), offender, 1n, 0n, true);
    await expect(again).not.to.emit(register, "StakeSuspended");
    await register.connect(slasher).openFault(offender);
    await expect(reinstate()).to.be.revertedWithCustomError(register, "StakeFaultOpen").withArgs(offender);
    await register.connect(slasher).closeFault(offender);
    await expect(reinstate()).to.emit(register, "StakeReinstated").withArgs(holder.address);
    expect(await register.isBonded(holder.address)).to.equal(true);
  });

  it("rewards the reporter as it does with agents, after the delay", async () => {
    const { register, credits, offender, slasher, reporter } = await deployed();
    await register.connect(slasher).slash(FAULT, offender, 1_000n, 1_000n, false);
    await register.connect(slasher).payReward(FAULT, reporter.address);
    const readyAt = BigInt(await networkHelpers.time.latest()) + DELAY;
    expect(await register.rewardOf(reporter.address)).to.deep.equal([100n, readyAt]);
    await networkHelpers.time.setNextBlockTimestamp(readyAt);
    const paid = register.withdrawReward(reporter.address);
    await expect(paid).to.changeTokenBalances(ethers, credits, [register, reporter], [-100n, 100n]);
  });
});

describe("a fault that is being looked into", () => {
  it("holds back what is leaving, which stays in reach", async () => {
    const { register, holder, offender, slasher, stranger } = await deployed();
    await register.connect(holder).requestUnbonding(holder.address, STAKE);
    await expect(register.connect(slasher).openFault(BigInt(stranger.address)))
      .to.be.revertedWithCustomError(register, "BondOffenderInvalid")
      .withArgs(BigInt(stranger.address));
    await register.connect(slasher).openFault(offender);
    await networkHelpers.time.increase(DELAY);
    await expect(register.withdrawUnbonded(holder.address))
      .to.be.revertedWithCustomError(register, "StakeFaultOpen")
      .withArgs(offender);
    await register.connect(slasher).slash(FAULT, offender, STAKE - 1n, 0n, false);
    await register.connect(slasher).closeFault(offender);
    await expect(register.withdrawUnbonded(holder.address))
      .to.emit(register, "StakeWithdrawn")
      .withArgs(holder.address, holder.address, 1n);
  });
});

describe("stake that a module locks", () => {
  it("stays until the same module releases it", async () => {
    const { register, holder, slasher, operator, stranger } = await deployed();
    const lock = register.connect(slasher).lockStake(holder.address, 100n);
    await expect(lock).to.emit(register, "StakeLocked").withArgs(holder.address, slasher.address, 100n);
    await register.connect(operator).lockStake(holder.address, 50n);
    expect((await register.bondOf(holder.address)).locked).to.equal(150n);
    for (const other of [operator, stranger]) {
      await expect(register.connect(other).unlockStake(holder.address, 51n)).to.be.revertedWithCustomError(
        register,
        "BondLockShort",
      );
    }
    await expect(register.connect(slasher).unlockStake(holder.address, 60n))
      .to.emit(register, "StakeLocked")
      .withArgs(holder.address, slasher.address, 40n);
    expect((await register.bondOf(holder.address)).locked).to.equal(90n);
  });

  it("is free stake, of an amount, locked by slashing modules alone", async () => {
    const { register, holder, slasher, stranger } = await deployed();
    await expect(register.connect(stranger).lockStake(holder.address, 1n))
      .to.be.revertedWithCustomError(register, "StakeNotSlasher")
      .withArgs(stranger.address);
    const asSlasher = register.connect(slasher);
    await asSlasher.lockStake(holder.address, STAKE - 1n);
    await expect(asSlasher.lockStake(holder.address, 2n))
      .to.be.revertedWithCustomError(register, "BondStakeShort")
      .withArgs(holder.address, 1n, 2n);
    for (const nothing of [
      asSlasher.lockStake(holder.address, 0n),
      asSlasher.unlockStake(holder.address, 0n),
      asSlasher.lockStake(ZeroAddress, 0n),
    ]) {
      await expect(nothing).to.be.revertedWithCustomError(register, "BondAmountZero");
    }
  });

  it("can be slashed, and the lock outlives what it held", async () => {
    const { register, holder, offender, slasher } = await deployed();
    const asSlasher = register.connect(slasher);
    await asSlasher.lockStake(holder.address, STAKE);
    await asSlasher.slash(FAULT, offender, STAKE - 10n, 0n, false);
    const bond = await register.bondOf(holder.address);
    expect([bond.bonded, bond.locked]).to.deep.equal([10n, STAKE]);
    await expect(register.connect(holder).requestUnbonding(holder.address, 1n))
      .to.be.revertedWithCustomError(register, "BondStakeShort")
      .withArgs(holder.address, 0n, 1n);
    await asSlasher.unlockStake(holder.address, STAKE);
    await register.connect(holder).requestUnbonding(holder.address, 10n);
  });

  it("concerns an organisation whose members are not rewarded", async () => {
    const { register, offender } = await deployed();
    expect(await register.organisationOfOffender(offender)).to.equal(ORGANISATION.requester);
  });
});
