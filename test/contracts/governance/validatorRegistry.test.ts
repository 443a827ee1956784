import { expect } from "chai";
import { toBeHex, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { govern, PARAMETERS } from "../fixture.ts";
import {
  admit,
  beforeHeight,
  contactOf,
  fund,
  ownerAt,
  peerKeyOf,
  STAKE,
  termsOf,
  toNextEpoch,
  type ValidatorWorld,
  validatorWorld,
} from "./validators.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const EPOCH_BLOCKS = 100;

const fiveValidators = () => validatorWorld(connection, { count: 5, epochBlocks: BigInt(EPOCH_BLOCKS) });
const world = () => networkHelpers.loadFixture(fiveValidators);
const oneEpoch = () => networkHelpers.loadFixture(foreverFive);
const foreverFive = () => validatorWorld(connection, { count: 5, epochBlocks: 0n });

const accountsOf = ({ keys }: ValidatorWorld) => keys.map(({ address }) => address);
const accountAt = (w: ValidatorWorld, index: number) => accountsOf(w)[index] as string;
const ascending = (accounts: readonly string[]) =>
  [...accounts].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
const byOperators = async ({ rules, registry }: ValidatorWorld, name: "admit" | "remove", args: readonly unknown[]) =>
  await govern(
    rules,
    await registry.getAddress(),
    registry.interface.encodeFunctionData(name as "remove", args as never),
  );

describe("the validators of the first epoch", () => {
  it("are listed in ascending order of address, with owner, organisation, stake and contact", async () => {
    const w = await oneEpoch();
    const { registry, rules } = w;
    expect(await registry.currentEpoch()).to.equal(0n);
    expect(await registry.validatorSet(0)).to.deep.equal(accountsOf(w));
    const third = await registry.validatorAt(0, 2);
    expect(third).to.deep.equal(await registry.validatorOf(accountAt(w, 2)));
    const owner = ownerAt(rules, 2).address;
    expect([third.account, third.owner, third.name]).to.deep.equal([accountAt(w, 2), owner, "validator 2"]);
    expect(third.organisation).to.equal(await rules.contracts.Permissions.organisationOf(owner));
    expect([third.peerKey, [...third.addresses]]).to.deep.equal([
      peerKeyOf("validator 2"),
      ["/ip4/127.0.0.1/tcp/26656"],
    ]);
    expect([third.from, third.until]).to.deep.equal([0n, 2n ** 64n - 1n]);
    expect((await registry.bondOf(third.account)).bonded).to.equal(STAKE);
    expect((await registry.validatorOf(owner)).account).to.equal(ZeroAddress);
    await expect(registry.validatorAt(0, 5))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryUnknownValidator")
      .withArgs(0, 5);
  });

  it("are ascending and distinct, with an owner, a peer key of their own, and their stake paid in", async () => {
    const { rules, registry } = await oneEpoch();
    const founder = (account: number, text = `peer ${account}`) => ({
      account: toBeHex(account, 20),
      owner: rules.requester.address,
      stake: 0n,
      contact: contactOf(text),
    });
    const terms = termsOf(rules, rules.operator.address);
    const deploy = async (founders: object[], epochBlocks = 0n) =>
      await ethers.deployContract("ValidatorRegistry", [
        rules.at.Operators,
        rules.at.Permissions,
        terms,
        epochBlocks,
        founders,
      ] as never);
    const one = founder(1);
    const peerKey = (key: string) => ({ ...one, contact: { ...one.contact, peerKey: key } });
    const refused: readonly (readonly [object[], string])[] = [
      [[], "ValidatorRegistryInvalidSize"],
      [[founder(2), founder(1)], "ValidatorRegistryUnordered"],
      [[founder(1), founder(1, "twin")], "ValidatorRegistryUnordered"],
      [[founder(0)], "ValidatorRegistryUnordered"],
      [[peerKey("0x")], "ValidatorRegistryInvalidPeerKey"],
      [[peerKey(`0x04${"11".repeat(32)}`)], "ValidatorRegistryInvalidPeerKey"],
      [[peerKey(`0x02${"11".repeat(31)}`)], "ValidatorRegistryInvalidPeerKey"],
      [[founder(1), founder(2, "peer 1")], "ValidatorRegistryPeerKeyUsed"],
      [[{ ...one, owner: rules.stranger.address }], "ValidatorRegistryOwnerNotAllowed"],
      [[{ ...one, stake: 1n }], "ValidatorRegistryStakeMissing"],
    ];
    for (const [founders, error] of refused) {
      await expect(deploy(founders)).to.be.revertedWithCustomError(registry, error);
    }
    await expect(deploy([one], 2n)).to.be.revertedWithCustomError(registry, "ValidatorRegistryEpochTooShort");
    await deploy([one, founder(2)], 3n);
  });
});

describe("known validators", () => {
  it("are listed page by page in the order in which they were made known, members of a set or not", async () => {
    const w = await world();
    const { registry } = w;
    const founders = accountsOf(w);
    const [late, later] = [await admit(w, govern, 5), await admit(w, govern, 6)];
    const known = [...founders, late, later];
    expect(await registry.validatorCount()).to.equal(known.length);
    const listed = async (from: number, count: number) =>
      (await registry.validators(from, count)).map(({ account }) => account);
    expect(await listed(0, 99)).to.deep.equal(known);
    expect(await listed(1, 2)).to.deep.equal(known.slice(1, 3));
    expect(await listed(known.length - 1, 5)).to.deep.equal([later]);
    expect(await listed(known.length, 5)).to.deep.equal([]);
    const [last] = await registry.validators(known.length - 1, 1);
    expect(last?.peerKey).to.equal((await registry.validatorOf(later)).peerKey);
  });
});

describe("epochs", () => {
  it("are spans of heights: the block of a boundary is the last of its epoch", async () => {
    const w = await world();
    const epoch = await toNextEpoch(w);
    expect(await w.registry.currentEpoch()).to.equal(epoch);
    const boundary = (Number(epoch) + 1) * EPOCH_BLOCKS;
    await beforeHeight(w, boundary + 1);
    expect(await ethers.provider.getBlockNumber()).to.equal(boundary);
    expect(await w.registry.currentEpoch()).to.equal(epoch);
    await networkHelpers.mine(1);
    expect(await w.registry.currentEpoch()).to.equal(epoch + 1n);
  });

  it("have a set that is fixed two blocks before they begin", async () => {
    const w = await world();
    const { registry, rules } = w;
    const newcomers = [await admit(w, govern, 5), await admit(w, govern, 6), await admit(w, govern, 7)] as const;
    const epoch = await toNextEpoch(w);
    const boundary = (Number(epoch) + 1) * EPOCH_BLOCKS;
    const [early, late, last] = newcomers;
    await beforeHeight(w, boundary - 2);
    await registry.connect(ownerAt(rules, 5)).join(early);
    expect(await ethers.provider.getBlockNumber()).to.equal(boundary - 2);
    const fixed = ascending([...accountsOf(w), early]);
    expect(await registry.validatorSet(epoch + 1n)).to.deep.equal(fixed);
    await registry.connect(ownerAt(rules, 6)).join(late);
    await registry.connect(ownerAt(rules, 7)).join(last);
    expect(await ethers.provider.getBlockNumber()).to.equal(boundary);
    expect(await registry.validatorSet(epoch)).to.deep.equal(accountsOf(w));
    expect(await registry.validatorSet(epoch + 1n)).to.deep.equal(fixed);
    const all = ascending([...accountsOf(w), ...newcomers]);
    expect(await registry.validatorSet(epoch + 2n)).to.deep.equal(all);
    expect(await registry.validatorSet(epoch + 99n)).to.deep.equal(all);
    expect(await registry.validatorSet(0)).to.deep.equal(accountsOf(w));
    expect((await registry.validatorOf(late)).from).to.equal(epoch + 2n);
    for (const [at, member] of [
      [epoch, false],
      [epoch + 1n, true],
    ] as const) {
      expect(await registry.isInSet(at, early)).to.equal(member);
    }
  });

  it("are one for ever where they have no length: changes are recorded for an epoch that never begins", async () => {
    const w = await oneEpoch();
    const { registry, rules } = w;
    await registry.connect(ownerAt(rules, 1)).exit(accountAt(w, 1));
    await networkHelpers.mine(1_000);
    expect([await registry.currentEpoch(), await registry.changeEpoch()]).to.deep.equal([0n, 1n]);
    expect(await registry.validatorSet(0)).to.deep.equal(accountsOf(w));
    expect(await registry.validatorSet(1)).to.have.length(4);
    const asked = registry.connect(ownerAt(rules, 1)).requestUnbonding(accountAt(w, 1), 1n);
    await expect(asked).to.be.revertedWithCustomError(registry, "BondStakeBelowMinimum");
  });
});

describe("joining", () => {
  it("takes the operators' admission, the minimum stake, and the owner's word", async () => {
    const w = await world();
    const { registry, rules } = w;
    const owner = ownerAt(rules, 5);
    const newcomer = await admit(w, govern, 5, STAKE - 1n);
    await expect(registry.connect(owner).join(newcomer))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryNotBonded")
      .withArgs(newcomer);
    await fund(w, rules.requester, newcomer, 1n);
    await expect(registry.connect(rules.requester).join(newcomer))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryUnauthorized")
      .withArgs(newcomer, rules.requester.address);
    const epoch = await registry.changeEpoch();
    await expect(registry.connect(owner).join(newcomer))
      .to.emit(registry, "ValidatorJoined")
      .withArgs(newcomer, epoch)
      .and.to.emit(registry, "ValidatorSetChanged")
      .withArgs(epoch, ascending([...accountsOf(w), newcomer]));
    await expect(registry.connect(owner).join(newcomer))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryJoinedBefore")
      .withArgs(newcomer);
  });

  it("is for active members, and admission by the operators alone", async () => {
    const w = await world();
    const { registry, rules } = w;
    const account = toBeHex(77, 20);
    const owner = ownerAt(rules, 5);
    const direct = registry.connect(owner).admit(account, owner.address, contactOf("direct"));
    await expect(direct).to.be.revertedWithCustomError(registry, "GovernedUnauthorized").withArgs(owner.address);
    const refused = async (args: readonly unknown[], error: string) =>
      await expect(byOperators(w, "admit", args)).to.be.revertedWithCustomError(registry, error);
    await refused([account, rules.stranger.address, contactOf("new")], "ValidatorRegistryOwnerNotAllowed");
    await refused([accountAt(w, 0), owner.address, contactOf("new")], "ValidatorRegistryAccountUsed");
    await refused([ZeroAddress, owner.address, contactOf("new")], "ValidatorRegistryAccountUsed");
    await refused([account, owner.address, contactOf("validator 0")], "ValidatorRegistryPeerKeyUsed");
    const newcomer = await admit(w, govern, 5);
    const delist = rules.contracts.Permissions.interface.encodeFunctionData("delistMember", [owner.address]);
    await govern(rules, rules.at.Permissions, delist);
    await expect(registry.connect(owner).join(newcomer))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryOwnerNotAllowed")
      .withArgs(owner.address);
    // What is on its way out needs no list.
    await registry.connect(owner).requestUnbonding(newcomer, STAKE);
    expect(await registry.retiredAt(newcomer)).to.equal(0n);
  });

  it("ends at VALIDATORS_MAX", async function () {
    this.timeout(180_000);
    const w = await validatorWorld(connection, { count: 12, epochBlocks: 0n });
    const { registry, rules } = w;
    const max = Number(await registry.VALIDATORS_MAX());
    expect(max).to.equal(100);
    for (let size = 12; size < max; size++) {
      const newcomer = await admit(w, govern, 13);
      await registry.connect(ownerAt(rules, 13)).join(newcomer);
    }
    const set = await registry.validatorSet(1);
    expect([...set])
      .to.deep.equal(ascending(set))
      .and.to.have.length(max);
    const tooMany = await admit(w, govern, 13);
    await expect(registry.connect(ownerAt(rules, 13)).join(tooMany))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryInvalidSize")
      .withArgs(max + 1);
  });

  it("takes no stake for who is no validator", async () => {
    const { registry, rules } = await world();
    await rules.contracts.Credits.connect(rules.requester).approve(registry, 1n);
    await expect(registry.connect(rules.requester).deposit(rules.requester.address, 1n))
      .to.be.revertedWithCustomError(registry, "BondAccountRefused")
      .withArgs(rules.requester.address);
  });
});

describe("leaving", () => {
  it("is the owner's to say; all stake stays until the epoch begins, and an unbonding delay more", async () => {
    const w = await world();
    const { registry, rules } = w;
    const account = accountAt(w, 1);
    const owner = ownerAt(rules, 1);
    await fund(w, rules.requester, account, 7n);
    await expect(registry.connect(rules.requester).exit(account))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryUnauthorized")
      .withArgs(account, rules.requester.address);
    const stays = async () =>
      await expect(registry.connect(owner).requestUnbonding(account, 7n)).to.be.revertedWithCustomError(
        registry,
        "BondStakeBelowMinimum",
      );
    await stays();
    const epoch = await registry.changeEpoch();
    await expect(registry.connect(owner).exit(account)).to.emit(registry, "ValidatorLeft").withArgs(account, epoch);
    await stays();
    await beforeHeight(w, Number(epoch) * EPOCH_BLOCKS);
    await stays();
    // The call above was refused before it got into a block.
    await networkHelpers.mine(1);
    expect(await ethers.provider.getBlockNumber()).to.equal(Number(epoch) * EPOCH_BLOCKS);
    await registry.connect(owner).requestUnbonding(account, STAKE + 7n);
    const now = BigInt(await networkHelpers.time.latest());
    expect(await registry.retiredAt(account)).to.equal(now);
    await networkHelpers.time.setNextBlockTimestamp(now + PARAMETERS.unbondingDelaySeconds);
    const paid = registry.withdrawUnbonded(account);
    await expect(paid).to.changeTokenBalances(ethers, rules.contracts.Credits, [owner], [STAKE + 7n]);
  });

  it("leaves four, unless the operators say otherwise, and never nobody", async () => {
    const w = await world();
    const { registry, rules } = w;
    await registry.connect(ownerAt(rules, 0)).exit(accountAt(w, 0));
    await expect(registry.connect(ownerAt(rules, 0)).exit(accountAt(w, 0)))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryNotInSet")
      .withArgs(accountAt(w, 0));
    await expect(registry.connect(ownerAt(rules, 1)).exit(accountAt(w, 1)))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryTooFew")
      .withArgs(3);
    await expect(registry.remove(accountAt(w, 1))).to.be.revertedWithCustomError(registry, "GovernedUnauthorized");
    for (const index of [1, 2, 3]) await byOperators(w, "remove", [accountAt(w, index)]);
    expect(await registry.validatorSet(await registry.changeEpoch())).to.deep.equal([accountAt(w, 4)]);
    await expect(byOperators(w, "remove", [accountAt(w, 4)])).to.be.revertedWithCustomError(
      registry,
      "ValidatorRegistryInvalidSize",
    );
  });

  it("is for good: a key serves one span of epochs", async () => {
    const w = await world();
    const { registry, rules } = w;
    const account = accountAt(w, 0);
    await registry.connect(ownerAt(rules, 0)).exit(account);
    await expect(registry.connect(ownerAt(rules, 0)).join(account))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryJoinedBefore")
      .withArgs(account);
    await expect(fund(w, rules.requester, account, 1n))
      .to.be.revertedWithCustomError(registry, "BondAccountRefused")
      .withArgs(account);
    await expect(
      byOperators(w, "admit", [account, ownerAt(rules, 0).address, contactOf("again")]),
    ).to.be.revertedWithCustomError(registry, "ValidatorRegistryAccountUsed");
  });
});

describe("rotating a key", () => {
  it("gives the seat to a new key with a stake of its own, and lets the old one's go as any that left", async () => {
    const w = await world();
    const { registry, rules } = w;
    const account = accountAt(w, 1);
    const owner = ownerAt(rules, 1);
    const successor = ethers.getAddress(toBeHex(78, 20));
    await rules.contracts.Credits.connect(owner).approve(registry, 2n * STAKE);
    const rotate = (as = owner, to: string = successor, key = peerKeyOf("new key"), amount = STAKE) =>
      registry.connect(as).rotateKey(account, to, key, ["/ip4/127.0.0.1/tcp/26657"], amount);
    await expect(rotate(rules.requester)).to.be.revertedWithCustomError(registry, "ValidatorRegistryUnauthorized");
    await expect(rotate(owner, accountAt(w, 2))).to.be.revertedWithCustomError(
      registry,
      "ValidatorRegistryAccountUsed",
    );
    await expect(rotate(owner, successor, peerKeyOf("validator 2"))).to.be.revertedWithCustomError(
      registry,
      "ValidatorRegistryPeerKeyUsed",
    );
    const short = rotate(owner, successor, peerKeyOf("new key"), STAKE - 1n);
    await expect(short).to.be.revertedWithCustomError(registry, "ValidatorRegistryNotBonded").withArgs(successor);
    const epoch = await registry.changeEpoch();
    await expect(rotate()).to.emit(registry, "ValidatorKeyRotated").withArgs(account, successor);
    const set = ascending([...accountsOf(w).filter((one) => one !== account), successor]);
    expect(await registry.validatorSet(epoch)).to.deep.equal(set);
    expect((await registry.validatorOf(account)).until).to.equal(epoch);
    const { from, owner: sameOwner, name } = await registry.validatorOf(successor);
    expect([from, sameOwner, name]).to.deep.equal([epoch, owner.address, "validator 1"]);
    await expect(rotate()).to.be.revertedWithCustomError(registry, "ValidatorRegistryNotInSet").withArgs(account);
    await toNextEpoch(w);
    await registry.connect(owner).requestUnbonding(account, STAKE);
    await expect(registry.connect(owner).requestUnbonding(successor, 1n)).to.be.revertedWithCustomError(
      registry,
      "BondStakeBelowMinimum",
    );
  });

  it("changes addresses alone where that is all", async () => {
    const w = await world();
    const { registry, rules } = w;
    const addresses = ["/dns4/validator.example/tcp/1"];
    const account = accountAt(w, 1);
    await expect(registry.connect(rules.requester).setAddresses(account, addresses))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryUnauthorized")
      .withArgs(account, rules.requester.address);
    await expect(registry.connect(ownerAt(rules, 1)).setAddresses(account, addresses))
      .to.emit(registry, "ValidatorAddressesChanged")
      .withArgs(account, addresses);
    expect([...(await registry.validatorOf(account)).addresses]).to.deep.equal(addresses);
  });
});
