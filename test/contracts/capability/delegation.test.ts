import { expect } from "chai";
import { AbiCoder, Signature, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  ATTEST_TYPES,
  type AttestationWorld,
  attestationWorld,
  cached,
  DIGEST,
  revoke,
  setAttester,
} from "../attestations.ts";
import { PARAMETERS, type Signer } from "../fixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const world = () => attestationWorld(connection);

const REVOKE = {
  Revoke: [
    { name: "revoker", type: "address" },
    { name: "schema", type: "bytes32" },
    { name: "uid", type: "bytes32" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
};

const domainOf = async ({ rules, eas }: AttestationWorld) => {
  const { chainId } = await connection.ethers.provider.getNetwork();
  return { name: "EAS", version: await eas.version(), chainId, verifyingContract: rules.at.EAS };
};

/** A delegated attestation of level 2, signed by the first attester or in its name by another. */
async function signed(w: AttestationWorld, { signer = w.first, deadline = 0n, networkId = PARAMETERS.networkId } = {}) {
  const words = ["uint256", "bytes32", "uint256", "bytes32", "bytes32", "bytes32"];
  const claim = [w.agent.agentId, DIGEST, 2n, ZeroHash, ZeroHash, networkId];
  const data = {
    recipient: w.agent.owner.address,
    expirationTime: 0n,
    revocable: true,
    refUID: ZeroHash,
    data: AbiCoder.defaultAbiCoder().encode(words, claim),
    value: 0n,
  };
  const request = { attester: w.first.address, schema: w.schema, deadline };
  const message = { ...request, ...data, nonce: await w.eas.getNonce(w.first) };
  const { v, r, s } = Signature.from(await signer.signTypedData(await domainOf(w), ATTEST_TYPES, message));
  return { ...request, data, signature: { v, r, s } };
}

async function signedRevocation(w: AttestationWorld, revoker: Signer, uid: string) {
  const request = { revoker: revoker.address, schema: w.schema, deadline: 0n };
  const message = { ...request, uid, value: 0n, nonce: await w.eas.getNonce(revoker) };
  const { v, r, s } = Signature.from(await revoker.signTypedData(await domainOf(w), REVOKE, message));
  return { ...request, data: { uid, value: 0n }, signature: { v, r, s } };
}

describe("a delegated attestation", () => {
  const load = () => networkHelpers.loadFixture(world);

  it("is its signer's, whoever sends it, and counts once", async () => {
    const w = await load();
    const relay = w.eas.connect(w.rules.stranger);
    const request = await signed(w);
    await relay.attestByDelegation(request);
    expect(await cached(w)).to.include({ level: 2n, attester: w.first.address, current: true });
    const uid = await w.resolver.cachedAttestationOf(w.agent.agentId, DIGEST);
    await revoke(w, w.first, uid);
    await expect(relay.attestByDelegation(request)).to.be.revertedWithCustomError(w.eas, "InvalidSignature");
    expect((await cached(w)).current).to.equal(false);
  });

  it("is refused when another signed it, after its deadline, and for another network", async () => {
    const w = await load();
    const relay = w.eas.connect(w.rules.stranger);
    const forged = await signed(w, { signer: w.rules.stranger });
    await expect(relay.attestByDelegation(forged)).to.be.revertedWithCustomError(w.eas, "InvalidSignature");
    const now = BigInt(await networkHelpers.time.latest());
    const late = await signed(w, { deadline: now });
    await networkHelpers.time.increase(10);
    await expect(relay.attestByDelegation(late)).to.be.revertedWithCustomError(w.eas, "DeadlineExpired");
    // EAS's own domain is the same on every network with this chain id.
    const elsewhere = await signed(w, { networkId: `0x${"b2".repeat(32)}` });
    await expect(relay.attestByDelegation(elsewhere)).to.be.revertedWithCustomError(
      w.resolver,
      "CapabilityInvalidData",
    );
  });

  it("is refused when its signer does not count", async () => {
    const w = await load();
    const request = await signed(w);
    await setAttester(w.rules, w.first.address, false);
    await expect(w.eas.attestByDelegation(request))
      .to.be.revertedWithCustomError(w.resolver, "CapabilityInvalidAttester")
      .withArgs(w.first);
  });

  it("is revoked by its signer's signature, even of one that no longer counts", async () => {
    const w = await load();
    await w.eas.attestByDelegation(await signed(w));
    const uid = await w.resolver.cachedAttestationOf(w.agent.agentId, DIGEST);
    await setAttester(w.rules, w.first.address, false);
    const revocation = await signedRevocation(w, w.first, uid);
    await w.eas.connect(w.rules.stranger).revokeByDelegation(revocation);
    expect((await w.eas.getAttestation(uid)).revocationTime).to.be.greaterThan(0n);
    expect(await w.resolver.cachedAttestationOf(w.agent.agentId, DIGEST)).to.equal(ZeroHash);
    const stranger = await signedRevocation(w, w.second, uid);
    await expect(w.eas.revokeByDelegation(stranger)).to.be.revertedWithCustomError(w.eas, "AccessDenied");
  });
});
