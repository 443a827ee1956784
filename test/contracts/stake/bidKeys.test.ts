import { expect } from "chai";
import { Signature, toBeHex, ZeroAddress } from "ethers";
import { network } from "hardhat";
import {
  commitBid,
  commitmentOf,
  domainOf,
  KEY_TYPES,
  makeAgent,
  newKey,
  openingOf,
  openTender,
  ownerAt,
  proofOf,
  registerAgent,
  rotateKey,
} from "../actors.ts";
import { returning } from "../bytecode.ts";
import { deployRules, ORGANISATION, type Rules } from "../fixture.ts";

const connection = await network.create();
const FAR = 2n ** 40n;

async function deploy() {
  const rules = await deployRules(connection);
  const agentId = await registerAgent(rules, 0);
  const owner = ownerAt(rules, 0);
  return { rules, agentId, owner, ledger: rules.contracts.AgentLedger.connect(owner), key: await newKey(rules) };
}

async function now(rules: Rules): Promise<bigint> {
  return BigInt(await rules.connection.networkHelpers.time.latest());
}

describe("bid keys", () => {
  it("become an agent's by their own signature, and enrol it under its owner's organisation", async () => {
    const { rules, agentId, owner, ledger, key } = await connection.networkHelpers.loadFixture(deploy);
    const proof = await proofOf(rules, key, agentId, owner.address, 0n);
    await expect(ledger.setBidKey(agentId, key.address, FAR, proof))
      .to.emit(ledger, "BidKeySet")
      .withArgs(agentId, key.address)
      .and.to.emit(ledger, "AgentEnrolled")
      .withArgs(agentId, ORGANISATION.firstAgent);
    const record = await ledger.keyOf(key.address);
    expect(record.agentId).to.equal(agentId);
    expect(record.from).to.equal(await now(rules));
    expect(record.to).to.equal(0n);
    expect(record.first).to.equal(true);
    expect(record.revoked).to.equal(false);
    expect(await ledger.bidKeyOf(agentId)).to.equal(key.address);
    expect(await ledger.agentIdOf(key.address)).to.equal(agentId);
    expect(await ledger.keyNonceOf(agentId)).to.equal(1n);
  });

  it("sign under the market's domain", async () => {
    const { rules, ledger } = await connection.networkHelpers.loadFixture(deploy);
    const [fields, name, version, chainId, verifyingContract, salt] = await ledger.eip712Domain();
    expect(fields).to.equal("0x1f");
    const domain = await domainOf(rules, rules.at.AgentLedger);
    expect({ name, version, chainId, verifyingContract, salt }).to.deep.equal(domain);
  });

  it("are set by the agent's owner, operator or approved account alone", async () => {
    const { rules, agentId, owner, ledger, key } = await connection.networkHelpers.loadFixture(deploy);
    const proof = await proofOf(rules, key, agentId, owner.address, 0n);
    const other = ownerAt(rules, 1);
    const asOther = ledger.connect(other);
    await expect(asOther.setBidKey(agentId, key.address, FAR, proof))
      .to.be.revertedWithCustomError(ledger, "LedgerNotOwner")
      .withArgs(agentId, other.address);
    await rules.contracts.IdentityRegistry.connect(owner).approve(other.address, agentId);
    await asOther.setBidKey(agentId, key.address, FAR, proof);
    const operator = ownerAt(rules, 2);
    await rules.contracts.IdentityRegistry.connect(owner).setApprovalForAll(operator.address, true);
    await ledger.connect(operator).setCapacity(agentId, 3);
  });

  it("are refused to an agent whose owner is no active member", async () => {
    const { rules, key } = await connection.networkHelpers.loadFixture(deploy);
    const registry = rules.contracts.IdentityRegistry.connect(rules.stranger);
    const agentId = await registry["register()"].staticCall();
    await registry["register()"]();
    const ledger = rules.contracts.AgentLedger.connect(rules.stranger);
    const proof = await proofOf(rules, key, agentId, rules.stranger.address, 0n);
    await expect(ledger.setBidKey(agentId, key.address, FAR, proof))
      .to.be.revertedWithCustomError(ledger, "LedgerOwnerNotAllowed")
      .withArgs(rules.stranger.address);
  });

  it("are never used twice, by whatever agent", async () => {
    const { rules, agentId, owner, ledger, key } = await connection.networkHelpers.loadFixture(deploy);
    await rotateKey(rules, agentId, owner, key);
    const proof = await proofOf(rules, key, agentId, owner.address, 1n);
    await expect(ledger.setBidKey(agentId, key.address, FAR, proof)).to.be.revertedWithCustomError(
      ledger,
      "LedgerKeyUsed",
    );
    await ledger.revokeBidKey(key.address);
    const otherId = await registerAgent(rules, 1);
    const other = ownerAt(rules, 1);
    const otherProof = await proofOf(rules, key, otherId, other.address, 0n);
    await expect(ledger.connect(other).setBidKey(otherId, key.address, FAR, otherProof))
      .to.be.revertedWithCustomError(ledger, "LedgerKeyUsed")
      .withArgs(key.address);
  });

  it("must not have code", async () => {
    const { rules, agentId, owner, ledger, key } = await connection.networkHelpers.loadFixture(deploy);
    await connection.networkHelpers.setCode(key.address, "0x00");
    const proof = await proofOf(rules, key, agentId, owner.address, 0n);
    await expect(ledger.setBidKey(agentId, key.address, FAR, proof))
      .to.be.revertedWithCustomError(ledger, "LedgerKeyHasCode")
      .withArgs(key.address);
  });

  it("must not belong to another organisation", async () => {
    const { rules, agentId, owner, ledger } = await connection.networkHelpers.loadFixture(deploy);
    const member = rules.reporter;
    const domain = await domainOf(rules, rules.at.AgentLedger);
    const value = { agentId, owner: owner.address, nonce: 0n, deadline: FAR };
    const proof = await member.signTypedData(domain, KEY_TYPES, value);
    await expect(ledger.setBidKey(agentId, member.address, FAR, proof))
      .to.be.revertedWithCustomError(ledger, "LedgerKeyOfOtherOrganisation")
      .withArgs(member.address, ORGANISATION.reporter);
    const own = await owner.signTypedData(domain, KEY_TYPES, value);
    await ledger.setBidKey(agentId, owner.address, FAR, own);
  });

  it("need a proof that is not too old", async () => {
    const { rules, agentId, owner, ledger, key } = await connection.networkHelpers.loadFixture(deploy);
    const deadline = (await now(rules)) + 10n;
    const proof = await proofOf(rules, key, agentId, owner.address, 0n, deadline);
    await connection.networkHelpers.time.setNextBlockTimestamp(deadline + 1n);
    await expect(ledger.setBidKey(agentId, key.address, deadline, proof))
      .to.be.revertedWithCustomError(ledger, "LedgerProofExpired")
      .withArgs(deadline);
  });

  it("need a proof over exactly this agent, owner, nonce and deadline, by the key, with a low s", async () => {
    const { rules, agentId, owner, ledger, key } = await connection.networkHelpers.loadFixture(deploy);
    const stranger = rules.stranger.address;
    const good = await proofOf(rules, key, agentId, owner.address, 0n);
    const { r, s, v } = Signature.from(good);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const highS = `${r}${(order - BigInt(s)).toString(16).padStart(64, "0")}${v === 27 ? "1c" : "1b"}`;
    const wrong: Record<string, string> = {
      agent: await proofOf(rules, key, agentId + 1n, owner.address, 0n),
      owner: await proofOf(rules, key, agentId, stranger, 0n),
      nonce: await proofOf(rules, key, agentId, owner.address, 1n),
      deadline: await proofOf(rules, key, agentId, owner.address, 0n, FAR - 1n),
      signer: await proofOf(rules, await newKey(rules), agentId, owner.address, 0n),
      "high s": highS,
      length: good.slice(0, -2),
    };
    for (const [what, proof] of Object.entries(wrong)) {
      await expect(ledger.setBidKey(agentId, key.address, FAR, proof), what)
        .to.be.revertedWithCustomError(ledger, "LedgerProofInvalid")
        .withArgs(key.address);
    }
    await expect(ledger.setBidKey(agentId, ZeroAddress, FAR, `0x${"00".repeat(65)}`))
      .to.be.revertedWithCustomError(ledger, "LedgerProofInvalid")
      .withArgs(ZeroAddress);
    await ledger.setBidKey(agentId, key.address, FAR, good);
  });

  it("that are rotated go on serving tenders opened before, and only those", async () => {
    const { rules, agentId, owner, ledger, key } = await connection.networkHelpers.loadFixture(deploy);
    const before = await now(rules);
    await rotateKey(rules, agentId, owner, key);
    const during = await now(rules);
    await connection.networkHelpers.time.increase(10);
    const next = await rotateKey(rules, agentId, owner);
    const after = await now(rules);
    // A change counts from the next second: it takes no tender away from a key that serves it.
    expect((await ledger.keyOf(key.address)).to).to.equal(after + 1n);
    expect((await ledger.keyOf(next.address)).from).to.equal(after + 1n);
    expect((await ledger.keyOf(next.address)).first).to.equal(false);
    const serves = async (bidder: string, openedAt: bigint) => await ledger.isKeyFor(bidder, openedAt);
    // The first key serves tenders that opened before the agent had one.
    expect(await serves(key.address, before - 1n)).to.equal(true);
    expect(await serves(key.address, during)).to.equal(true);
    expect(await serves(key.address, after)).to.equal(true);
    expect(await serves(key.address, after + 1n)).to.equal(false);
    expect(await serves(next.address, before - 1n)).to.equal(false);
    expect(await serves(next.address, after)).to.equal(false);
    expect(await serves(next.address, after + 1n)).to.equal(true);
  });

  it("bid by these rules: exactly one key of an agent serves a tender", async () => {
    const { rules } = await connection.networkHelpers.loadFixture(deploy);
    const agent = await makeAgent(rules, 1);
    const tenderId = await openTender(rules);
    await connection.networkHelpers.time.increase(1);
    const next = await rotateKey(rules, agent.agentId, agent.owner);
    const ledger = rules.contracts.AgentLedger;
    await expect(commitBid(rules, tenderId, { ...agent, key: next }, 5n)).to.be.revertedWithCustomError(
      ledger,
      "LedgerKeyNotForTender",
    );
    await commitBid(rules, tenderId, agent, 5n);
    await connection.networkHelpers.time.increase(1);
    const later = await openTender(rules);
    await expect(commitBid(rules, later, agent, 5n)).to.be.revertedWithCustomError(ledger, "LedgerKeyNotForTender");
    await commitBid(rules, later, { ...agent, key: next }, 5n);
  });

  it("that are revoked stop bidding at once, in every tender", async () => {
    const { rules } = await connection.networkHelpers.loadFixture(deploy);
    const agent = await makeAgent(rules, 1);
    const tenderId = await openTender(rules);
    const ledger = rules.contracts.AgentLedger;
    await expect(ledger.connect(agent.owner).revokeBidKey(agent.key.address))
      .to.emit(ledger, "BidKeyRevoked")
      .withArgs(agent.agentId, agent.key.address);
    expect(await ledger.bidKeyOf(agent.agentId)).to.equal(ZeroAddress);
    expect((await ledger.keyOf(agent.key.address)).revoked).to.equal(true);
    await expect(commitBid(rules, tenderId, agent, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerKeyRevoked")
      .withArgs(agent.key.address);
    await expect(ledger.connect(agent.owner).revokeBidKey(agent.key.address)).to.be.revertedWithCustomError(
      ledger,
      "LedgerKeyRevoked",
    );
  });

  it("can be revoked after a rotation too, and by themselves, but by no stranger", async () => {
    const { rules, agentId, owner, ledger, key } = await connection.networkHelpers.loadFixture(deploy);
    await rotateKey(rules, agentId, owner, key);
    await connection.networkHelpers.time.increase(5);
    const next = await rotateKey(rules, agentId, owner);
    const ended = (await now(rules)) + 1n;
    await expect(ledger.connect(rules.stranger).revokeBidKey(key.address)).to.be.revertedWithCustomError(
      ledger,
      "LedgerNotOwner",
    );
    await ledger.connect(key as never).revokeBidKey(key.address);
    expect((await ledger.keyOf(key.address)).to).to.equal(ended);
    expect(await ledger.bidKeyOf(agentId)).to.equal(next.address);
  });

  it("are unknown until they are set", async () => {
    const { rules, ledger, key } = await connection.networkHelpers.loadFixture(deploy);
    const unknown = async (call: Promise<unknown>) =>
      await expect(call).to.be.revertedWithCustomError(ledger, "LedgerKeyUnknown").withArgs(key.address);
    await unknown(ledger.keyOf(key.address));
    await unknown(ledger.agentIdOf(key.address));
    await unknown(ledger.isKeyFor(key.address, 0n));
    await unknown(ledger.revokeBidKey(key.address));
    const tenderId = await openTender(rules);
    const commitment = commitmentOf(tenderId, key.address, openingOf(1n));
    const tender = rules.contracts.SealedBidTender.connect(key as never);
    await unknown(tender.commitBid(tenderId, commitment));
  });

  it("of a former owner are void after a transfer, old and new", async () => {
    const { rules } = await connection.networkHelpers.loadFixture(deploy);
    const agent = await makeAgent(rules, 1);
    const tenderId = await openTender(rules);
    await connection.networkHelpers.time.increase(1);
    const next = await rotateKey(rules, agent.agentId, agent.owner);
    const buyer = ownerAt(rules, 2);
    const registry = rules.contracts.IdentityRegistry.connect(agent.owner);
    await registry.transferFrom(agent.owner.address, buyer.address, agent.agentId);
    const ledger = rules.contracts.AgentLedger;
    expect(await ledger.bidKeyOf(agent.agentId)).to.equal(ZeroAddress);
    expect((await ledger.keyOf(next.address)).revoked).to.equal(true);
    // The key that had been rotated away would still serve this tender, were it not for the transfer.
    await expect(commitBid(rules, tenderId, agent, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerKeyRevoked")
      .withArgs(agent.key.address);
    const own = await rotateKey(rules, agent.agentId, buyer);
    expect((await ledger.keyOf(own.address)).generation).to.equal(1n);
    expect((await ledger.keyOf(own.address)).first).to.equal(false);
    expect((await ledger.agentOf(agent.agentId)).organisation).to.equal(ORGANISATION.firstAgent + 2);
    await connection.networkHelpers.time.increase(1);
    await commitBid(rules, await openTender(rules), { ...agent, key: own }, 5n);
  });

  it("are refused to agents whose id does not fit", async () => {
    const { rules, owner, ledger, key } = await connection.networkHelpers.loadFixture(deploy);
    const agentId = 2n ** 95n;
    const proof = await proofOf(rules, key, agentId, owner.address, 0n);
    // An identity registry with other ids than ours, in which everything is this owner's.
    await connection.networkHelpers.setCode(rules.at.IdentityRegistry, returning(toBeHex(owner.address, 32)));
    await expect(ledger.setBidKey(agentId, key.address, FAR, proof))
      .to.be.revertedWithCustomError(ledger, "LedgerAgentIdTooLarge")
      .withArgs(agentId);
  });
});
