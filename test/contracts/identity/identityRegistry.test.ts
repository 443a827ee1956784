import { expect } from "chai";
import { hexlify, id, toUtf8Bytes, Wallet, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { cacheCapability, makeAgent, ownerAt, registerAgent } from "../actors.ts";
import { asContract, deployRules, type Rules, type Signer } from "../fixture.ts";
import { bid, deliver, pastDelivery, postTask } from "../tasks.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const URI = "data:application/json;base64,eyJuYW1lIjoiYSJ9";
const KIND = hexlify(toUtf8Bytes("kind"));
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
  const owner = ownerAt(rules, 0);
  const registry = rules.contracts.IdentityRegistry.connect(owner);
  return { rules, registry, owner, other: ownerAt(rules, 1) };
}

interface Proof {
  readonly agentId?: bigint;
  readonly owner?: string;
  readonly deadline?: bigint;
}

/** What a wallet signs to become agent 0's. */
async function proofBy(rules: Rules, wallet: Wallet, { agentId = 0n, owner, deadline = FAR_DEADLINE }: Proof = {}) {
  const { chainId } = await ethers.provider.getNetwork();
  const domain = {
    name: "ERC8004IdentityRegistry",
    version: "1",
    chainId,
    verifyingContract: rules.at.IdentityRegistry,
  };
  const message = { agentId, newWallet: wallet.address, owner: owner ?? ownerAt(rules, 0).address, deadline };
  return await wallet.signTypedData(domain, WALLET_TYPES, message);
}

