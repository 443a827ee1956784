import { expect } from "chai";
import { id, type Result, solidityPackedKeccak256, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { commitBid } from "../actors.ts";
import { attest, attestationWorld, cached, DIGEST, revoke, setAttester } from "../attestations.ts";
import { CREDIT, govern, type Signer } from "../fixture.ts";
import { postTask } from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const SCHEMA = "uint256 agentId,bytes32 capability,uint8 level,bytes32 testRun,bytes32 report,bytes32 networkId";
const NEVER = 2n ** 40n - 1n;

const world = () => attestationWorld(connection);

describe("CapabilityResolver", () => {
  const load = () => networkHelpers.loadFixture(world);

  it("has its schema registered, revocable, with itself as resolver", async () => {
    const { rules, resolver, schema } = await load();
    expect(schema).to.equal(
      solidityPackedKeccak256(["string", "address", "bool"], [SCHEMA, rules.at.CapabilityResolver, true]),
    );
    const record = await rules.contracts.SchemaRegistry.getSchema(schema);
    expect([record.schema, record.resolver, record.revocable]).to.deep.equal([
      SCHEMA,
      await resolver.getAddress(),
      true,
    ]);
  });

  it("caches what an accepted attester attests, and clears it when it is revoked", async () => {
    const w = await load();
    const uid = await attest(w);
    expect(await cached(w)).to.deep.equal({ level: 2n, attester: w.first.address, validUntil: NEVER, current: true });
    expect(await w.resolver.cachedAttestationOf(w.agent.agentId, DIGEST)).to.equal(uid);
    await expect(revoke(w, w.first, uid))
      .to.emit(w.ledger, "CapabilityCleared")
      .withArgs(w.agent.agentId, DIGEST, w.first, true);
    expect((await cached(w)).current).to.equal(false);
    expect(await w.resolver.cachedAttestationOf(w.agent.agentId, DIGEST)).to.equal(ZeroHash);
  });

  it("decides who may bid, from the block of the attestation to that of the revocation", async () => {
    const w = await load();
    const { rules, agent } = w;
    const requirements = [{ capability: DIGEST, level: 2, attester: ZeroAddress }];
    const refused = async () => {
      const { tenderId } = await postTask(rules, { requirements });
      await expect(commitBid(rules, tenderId, agent, CREDIT)).to.be.revertedWithCustomError(
        w.ledger,
        "LedgerCapabilityMissing",
      );
    };
    await refused();
    await attest(w, { level: 1n });
    await refused();
    const uid = await attest(w);
    const { tenderId } = await postTask(rules, { requirements });
    await commitBid(rules, tenderId, agent, CREDIT);
    await revoke(w, w.first, uid);
    await refused();
  });

  it("lets a capability end at its expiry", async () => {
    const w = await load();
    const expirationTime = BigInt(await networkHelpers.time.latest()) + 1_000n;
    await attest(w, { expirationTime });
    expect(await cached(w)).to.include({ validUntil: expirationTime, current: true });
    await networkHelpers.time.increaseTo(expirationTime);
    expect((await cached(w)).current).to.equal(false);
  });

  it("refuses attesters that are not listed, or no longer members", async () => {
    const w = await load();
    for (const by of [w.rules.requester, w.rules.stranger]) {
      await expect(attest(w, { by }))
        .to.be.revertedWithCustomError(w.resolver, "CapabilityInvalidAttester")
        .withArgs(by);
    }
    const data = w.rules.contracts.Permissions.interface.encodeFunctionData("setMemberActive", [
      w.second.address,
      false,
    ]);
    await govern(w.rules, w.rules.at.Permissions, data);
    await expect(attest(w, { by: w.second })).to.be.revertedWithCustomError(w.resolver, "CapabilityInvalidAttester");
  });

  it("refuses a recipient who is not the agent's owner, and agents that do not exist", async () => {
    const w = await load();
    await expect(attest(w, { recipient: w.agent.key.address }))
      .to.be.revertedWithCustomError(w.resolver, "CapabilityInvalidRecipient")
      .withArgs(w.agent.agentId, w.agent.key.address);
    await expect(attest(w, { agentId: 9n })).to.be.revertedWithCustomError(
      w.rules.contracts.IdentityRegistry,
      "ERC721NonexistentToken",
    );
  });

  it("refuses what cannot be revoked, what is malformed, and what is paid for", async () => {
    const w = await load();
    await expect(attest(w, { revocable: false })).to.be.revertedWithCustomError(w.resolver, "CapabilityIrrevocable");
    for (const claim of [
      { data: "0x1234" },
      { capability: ZeroHash },
      { level: 256n },
      { networkId: id("another network") },
    ]) {
      await expect(attest(w, claim)).to.be.revertedWithCustomError(w.resolver, "CapabilityInvalidData");
    }
    await expect(attest(w, { value: 1n })).to.be.revertedWithCustomError(w.eas, "NotPayable");
  });

  it("refuses to be called by anybody but EAS", async () => {
    const w = await load();
    const attestation = await w.eas.getAttestation(await attest(w));
    const asStruct = (attestation as unknown as Result).toObject() as never;
    for (const call of [() => w.resolver.attest(asStruct), () => w.resolver.revoke(asStruct)]) {
      await expect(call()).to.be.revertedWithCustomError(w.resolver, "AccessDenied");
    }
  });

  it("keeps the better of two attesters' attestations, and brings the other back on revocation", async () => {
    const w = await load();
    const low = await attest(w, { level: 1n });
    const high = await attest(w, { level: 3n, by: w.second });
    expect(await cached(w)).to.include({ level: 3n, attester: w.second.address });
    const lower = await attest(w, { level: 2n });
    expect(await cached(w)).to.include({ level: 3n, attester: w.second.address });
    await expect(w.resolver.refresh(lower))
      .to.be.revertedWithCustomError(w.resolver, "CapabilityNotBetter")
      .withArgs(lower, high);
    await revoke(w, w.first, low);
    expect((await cached(w)).level).to.equal(3n);
    await revoke(w, w.second, high);
    expect((await cached(w)).current).to.equal(false);
    await w.resolver.connect(w.rules.stranger).refresh(lower);
    expect(await cached(w)).to.include({ level: 2n, attester: w.first.address, current: true });
  });

  it("prefers the later expiry at equal level, and an attester's own later word at any level", async () => {
    const w = await load();
    const now = BigInt(await networkHelpers.time.latest());
    await attest(w, { expirationTime: now + 1_000n });
    await attest(w, { expirationTime: now + 900n, by: w.second });
    expect((await cached(w)).attester).to.equal(w.first.address);
    await attest(w, { expirationTime: now + 2_000n, by: w.second });
    expect((await cached(w)).attester).to.equal(w.second.address);
    await attest(w, { level: 1n, by: w.second });
    expect(await cached(w)).to.include({ level: 1n, attester: w.second.address });
  });

  it("does not bring back what an attester has since corrected, until the correction is gone", async () => {
    const w = await load();
    const early = await attest(w, { level: 3n });
    const late = await attest(w, { level: 1n });
    await expect(w.resolver.refresh(early))
      .to.be.revertedWithCustomError(w.resolver, "CapabilityNotBetter")
      .withArgs(early, late);
    // Nor when a colleague's is in force, beside which the early one would be the better.
    await attest(w, { level: 2n, by: w.second });
    await expect(w.resolver.refresh(early)).to.be.revertedWithCustomError(w.resolver, "CapabilityNotBetter");
    await revoke(w, w.first, late);
    await w.resolver.refresh(early);
    expect(await cached(w)).to.include({ level: 3n, attester: w.first.address });
  });

  it("keeps what each attester said, for tasks that ask for one", async () => {
    const w = await load();
    const { ledger, agent, first, second } = w;
    const low = await attest(w, { level: 2n });
    const high = await attest(w, { level: 3n, by: second });
    expect(await w.resolver.cachedAttestationOf(agent.agentId, DIGEST)).to.equal(high);
    expect(await w.resolver.cachedAttestationFrom(agent.agentId, DIGEST, first)).to.equal(low);
    const check = (level: number, attester: Signer) => ledger.checkCapability(agent.agentId, DIGEST, level, attester);
    await check(2, first);
    await check(3, second);
    await expect(check(3, first)).to.be.revertedWithCustomError(ledger, "LedgerCapabilityMissing");
    const named = { requirements: [{ capability: DIGEST, level: 2, attester: first.address }] };
    await commitBid(w.rules, (await postTask(w.rules, named)).tenderId, agent, CREDIT);
    const { tenderId } = await postTask(w.rules, named);
    await expect(revoke(w, first, low))
      .to.emit(ledger, "CapabilityCleared")
      .withArgs(agent.agentId, DIGEST, first, false);
    await expect(commitBid(w.rules, tenderId, agent, CREDIT)).to.be.revertedWithCustomError(
      ledger,
      "LedgerCapabilityMissing",
    );
    expect(await cached(w)).to.include({ level: 3n, current: true });
  });

  it("keeps the first of two that are as good as each other, ends or no ends", async () => {
    const w = await load();
    await attest(w, { by: w.second });
    await attest(w, { by: w.first });
    expect((await cached(w)).attester).to.equal(w.second.address);
    await attest(w, { by: w.first, expirationTime: NEVER + 5n });
    expect((await cached(w)).attester).to.equal(w.second.address);
  });

  it("replaces what expired, and what an attester off the list had attested", async () => {
    const w = await load();
    const now = BigInt(await networkHelpers.time.latest());
    await attest(w, { level: 9n, expirationTime: now + 100n });
    await networkHelpers.time.increaseTo(now + 100n);
    await attest(w, { level: 1n, by: w.second });
    expect((await cached(w)).level).to.equal(1n);
    await setAttester(w.rules, w.second.address, false);
    await attest(w, { level: 0n });
    expect(await cached(w)).to.include({ level: 0n, attester: w.first.address });
  });

  it("never blocks a revocation, be the attester off the list or the agent transferred", async () => {
    const w = await load();
    const uid = await attest(w, { by: w.second });
    await setAttester(w.rules, w.second.address, false);
    await w.rules.contracts.IdentityRegistry.connect(w.agent.owner).transferFrom(
      w.agent.owner,
      w.rules.reporter,
      w.agent.agentId,
    );
    await revoke(w, w.second, uid);
    expect((await w.eas.getAttestation(uid)).revocationTime).to.be.greaterThan(0n);
    expect(await w.resolver.cachedAttestationOf(w.agent.agentId, DIGEST)).to.equal(ZeroHash);
  });

  it("brings back nothing that is revoked, expired, of another schema, or older than a transfer", async () => {
    const w = await load();
    const now = BigInt(await networkHelpers.time.latest());
    const revoked = await attest(w);
    const isRefused = (uid: string) =>
      expect(w.resolver.refresh(uid)).to.be.revertedWithCustomError(w.resolver, "CapabilityNotStanding").withArgs(uid);
    await revoke(w, w.first, revoked);
    await isRefused(revoked);
    const short = await attest(w, { expirationTime: now + 100n, capability: id("other") });
    await networkHelpers.time.increaseTo(now + 100n);
    await isRefused(short);
    const old = await attest(w);
    const { agent, rules } = w;
    const identity = rules.contracts.IdentityRegistry;
    await identity.connect(agent.owner).transferFrom(agent.owner, rules.reporter, agent.agentId);
    await identity.connect(rules.reporter).transferFrom(rules.reporter, agent.owner, agent.agentId);
    expect((await cached(w)).current).to.equal(false);
    for (const uid of [revoked, short, old]) await isRefused(uid);
    await expect(w.resolver.refresh(id("nothing"))).to.be.revertedWithCustomError(
      w.resolver,
      "CapabilityInvalidSchema",
    );
    await networkHelpers.time.increase(1);
    await attest(w);
    expect((await cached(w)).current).to.equal(true);
  });
});
