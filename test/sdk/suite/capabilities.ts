// What attesters say of agents, by themselves or through others, and what a bid needs of it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Address, keccak256, type LocalAccount, stringToHex, zeroHash } from "viem";
import {
  type AllotClient,
  type AttestationError,
  type CapabilityAttestation,
  type EvidenceFile,
  easDomain,
  encodeAttestationFile,
  encodeEvidenceFile,
  exportAttestation,
  exportAttestationEvidence,
  faultIdOf,
  openFileSignLock,
  type SignLock,
  type SignLockErrorCode,
  signAttestation,
  signAttestationRequest,
  verifyAttestation,
  verifyEvidence,
} from "../../../sdk/index.ts";
import { type Actors, credit, refused, taskTerms } from "./actors.ts";

const addressOf = (client: { account?: unknown }) => (client.account as LocalAccount).address;
const capability = "translate/en-de";
const testRun = keccak256(stringToHex("run 1"));
const report = keccak256(stringToHex("all well"));

export function describeCapabilities(actors: () => Actors): void {
  it("lets an attester sign, anybody send, and both revoke", async function () {
    this.timeout(60_000);
    const { governor, requester, agents } = actors();
    const [{ agentId, client }] = agents;
    const attester = addressOf(governor);
    const signed = await governor.signDelegatedAttestation({ agentId, capability, level: 3, testRun, report });
    expect(signed.request).to.deep.include({ attester, recipient: addressOf(client), revocable: true });
    expect(await client.getCapability({ agentId, capability })).to.equal(undefined);

    // Forged: the agent would rather have another level.
    const { chainId } = await requester.allot.network();
    const domain = easDomain({ chainId, verifyingContract: requester.allot.rules.eas });
    const signature = await signAttestationRequest(client.account as LocalAccount, domain, signed.request);
    await refused(client.attestByDelegation({ ...signed, signature }), "InvalidSignature");

    const { uid } = await client.attestByDelegation(signed);
    expect(await client.getCapability({ agentId, capability })).to.deep.include({ level: 3, attester });
    await refused(client.attestByDelegation(signed), "InvalidSignature");

    await refused(client.revokeCapability({ uid }), "AccessDenied");
    const revocation = await governor.signDelegatedRevocation({ uid });
    await client.revokeByDelegation(revocation);
    expect(await client.getCapability({ agentId, capability })).to.equal(undefined);
    await refused(governor.revokeCapability({ uid }), "AlreadyRevoked");
    await refused(governor.revokeCapability({ uid: testRun }), "NotFound");
  });

  it("lets an attester sign without a node, into a file that anybody checks and sends in order", async function () {
    this.timeout(60_000);
    const { network: testNetwork, governor, requester, reporter, agents } = actors();
    const [{ agentId, client }] = agents;
    const { rules } = requester.allot;
    const network = await requester.allot.network();
    const attester = addressOf(governor);
    const { nextNonce } = await requester.getAttester({ attester });
    const place = { network, rules, recipient: addressOf(client), agentId, capability: "braille" };
    const sign = (nonce: bigint, level: number) =>
      signAttestation(governor.account as LocalAccount, { ...place, nonce, level });
    const [first, second] = [await sign(nextNonce, 4), await sign(nextNonce + 1n, 5)];
    // What a node says is what was signed without one.
    const asked = await testNetwork.client(0).signDelegatedAttestation({ agentId, capability: "braille", level: 4 });
    expect(first.request).to.deep.equal({ ...asked.request, deadline: first.request.deadline });

    const [text, later] = [first, second].map((one) =>
      encodeAttestationFile(exportAttestation({ ...network, rules }, one)),
    ) as [string, string];
    const { attestation } = await verifyAttestation(text, { ...network, rules });
    expect(attestation).to.deep.equal(first);
    const code = (attempt: Promise<unknown>) => attempt.catch((error: AttestationError) => error.code);
    const elsewhere = { ...network, networkId: testRun };
    expect(await code(verifyAttestation(text, { ...elsewhere, rules }))).to.equal("ATTESTATION_WRONG_NETWORK");
    const better = { ...JSON.parse(text), level: 9 };
    expect(await code(verifyAttestation(better, { ...network, rules }))).to.equal("ATTESTATION_SIGNATURE_INVALID");
    for (const field of Object.keys(better)) {
      const outcome = await code(verifyAttestation({ ...better, [field]: null }, { ...network, rules }));
      expect(outcome, field).to.equal(field === "version" ? "ATTESTATION_VERSION_UNKNOWN" : "ATTESTATION_MALFORMED");
    }

    expect(await code(reporter.submitAttestation({ attestation: later }))).to.equal("ATTESTATION_OUT_OF_ORDER");
    await reporter.submitAttestation({ attestation: text });
    expect(await code(reporter.submitAttestation({ attestation: text }))).to.equal("ATTESTATION_OUT_OF_ORDER");
    expect(await requester.getCapability({ agentId, capability: "braille" })).to.deep.include({ level: 4, attester });
    await reporter.submitAttestation({ attestation: JSON.parse(later) });
    expect(await requester.getCapability({ agentId, capability: "braille" })).to.deep.include({ level: 5, attester });
  });

  it("lists attesters with stake and standing, and how much they attested", async () => {
    const { governor, requester, evaluator } = actors();
    const attester = addressOf(governor);
    const made = await requester.getAttestations({ attester });
    const listed = (await requester.getAttesters()).filter((one) => one.attester === attester);
    expect(listed).to.have.length(1);
    expect(listed[0]).to.deep.include({ counts: true, attestations: made.length });
    expect(listed[0]).to.deep.include(await requester.getAttester({ attester }));
    expect((await requester.getAttesters()).map((one) => one.attester)).not.to.include(addressOf(evaluator));
  });

  it("lists what was attested of an agent, and what counts of it", async function () {
    this.timeout(60_000);
    const { governor, agents } = actors();
    const [{ agentId }, other] = agents;
    const name = "summarize";
    const first = await governor.attestCapability({ agentId, capability: name, level: 1, testRun, report });
    const second = await governor.attestCapability({ agentId, capability: name, level: 2 });
    await governor.attestCapability({ agentId: other.agentId, capability: name, level: 9 });
    const listed = await governor.getAttestations({ agentId, capability: name });
    expect(listed.map(({ uid }) => uid)).to.deep.equal([first.uid, second.uid]);
    const [early, late] = listed;
    const common = { agentId, attester: addressOf(governor), capability: keccak256(stringToHex(name)) };
    expect(early).to.deep.include({ ...common, level: 1, testRun, report, standing: true, counts: false });
    expect(late).to.deep.include({ ...common, level: 2, testRun: zeroHash, standing: true, counts: true });
    expect(late).to.deep.include({ validUntil: undefined, revokedAt: undefined });
    await governor.revokeCapability({ uid: second.uid });
    const after = await governor.getAttestations({ agentId, capability: name, attester: addressOf(governor) });
    expect(after.map(({ standing, counts }) => [standing, counts])).to.deep.equal([
      [true, false],
      [false, false],
    ]);
    expect(typeof after[1]?.revokedAt).to.equal("bigint");
    await governor.refreshCapability({ uid: first.uid });
    expect(await governor.getCapability({ agentId, capability: name })).to.deep.include({ level: 1 });
    await refused(governor.refreshCapability({ uid: second.uid }), "CapabilityNotStanding");
    const everything = await governor.getAttestations();
    expect(everything.length).to.be.greaterThan(listed.length);
  });

  it("refuses a bid that lacks one of several capabilities, its level, or its attester", async function () {
    this.timeout(60_000);
    const { governor, requester, evaluator, agents } = actors();
    const [agent, other] = agents;
    const requirements = [
      { capability: "proofread", level: 1 },
      { capability: "typeset", level: 2, attester: addressOf(governor) },
    ];
    const terms = { requirements, commitWindow: 60 };
    const { tenderId } = await requester.postTask(taskTerms(actors(), terms));
    const missing = (by = agent) =>
      refused(by.client.commitBid({ tenderId, amount: credit }), "LedgerCapabilityMissing");
    const give = (name: string, level: number, agentId = agent.agentId) =>
      governor.attestCapability({ agentId, capability: name, level });
    await give("proofread", 1);
    await missing();
    await give("typeset", 1);
    await missing();
    await give("typeset", 2);
    await agent.client.commitBid({ tenderId, amount: credit });
    const posting = { ...terms, requirements: [{ capability: "typeset", attester: addressOf(evaluator) }] };
    const another = await requester.postTask(taskTerms(actors(), posting));
    await give("typeset", 2, other.agentId);
    const held = { agentId: other.agentId, capability: "typeset" };
    expect(await requester.getCapability({ ...held, attester: addressOf(governor) })).to.deep.include({ level: 2 });
    expect(await requester.getCapability({ ...held, attester: addressOf(evaluator) })).to.equal(undefined);
    const bid = { tenderId: another.tenderId, amount: credit };
    await refused(other.client.commitBid(bid), "LedgerCapabilityMissing");
  });

  it("lets an attester bring its stake, count once it is accepted, and take the stake out again", async function () {
    this.timeout(60_000);
    const { governor, evaluator, agents } = actors();
    const [{ agentId }] = agents;
    const attester = addressOf(evaluator);
    const capability = "notarize";
    const shown = () => evaluator.getAttester({ attester });
    const { minStake } = await shown();
    await evaluator.depositAttesterStake({ amount: minStake });
    expect(await shown()).to.deep.include({ listed: false, counts: false, bonded: minStake });
    await refused(evaluator.attestCapability({ agentId, capability }), "CapabilityInvalidAttester");
    await decide(governor, "listAttester", attester);
    expect(await shown()).to.deep.include({ listed: true, counts: true });
    await evaluator.attestCapability({ agentId, capability });
    expect(await evaluator.getCapability({ agentId, capability })).to.deep.include({ attester });

    await refused(evaluator.requestAttesterUnbonding({ amount: minStake + 1n }), "BondStakeShort");
    const { readyAt } = await evaluator.requestAttesterUnbonding({ amount: minStake });
    expect(await shown()).to.deep.include({ counts: false, bonded: 0n, unbonding: minStake, readyAt });
    expect(await evaluator.getCapability({ agentId, capability })).to.equal(undefined);
    await refused(evaluator.withdrawAttesterStake(), "StakeNotReady");
    await decide(governor, "delistAttester", attester);
    expect((await shown()).listed).to.equal(false);
  });

  it("keeps an honest attester from saying two things of one test run, also after a restart", async function () {
    this.timeout(60_000);
    const { network, governor, agents } = actors();
    const [{ agentId }] = agents;
    const claim = { agentId, capability: "index", testRun: keccak256(stringToHex("run 2")) };
    const missing = network.client(0).attestCapability({ ...claim, level: 1 });
    expect(await missing.catch((error: unknown) => error)).to.have.property("code", "SIGN_LOCK_MISSING");
    await withNewLock(async (signLock, directory) => {
      const once = network.client(0, signLock);
      await once.signDelegatedAttestation({ ...claim, level: 1, report });
      await once.signDelegatedAttestation({ ...claim, level: 1, report, nonce: 77n });
      await expectLocked(once.signDelegatedAttestation({ ...claim, level: 2, report }), "SIGN_LOCK_CONFLICT");
      await signLock.close();
      const reopened = await openFileSignLock({ directory });
      const again = network.client(0, reopened);
      await expectLocked(again.attestCapability({ ...claim, level: 1 }), "SIGN_LOCK_CONFLICT");
      await again.attestCapability({ ...claim, level: 1, report });
      // Without a test run nothing is contradicted, and nothing is held.
      await again.attestCapability({ agentId, capability: "index", level: 2 });
      expect(reopened.records()).to.have.length(1);
      await reopened.close();
    });
    // A lock that does not know what the chain knows.
    await withNewLock(async (signLock) => {
      const behind = network.client(0, signLock);
      await expectLocked(behind.signDelegatedAttestation({ ...claim, level: 2, report }), "SIGN_LOCK_BEHIND");
      expect(signLock.records()).to.have.length(0);
      await behind.signDelegatedAttestation({ ...claim, level: 1, report });
      await expectLocked(behind.attestCapability({ ...claim, level: 2, report }), "SIGN_LOCK_CONFLICT");
    });
    await governor.attestCapability({ ...claim, level: 1, report });
  });

  it("catches an attester that says two things of one test run, signed and on chain", async function () {
    this.timeout(60_000);
    const { governor, evaluator, reporter, agents } = actors();
    const [{ agentId }] = agents;
    const attester = addressOf(evaluator);
    const { minStake, unbonding } = await evaluator.getAttester({ attester });
    await evaluator.depositAttesterStake({ amount: minStake });
    await decide(governor, "listAttester", attester);
    const claim = { agentId, capability: "audit", testRun };
    const first = await evaluator.signDelegatedAttestation({ ...claim, level: 2 });
    await expectLocked(evaluator.attestCapability({ ...claim, level: 3 }), "SIGN_LOCK_CONFLICT");
    // What no sign lock allows, unless it is another's: a dishonest attester takes a new one for each lie.
    const second = await withNewLock(async (signLock) => evaluator.attestCapability({ ...claim, level: 3, signLock }));
    await reporter
      .reportContradictoryAttestations({ attester, first, second: first })
      .then(() => expect.fail("one attestation is no contradiction"))
      .catch((error: { code?: string }) => expect(error.code).to.equal("NO_CONTRADICTION"));
    const other = await evaluator.attestCapability({ ...claim, testRun: report, level: 3 });
    const unrelated = reporter.reportContradictoryAttestations({ attester, first, second: other });
    await refused(unrelated, "ContradictoryAttestationsUnrelated");

    // Both on chain: evidence that stands there for everybody.
    expect(await reporter.findAttestationEvidence({ attester })).to.deep.equal([]);
    await reporter.attestByDelegation(first);
    const [found, ...others] = await reporter.findAttestationEvidence({ attester });
    expect(others).to.deep.equal([]);
    const { rules } = reporter.allot;
    const network = { ...(await reporter.allot.network()), rules };
    const listed = await reporter.getAttestations({ attester, agentId, capability: "audit" });
    const onChain = listed.find(({ uid }) => uid === second.uid) as CapabilityAttestation;
    const file = encodeEvidenceFile(exportAttestationEvidence(network, first, onChain));
    const context = { ...network, contracts: [rules.capabilityResolver], eas: rules.eas };
    const verified = await verifyEvidence(file, context);
    expect(verified.signers).to.deep.equal([attester.toLowerCase()]);
    expect(faultIdOf(found as EvidenceFile)).to.equal(verified.faultId);
    const made = await reporter.submitEvidence({ evidence: file });
    expect(made.faultId).to.equal(verified.faultId);
    await refused(reporter.submitEvidence({ evidence: found, claimReward: false }), "EvidenceFaultPunished");
    expect(made.taken).to.equal(minStake + unbonding);
    expect(made.reward).to.equal(made.taken / 10n);
    const [fault] = await reporter.getFaults({ account: attester });
    expect(fault).to.deep.include({
      faultId: made.faultId,
      register: "attesters",
      account: attester,
      taken: made.taken,
    });
    expect(await evaluator.getAttester({ attester })).to.deep.include({ suspended: true, counts: false, bonded: 0n });
    expect(await evaluator.getCapability({ agentId, capability: "audit" })).to.equal(undefined);
    await refused(reporter.withdrawReward({ register: "attesters" }), "StakeNotReady");
    const again = { attester, first, second, claimReward: false };
    await refused(reporter.reportContradictoryAttestations(again), "EvidenceFaultPunished");
  });
}

/** The operators' decision about an attester. */
async function decide(governor: AllotClient, functionName: string, attester: Address): Promise<void> {
  const { proposalId } = await governor.proposeCall({ contract: "attesterRegistry", functionName, args: [attester] });
  await governor.executeProposal({ proposalId });
}

async function expectLocked(statement: Promise<unknown>, code: SignLockErrorCode): Promise<void> {
  expect(await statement.catch((error: unknown) => error)).to.have.property("code", code);
}

async function withNewLock<T>(use: (signLock: SignLock, directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "allot-attester-"));
  const signLock = await openFileSignLock({ directory });
  try {
    return await use(signLock, directory);
  } finally {
    await signLock.close();
    await rm(directory, { recursive: true, force: true });
  }
}