describe("IdentityRegistry (ERC-8004)", () => {
  const load = () => networkHelpers.loadFixture(world);

  it("numbers agents from 0 and makes the owner the first wallet", async () => {
    const { registry, owner } = await load();
    const wallet = owner.address.toLowerCase();
    await expect(registry["register()"]())
      .to.emit(registry, "Transfer")
      .withArgs(ZeroAddress, owner, 0)
      .and.to.emit(registry, "MetadataSet")
      .withArgs(0, (topic: unknown) => topic !== undefined, "agentWallet", wallet)
      .and.to.emit(registry, "Registered")
      .withArgs(0, "", owner);
    await expect(registry["register(string)"](URI)).to.emit(registry, "Registered").withArgs(1, URI, owner);
    expect(await registry.tokenURI(1)).to.equal(URI);
    expect(await registry.ownerOf(1)).to.equal(owner.address);
    expect(await registry.getAgentWallet(0)).to.equal(owner.address);
    expect(await registry.getMetadata(0, "agentWallet")).to.equal(wallet);
    expect(await registry.agentCount()).to.equal(2n);
  });

  it("registers with metadata, but for the reserved key", async () => {
    const { registry } = await load();
    const entries = [
      { metadataKey: "kind", metadataValue: KIND },
      { metadataKey: "level", metadataValue: "0x02" },
    ];
    const registered = registry["register(string,(string,bytes)[])"];
    const receipt = await (await registered(URI, entries)).wait();
    const names = receipt?.logs.map((log) => registry.interface.parseLog(log)?.name);
    expect(names?.filter((name) => name !== "MetadataUpdate")).to.deep.equal([
      "Transfer",
      "MetadataSet",
      "MetadataSet",
      "MetadataSet",
      "Registered",
    ]);
    expect(await registry.getMetadata(0, "kind")).to.equal(KIND);
    expect(await registry.getMetadata(0, "nothing")).to.equal("0x");
    await expect(registered(URI, [{ metadataKey: "agentWallet", metadataValue: "0x" }]))
      .to.be.revertedWithCustomError(registry, "IdentityReservedKey")
      .withArgs("agentWallet");
  });

  it("lets owner and approved accounts alone change URI, metadata and wallet", async () => {
    const { rules, registry, other } = await load();
    await registry["register()"]();
    const wallet = Wallet.createRandom() as unknown as Wallet;
    const proof = await proofBy(rules, wallet);
    const change = (by: Signer) => [
      () => registry.connect(by).setAgentURI(0, URI),
      () => registry.connect(by).setMetadata(0, "kind", KIND),
      () => registry.connect(by).setAgentWallet(0, wallet.address, FAR_DEADLINE, proof),
      () => registry.connect(by).unsetAgentWallet(0),
    ];
    for (const call of change(other)) {
      await expect(call()).to.be.revertedWithCustomError(registry, "IdentityUnauthorized").withArgs(0, other);
    }
    expect(await registry.isAuthorizedOrOwner(other, 0)).to.equal(false);
    await registry.approve(other, 0);
    expect(await registry.isAuthorizedOrOwner(other, 0)).to.equal(true);
    for (const call of change(other)) await call();
    await registry.approve(ZeroAddress, 0);
    await registry.setApprovalForAll(other, true);
    for (const call of change(other)) await call();
  });

  it("says what changed", async () => {
    const { registry, owner } = await load();
    await registry["register()"]();
    await expect(registry.setAgentURI(0, URI)).to.emit(registry, "URIUpdated").withArgs(0, URI, owner);
    await expect(registry.setMetadata(0, "kind", KIND))
      .to.emit(registry, "MetadataSet")
      .withArgs(0, (topic: unknown) => topic !== undefined, "kind", KIND);
    await expect(registry.setMetadata(0, "agentWallet", KIND)).to.be.revertedWithCustomError(
      registry,
      "IdentityReservedKey",
    );
  });

  it("takes a wallet that proves itself", async () => {
    const { rules, registry } = await load();
    await registry["register()"]();
    const wallet = Wallet.createRandom() as unknown as Wallet;
    await registry.setAgentWallet(0, wallet.address, FAR_DEADLINE, await proofBy(rules, wallet));
    expect(await registry.getAgentWallet(0)).to.equal(wallet.address);
    expect(await registry.getMetadata(0, "agentWallet")).to.equal(wallet.address.toLowerCase());
    await registry.unsetAgentWallet(0);
    expect(await registry.getAgentWallet(0)).to.equal(ZeroAddress);
  });

  it("refuses a proof for another agent, owner or deadline, by another key, or too old", async () => {
    const { rules, registry, other } = await load();
    await registry["register()"]();
    await registry["register()"]();
    const wallet = Wallet.createRandom() as unknown as Wallet;
    const set = (proof: string, deadline = FAR_DEADLINE) => registry.setAgentWallet(0, wallet.address, deadline, proof);
    for (const wrong of [{ agentId: 1n }, { owner: other.address }, { deadline: FAR_DEADLINE - 1n }]) {
      await expect(set(await proofBy(rules, wallet, wrong)))
        .to.be.revertedWithCustomError(registry, "IdentityInvalidProof")
        .withArgs(wallet.address);
    }
    const imposter = Wallet.createRandom() as unknown as Wallet;
    await expect(set(await proofBy(rules, imposter))).to.be.revertedWithCustomError(registry, "IdentityInvalidProof");
    const deadline = BigInt(await networkHelpers.time.latest());
    const proof = await proofBy(rules, wallet, { deadline });
    await networkHelpers.time.increase(1);
    await expect(set(proof, deadline))
      .to.be.revertedWithCustomError(registry, "IdentityProofExpired")
      .withArgs(deadline);
    await expect(registry.setAgentWallet(0, ZeroAddress, FAR_DEADLINE, proof)).to.be.revertedWithCustomError(
      registry,
      "IdentityInvalidWallet",
    );
    // A contract without ERC-1271 proves nothing, whoever signs.
    await expect(
      registry.setAgentWallet(0, rules.at.Credits, FAR_DEADLINE, await proofBy(rules, wallet)),
    ).to.be.revertedWithCustomError(registry, "IdentityInvalidProof");
  });

  it("clears wallet, bid key and capabilities on transfer", async () => {
    const { rules, registry, owner, other } = await load();
    const agent = await makeAgent(rules, 0);
    await cacheCapability(rules, agent.agentId, ethers.id("digest"));
    const ledger = rules.contracts.AgentLedger;
    expect(await ledger.bidKeyOf(0)).to.equal(agent.key.address);
    await expect(registry.transferFrom(owner, other, 0))
      .to.emit(registry, "MetadataSet")
      .withArgs(0, (topic: unknown) => topic !== undefined, "agentWallet", "0x")
      .and.to.emit(ledger, "BidKeyRevoked")
      .withArgs(0, agent.key.address);
    expect(await registry.getAgentWallet(0)).to.equal(ZeroAddress);
    expect(await registry.getMetadata(0, "agentWallet")).to.equal("0x");
    expect(await ledger.bidKeyOf(0)).to.equal(ZeroAddress);
    expect((await ledger.capabilityOf(0, ethers.id("digest"))).current).to.equal(false);
    expect(await registry.transferredAt(0)).to.equal(BigInt(await networkHelpers.time.latest()));
    expect((await ledger.agentOf(0)).bonded).to.be.greaterThan(0n);
  });

  it("does not transfer an agent that is engaged, and does again when it is free", async () => {
    const { rules, registry, owner, other } = await load();
    const agent = await makeAgent(rules, 0);
    const { market, refused } = {
      market: rules.contracts.TaskMarket,
      refused: () =>
        expect(registry.transferFrom(owner, other, 0))
          .to.be.revertedWithCustomError(registry, "IdentityAgentEngaged")
          .withArgs(0),
    };
    const { taskId, tenderId } = await postTask(rules);
    await bid(rules, tenderId, [[agent, 1n]]);
    await refused();
    await market.settle(taskId);
    await refused();
    await deliver(rules, taskId, 0, agent);
    await pastDelivery(rules, taskId);
    await market.connect(rules.evaluator).giveVerdict(taskId, 0, false, ethers.ZeroHash);
    const evidence = await asContract(rules, rules.at.BidEquivocation);
    await rules.contracts.AgentLedger.connect(evidence).slash(ethers.id("fault"), 0, 1n, 0, true);
    await refused();
    const operators = await asContract(rules, rules.at.Operators);
    await rules.contracts.AgentLedger.connect(operators).reinstate(0);
    await registry.transferFrom(owner, other, 0);
    expect(await registry.ownerOf(0)).to.equal(other.address);
  });

  it("tells the ledger of transfers alone, not of registrations", async () => {
    const { rules, registry } = await load();
    await registerAgent(rules, 0);
    expect(await registry.transferredAt(0)).to.equal(0n);
    expect((await rules.contracts.AgentLedger.agentOf(0)).enrolled).to.equal(false);
  });

  it("knows no agent that was never registered", async () => {
    const { registry } = await load();
    for (const call of [
      () => registry.getAgentWallet(0),
      () => registry.tokenURI(0),
      () => registry.setAgentURI(0, URI),
      () => registry.isAuthorizedOrOwner(ZeroAddress, 0),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(registry, "ERC721NonexistentToken").withArgs(0);
    }
  });

  it("announces ERC-165, ERC-721 with metadata, ERC-4906, and ERC-8004's own functions", async () => {
    const { registry } = await load();
    for (const interfaceId of ["0x01ffc9a7", "0x80ac58cd", "0x5b5e139f", "0x49064906"]) {
      expect(await registry.supportsInterface(interfaceId)).to.equal(true);
    }
    const functions = [
      "register()",
      "register(string)",
      "register(string,(string,bytes)[])",
      "setAgentURI(uint256,string)",
      "getMetadata(uint256,string)",
      "setMetadata(uint256,string,bytes)",
      "getAgentWallet(uint256)",
      "setAgentWallet(uint256,address,uint256,bytes)",
      "unsetAgentWallet(uint256)",
    ];
    const identityId = functions.reduce((sum, signature) => sum ^ BigInt(id(signature).slice(0, 10)), 0n);
    expect(await registry.supportsInterface(ethers.toBeHex(identityId, 4))).to.equal(true);
    expect(await registry.supportsInterface("0xffffffff")).to.equal(false);
  });

  it("has the EIP-712 domain that wallets sign under", async () => {
    const { rules, registry } = await load();
    const { chainId } = await ethers.provider.getNetwork();
    const domain = {
      name: "ERC8004IdentityRegistry",
      version: "1",
      chainId,
      verifyingContract: rules.at.IdentityRegistry,
    };
    expect(await registry.domainSeparator()).to.equal(ethers.TypedDataEncoder.hashDomain(domain));
  });
});
