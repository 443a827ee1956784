import { expect } from "chai";
import { AbiCoder, id, Signature, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { ATTEST_TYPES, attest, attestationWorld, DIGEST, revoke } from "../attestations.ts";
import { CREDIT, govern, PARAMETERS, type Signer } from "../fixture.ts";
import { describeReporting } from "./reporting.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const RUN = id("run 7");
const STAKE = PARAMETERS.attesterMinStake;

interface Said {
  readonly level?: bigint;
  readonly report?: string;
  readonly testRun?: string;
  readonly capability?: string;
  readonly agentId?: bigint;
  readonly networkId?: string;
  readonly by?: Signer;
  readonly nonce?: bigint;
  readonly schema?: string;
  readonly chainId?: bigint;
  readonly expirationTime?: bigint;
}

async function world() {
  const base = await attestationWorld(connection);
  const module = base.rules.contracts.ContradictoryAttestations;
  const attester = base.first;
  const { chainId } = await connection.ethers.provider.getNetwork();

  /** What an attester signs for anybody to send. */
  const signed = async (said: Said = {}) => {
    const { level = 2n, report = ZeroHash, testRun = RUN, capability = DIGEST, by = attester } = said;
    const words = ["uint256", "bytes32", "uint256", "bytes32", "bytes32", "bytes32"];
    const claim = [said.agentId ?? base.agent.agentId, capability, level, testRun, report];
    const data = AbiCoder.defaultAbiCoder().encode(words, [...claim, said.networkId ?? PARAMETERS.networkId]);
    const statement = {
      recipient: base.agent.owner.address,
      expirationTime: said.expirationTime ?? 0n,
      revocable: true,
      refUID: ZeroHash,
      data,
      value: 0n,
      nonce: said.nonce ?? 0n,
      deadline: 0n,
    };
    const easAt = base.rules.at.EAS;
    const version = await base.eas.version();
    const domain = { name: "EAS", version, chainId: said.chainId ?? chainId, verifyingContract: easAt };
    const message = { attester: attester.address, schema: said.schema ?? base.schema, ...statement };
    return { uid: ZeroHash, ...statement, signature: await by.signTypedData(domain, ATTEST_TYPES, message) };
  };
  /** What an attester attests on chain. */
  const made = async (said: Said = {}) => onChain(await attest(base, { by: attester, testRun: RUN, ...said }));
  const evidence = (first: Statement, second: Statement) => ({
    resolver: base.rules.at.CapabilityResolver,
    attester: attester.address,
    first,
    second,
  });
  return { ...base, module, attester, signed, made, evidence };
}

type Statement = ReturnType<typeof onChain>;

const onChain = (uid: string) => ({
  uid,
  recipient: ZeroAddress,
  expirationTime: 0n,
  revocable: false,
  refUID: ZeroHash,
  data: "0x",
  value: 0n,
  nonce: 0n,
  deadline: 0n,
  signature: "0x",
});

async function reported() {
  const w = await world();
  const { rules, module, signed, made, evidence, attester } = w;
  const [low, high] = [await signed(), await signed({ level: 3n, nonce: 5n })];
  const { v, r, s } = Signature.from(high.signature);
  const chained = await made();
  return {
    rules,
    module,
    register: w.attesters,
    faultId: await module.faultIdOf(attester, w.agent.agentId, DIGEST, RUN),
    offender: BigInt(attester.address),
    evidence: evidence(low, high),
    swapped: evidence(high, low),
    otherForms: [
      evidence(high, low),
      evidence(chained, high),
      evidence(high, chained),
      evidence(low, { ...high, signature: Signature.from({ v, r, s }).serialized.toUpperCase().replace("0X", "0x") }),
      evidence(await signed({ nonce: 9n }), await signed({ report: id("another report") })),
      evidence(chained, await made({ level: 4n })),
    ],
    accomplice: attester,
    penalty: STAKE,
    unbondingDelay: PARAMETERS.unbondingDelaySeconds,
  };
}

describe("contradictory attestations", () => {
  const load = () => networkHelpers.loadFixture(world);

  it("of one test run, both signed, cost the attester's stake, wherever it is, and suspend it", async () => {
    const w = await load();
    const { attesters, attester, module } = w;
    await attesters.connect(attester).requestUnbonding(attester, STAKE / 2n);
    const two = w.evidence(await w.signed(), await w.signed({ level: 3n }));
    await expect(module.connect(w.rules.stranger).report(two)).to.emit(module, "FaultPunished");
    const { bonded, unbonding, suspended } = await attesters.bondOf(attester);
    expect([bonded, unbonding, suspended]).to.deep.equal([0n, 0n, true]);
    expect(await w.ledger.isAttesterStanding(attester)).to.equal(false);
  });

  it("are contradictory by level, or by report, and in no other way", async () => {
    const { module, signed, evidence } = await load();
    const first = await signed({ report: id("report") });
    await module.verify(evidence(first, await signed({ report: id("report"), level: 3n })));
    await module.verify(evidence(first, await signed({ report: id("other") })));
    const same = { report: id("report") };
    for (const other of [same, { ...same, nonce: 3n }, { ...same, expirationTime: 2n ** 33n }]) {
      await expect(module.verify(evidence(first, await signed(other)))).to.be.revertedWithCustomError(
        module,
        "ContradictoryAttestationsConsistent",
      );
    }
  });

  it("are made on chain too, revoked or not", async () => {
    const w = await load();
    const first = await w.made();
    const second = await w.made({ level: 3n });
    await revoke(w, w.attester, second.uid);
    await w.module.verify(w.evidence(first, second));
    await w.module.verify(w.evidence(await w.signed({ level: 5n }), first));
  });

  it("are about one agent, one capability and one test run that is named", async () => {
    const { module, signed, made, evidence } = await load();
    const first = await signed();
    for (const other of [{ agentId: 9n }, { capability: id("other") }, { testRun: id("run 8") }]) {
      await expect(module.verify(evidence(first, await signed({ level: 3n, ...other })))).to.be.revertedWithCustomError(
        module,
        "ContradictoryAttestationsUnrelated",
      );
    }
    const [early, late] = [await made({ testRun: ZeroHash }), await made({ testRun: ZeroHash, level: 1n })];
    await expect(module.verify(evidence(early, late))).to.be.revertedWithCustomError(
      module,
      "ContradictoryAttestationsConsistent",
    );
  });

  it("are about an agent that exists", async () => {
    const { rules, module, signed, evidence } = await load();
    const two = evidence(await signed({ agentId: 9n }), await signed({ agentId: 9n, level: 3n }));
    await expect(module.verify(two)).to.be.revertedWithCustomError(
      rules.contracts.IdentityRegistry,
      "ERC721NonexistentToken",
    );
  });

  it("are the attester's own: no other's signature, attestation, or broken signature counts", async () => {
    const w = await load();
    const { module, signed, made, evidence, second: colleague } = w;
    const good = await signed();
    const bad = async (statement: Statement, error: string) =>
      await expect(module.verify(evidence(good, statement))).to.be.revertedWithCustomError(module, error);
    await bad(await signed({ level: 3n, by: colleague }), "ContradictoryAttestationsAuthorInvalid");
    await bad(await made({ level: 3n, by: colleague }), "ContradictoryAttestationsAuthorInvalid");
    const { r, s, v } = Signature.from((await signed({ level: 3n })).signature);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = `0x${r.slice(2)}${(order - BigInt(s)).toString(16).padStart(64, "0")}${v === 27 ? "1c" : "1b"}`;
    await bad({ ...(await signed({ level: 3n })), signature: high }, "ContradictoryAttestationsSignatureInvalid");
    await bad({ ...(await signed({ level: 3n })), signature: "0x1234" }, "ContradictoryAttestationsSignatureInvalid");
    await bad(onChain(id("no such attestation")), "ContradictoryAttestationsStatementInvalid");
  });

  it("are made to this network's resolver: what was signed for another says nothing here", async () => {
    const { rules, module, signed, evidence } = await load();
    const good = await signed();
    const elsewhere = await signed({ level: 3n, networkId: id("another network") });
    await expect(module.verify(evidence(good, elsewhere)))
      .to.be.revertedWithCustomError(module, "ContradictoryAttestationsStatementInvalid")
      .withArgs(1n);
    for (const other of [{ schema: id("another schema") }, { chainId: 1n }]) {
      await expect(module.verify(evidence(good, await signed({ level: 3n, ...other })))).to.be.revertedWithCustomError(
        module,
        "ContradictoryAttestationsAuthorInvalid",
      );
    }
    const unlisted = { ...evidence(good, await signed({ level: 3n })), resolver: rules.at.EAS };
    await expect(module.verify(unlisted))
      .to.be.revertedWithCustomError(module, "EvidenceSourceUnknown")
      .withArgs(rules.at.EAS);
  });

  it("take nothing from an account that is nobody's member", async () => {
    const { rules, module, signed, evidence, attesters } = await load();
    expect(await attesters.stakeInReachOf(BigInt(rules.stranger.address))).to.equal(0n);
    const two = { ...evidence(await signed(), await signed({ level: 3n })), attester: rules.stranger.address };
    await expect(module.report(two)).to.be.revertedWithCustomError(module, "ContradictoryAttestationsAuthorInvalid");
  });

  it("end in a suspension that the operators alone lift", async () => {
    const w = await load();
    const { rules, attesters, attester, module } = w;
    await module.report(w.evidence(await w.signed(), await w.signed({ level: 3n })));
    await rules.contracts.Credits.connect(attester).approve(attesters, 500n * CREDIT);
    await attesters.connect(attester).deposit(attester, 500n * CREDIT);
    expect(await attesters.isAttester(attester)).to.equal(false);
    const data = attesters.interface.encodeFunctionData("reinstate", [attester.address]);
    await govern(rules, rules.at.AttesterRegistry, data);
    expect(await attesters.isAttester(attester)).to.equal(true);
  });

  describeReporting(connection, () => networkHelpers.loadFixture(reported));
});
