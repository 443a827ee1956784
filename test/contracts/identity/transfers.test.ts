import { expect } from "chai";
import { id, Wallet, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { addStake, makeAgent, ownerAt, rotateKey } from "../actors.ts";
import { asContract, CREDIT, deployRules, ORGANISATION } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const FAR_DEADLINE = 2n ** 40n;
const WALLET_TYPES = {
  AgentWalletSet: [
    { name: "agentId", type: "uint256" },
    { name: "newWallet", type: "address" },
    { name: "owner", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

async function world() {
  const rules = await deployRules(connection);
  const agent = await makeAgent(rules, 0);
  const buyer = ownerAt(rules, 1);
  const registry = rules.contracts.IdentityRegistry.connect(agent.owner);
  return { rules, agent, buyer, registry, ledger: rules.contracts.AgentLedger };
}

describe("agents that change hands", () => {
  const load = () => networkHelpers.loadFixture(world);

  it("keep their stake, what unbonds of it, their faults and their reputation", async () => {
    const { rules, agent, buyer, registry, ledger } = await load();
    const { agentId, owner } = agent;
    await addStake(rules, agentId, owner, 500n * CREDIT);
    await ledger.connect(owner).requestUnbonding(agentId, 300n * CREDIT);
    const evidence = await asContract(rules, rules.at.BidEquivocation);
    const faultId = id("a fault before the transfer");
    await ledger.connect(evidence).slash(faultId, agentId, 10n * CREDIT, 0, false);
    const reputation = rules.contracts.ReputationRegistry;
    const client = ownerAt(rules, 2);
    await reputation.connect(client).giveFeedback(agentId, 77, 0, "", "", "", "", ZeroHash);
    const before = await ledger.agentOf(agentId);
    const unbonding = await ledger.unbondingOf(agentId);

    await registry.transferFrom(owner, buyer, agentId);

    expect((await ledger.agentOf(agentId)).bonded).to.equal(before.bonded);
    expect(await ledger.unbondingOf(agentId)).to.deep.equal(unbonding);
    expect(await ledger.isPunished(faultId)).to.equal(true);
    expect((await reputation.getSummary(agentId, [client], "", "")).count).to.equal(1n);
    // What unbonded goes to who owns the agent when it is paid.
    await networkHelpers.time.increaseTo(unbonding.readyAt);
    await expect(ledger.withdrawUnbonded(agentId)).to.changeTokenBalances(
      ethers,
      rules.contracts.Credits,
      [owner, buyer],
      [0n, unbonding.amount],
    );
  });

  it("are still slashed for what they did before, by the new owner's stake", async () => {
    const { rules, agent, buyer, registry, ledger } = await load();
    await registry.transferFrom(agent.owner, buyer, agent.agentId);
    const evidence = await asContract(rules, rules.at.BidEquivocation);
    const { bonded } = await ledger.agentOf(agent.agentId);
    await ledger.connect(evidence).slash(id("an older fault"), agent.agentId, 10n * CREDIT, 0, true);
    const now = await ledger.agentOf(agent.agentId);
    expect(now.bonded).to.equal(bonded - 10n * CREDIT);
    expect(now.suspended).to.equal(true);
  });

  it("are not transferred while a fault is looked into, whatever else is free", async () => {
    const { rules, agent, buyer, registry, ledger } = await load();
    const evidence = await asContract(rules, rules.at.BidEquivocation);
    await ledger.connect(evidence).openFault(agent.agentId);
    await expect(registry.transferFrom(agent.owner, buyer, agent.agentId))
      .to.be.revertedWithCustomError(registry, "IdentityAgentEngaged")
      .withArgs(agent.agentId);
    await ledger.connect(evidence).closeFault(agent.agentId);
    await registry.transferFrom(agent.owner, buyer, agent.agentId);
  });

  it("go to active members alone, once they are enrolled", async () => {
    const { rules, agent, registry, ledger } = await load();
    await expect(registry.transferFrom(agent.owner, rules.stranger, agent.agentId))
      .to.be.revertedWithCustomError(ledger, "LedgerOwnerNotAllowed")
      .withArgs(rules.stranger.address);
    expect(await registry.ownerOf(agent.agentId)).to.equal(agent.owner.address);
  });

  it("never give a bid key back: not to the same agent, nor to another, nor to its former owner", async () => {
    const { rules, agent, buyer, registry, ledger } = await load();
    const { agentId, owner, key } = agent;
    await registry.transferFrom(owner, buyer, agentId);
    await expect(rotateKey(rules, agentId, buyer, key)).to.be.revertedWithCustomError(ledger, "LedgerKeyUsed");
    await registry.connect(buyer).transferFrom(buyer, owner, agentId);
    await expect(rotateKey(rules, agentId, owner, key)).to.be.revertedWithCustomError(ledger, "LedgerKeyUsed");
    const other = await makeAgent(rules, 2);
    await expect(rotateKey(rules, other.agentId, other.owner, key)).to.be.revertedWithCustomError(
      ledger,
      "LedgerKeyUsed",
    );
    // Whose it was stays on record for ever.
    expect(await ledger.agentIdOf(key.address)).to.equal(agentId);
  });
});

describe("wallets that are contracts (ERC-1271)", () => {
  const load = () => networkHelpers.loadFixture(world);

  it("prove themselves by what they answer, and by nothing else", async () => {
    const { rules, agent, registry } = await load();
    const { chainId } = await ethers.provider.getNetwork();
    const domain = {
      name: "ERC8004IdentityRegistry",
      version: "1",
      chainId,
      verifyingContract: rules.at.IdentityRegistry,
    };
    const holder = Wallet.createRandom();
    const wallet = await (await ethers.deployContract("ContractWallet", [holder.address])).getAddress();
    const message = { agentId: agent.agentId, newWallet: wallet, owner: agent.owner.address, deadline: FAR_DEADLINE };
    const set = (proof: string) => registry.setAgentWallet(agent.agentId, wallet, FAR_DEADLINE, proof);
    const imposter = await Wallet.createRandom().signTypedData(domain, WALLET_TYPES, message);
    await expect(set(imposter)).to.be.revertedWithCustomError(registry, "IdentityInvalidProof").withArgs(wallet);
    const other = { ...message, agentId: agent.agentId + 1n };
    await expect(set(await holder.signTypedData(domain, WALLET_TYPES, other))).to.be.revertedWithCustomError(
      registry,
      "IdentityInvalidProof",
    );
    await set(await holder.signTypedData(domain, WALLET_TYPES, message));
    expect(await registry.getAgentWallet(agent.agentId)).to.equal(wallet);
  });

  it("cannot change anything while they are asked", async () => {
    const { rules, registry } = await load();
    const wallet = await ethers.deployContract("ReenteringWallet", [rules.at.IdentityRegistry]);
    const agentId = await wallet.getFunction("register").staticCall();
    await wallet.getFunction("register")();
    await expect(wallet.getFunction("setOwnWallet")(agentId))
      .to.be.revertedWithCustomError(registry, "IdentityInvalidProof")
      .withArgs(await wallet.getAddress());
    expect(await registry.tokenURI(agentId)).to.equal("");
    expect(await wallet.getFunction("entered")()).to.equal(false);
  });
});

describe("receivers that act while they are given an agent (ERC-721)", () => {
  const load = () => networkHelpers.loadFixture(world);
  const safely = "safeTransferFrom(address,address,uint256)";

  async function receiver() {
    const loaded = await load();
    const contract = await ethers.deployContract("ReenteringReceiver", [loaded.rules.at.IdentityRegistry]);
    const at = await contract.getAddress();
    const operators = await asContract(loaded.rules, loaded.rules.at.Operators);
    const permissions = loaded.rules.contracts.Permissions.connect(operators);
    await permissions.addMembers(ORGANISATION.firstAgent + 3, [at]);
    return { ...loaded, contract, at };
  }

  it("see a transfer that is complete, and cannot take the agent twice", async () => {
    const { agent, registry, ledger, contract, at } = await receiver();
    await registry[safely](agent.owner, at, agent.agentId);
    expect(await contract.getFunction("ownerSeen")()).to.equal(at);
    expect(await contract.getFunction("walletSeen")()).to.equal(ZeroAddress);
    expect(await contract.getFunction("tookTwice")()).to.equal(false);
    expect(await ledger.bidKeyOf(agent.agentId)).to.equal(ZeroAddress);
    expect((await ledger.keyOf(agent.key.address)).revoked).to.equal(true);
  });

  it("may pass it on at once: it ends with the last, without wallet and key", async () => {
    const { rules, agent, buyer, registry, ledger, contract, at } = await receiver();
    await contract.getFunction("prepare")(false, buyer.address);
    await registry[safely](agent.owner, at, agent.agentId);
    expect(await registry.ownerOf(agent.agentId)).to.equal(buyer.address);
    expect(await registry.getAgentWallet(agent.agentId)).to.equal(ZeroAddress);
    expect(await ledger.bidKeyOf(agent.agentId)).to.equal(ZeroAddress);
    // The buyer sets a key of its own, under its own organisation.
    await rotateKey(rules, agent.agentId, buyer);
    expect((await ledger.agentOf(agent.agentId)).organisation).to.equal(
      await rules.contracts.Permissions.organisationOf(buyer.address),
    );
  });

  it("that refuse it leave everything as it was", async () => {
    const { agent, registry, ledger, contract, at } = await receiver();
    await contract.getFunction("prepare")(true, ZeroAddress);
    await expect(registry[safely](agent.owner, at, agent.agentId)).to.be.revertedWithCustomError(
      registry,
      "ERC721InvalidReceiver",
    );
    expect(await registry.ownerOf(agent.agentId)).to.equal(agent.owner.address);
    expect(await registry.getAgentWallet(agent.agentId)).to.equal(agent.owner.address);
    expect(await ledger.bidKeyOf(agent.agentId)).to.equal(agent.key.address);
  });

  it("are not told when an agent is registered: registering depends on nobody's code", async () => {
    const { rules, registry } = await load();
    const wallet = await ethers.deployContract("ReenteringWallet", [rules.at.IdentityRegistry]);
    // It implements no receiver at all, and registers all the same.
    await wallet.getFunction("register")();
    expect(await registry.balanceOf(wallet)).to.equal(1n);
  });
});
