// One statement per slot: kept by the sign lock, enforced by evidence.
import { expect } from "chai";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import {
  type BidEvidenceFile,
  faultIdOf,
  getCommitment,
  marketDomain,
  openFileSignLock,
  type SignedBid,
  SignLockError,
  signBidStatement,
} from "../../../sdk/index.ts";
import { type Actors, credit, eventually, refused, taskTerms } from "./actors.ts";

const addressOf = (client: { account?: unknown }) => (client.account as LocalAccount).address;
const work = keccak256(stringToHex("1234 words"));

export function describeStatements(actors: () => Actors): void {
  it("commits once: the sign lock refuses another bid for the same tender, also after a restart", async function () {
    this.timeout(60_000);
    const { requester, agents } = actors();
    const agent = agents[1];
    const { tenderId } = await requester.postTask(taskTerms(actors(), { commitWindow: 60 }));
    const first = await agent.client.signBid({ tenderId, amount: 2n * credit });
    const again = await agent.client.signBid({ tenderId, amount: 2n * credit });
    expect(again).to.deep.equal(first);
    const conflict = await agent.client.commitBid({ tenderId, amount: 3n * credit }).catch((error: unknown) => error);
    expect(conflict).to.be.instanceOf(SignLockError).and.to.have.property("code", "SIGN_LOCK_CONFLICT");
    // As after a restart: another lock object on the same directory, another client.
    await agent.signLock.close();
    const signLock = await openFileSignLock({ directory: agent.directory });
    const restarted = actors().network.client(5, signLock);
    const refusedAgain = await restarted.signBid({ tenderId, amount: 3n * credit }).catch((error: unknown) => error);
    expect(refusedAgain).to.have.property("code", "SIGN_LOCK_CONFLICT");
    const committed = await restarted.commitBid({ tenderId, amount: 2n * credit });
    expect(committed.opening).to.deep.equal(first.opening);
    const kept = await getCommitment(restarted, { tenderId, bidder: addressOf(restarted) });
    expect(kept?.slice(0, 64)).to.equal(first.bid.commitment.slice(0, 64));
    await signLock.close();
    Object.assign(agent, { signLock: await openFileSignLock({ directory: agent.directory }) });
    Object.assign(agent, { client: actors().network.client(5, agent.signLock) });
  });

  it("catches an agent from two signatures, rewards the reporter, and punishes once", async function () {
    this.timeout(60_000);
    const { requester, reporter, agents } = actors();
    const agent = agents[2];
    const { taskId, tenderId } = await requester.postTask(taskTerms(actors(), { commitWindow: 30 }));
    const { bid, signature } = await agent.client.signBid({ tenderId, amount: 2n * credit });
    const { chainId, networkId } = await requester.allot.network();
    const domain = marketDomain({ chainId, networkId, verifyingContract: requester.allot.rules.sealedBidTender });
    const otherBid = { ...bid, commitment: keccak256(work) };
    // What no sign lock allows: signed past it, as a dishonest agent would.
    const otherSignature = await signBidStatement(agent.client.account as LocalAccount, domain, otherBid);
    const contradiction = { first: { bid, signature }, second: { bid: otherBid, signature: otherSignature } };

    await reporter
      .reportBidEquivocation({ first: { bid, signature }, second: { bid, signature } })
      .then(() => expect.fail("one bid is no contradiction"))
      .catch((error: { code?: string }) => expect(error.code).to.equal("NO_CONTRADICTION"));
    const forged = {
      bid: otherBid,
      signature: await signBidStatement(reporter.account as LocalAccount, domain, otherBid),
    };
    await refused(reporter.reportBidEquivocation({ first: { bid, signature }, second: forged }), "LedgerKeyUnknown");

    // On chain stands what is relayed, also what the rules refuse: the agent's other bid, and a stranger's in its name.
    const relay = (signed: SignedBid) => requester.relayBid({ ...signed, gas: 400_000n }).catch(() => undefined);
    await relay({ bid, signature });
    const stranger = reporter.account as LocalAccount;
    for (const one of [bid, otherBid])
      await relay({ bid: one, signature: await signBidStatement(stranger, domain, one) });
    expect(await reporter.findBidEvidence({ taskId })).to.deep.equal([]);
    await relay(contradiction.second);
    const found = await reporter.findBidEvidence({ taskId });
    expect(found).to.have.length(1);
    const none = await reporter.findBidEvidence({ taskId: 10n ** 9n }).catch((error: unknown) => error);
    expect(none).to.have.property("code", "NOT_FOUND");

    const before = await agent.client.getAgent({ agentId: agent.agentId });
    const slashings: bigint[] = [];
    const unwatch = reporter.watchSlashing({ onSlashing: ({ agentId }) => void slashings.push(agentId) });
    const faultId = faultIdOf(found[0] as BidEvidenceFile);
    expect(await requester.isFaultPunished({ faultId })).to.equal(false);
    const report = await reporter.reportBidEquivocation(contradiction);
    expect([report.faultId, await requester.isFaultPunished({ faultId })]).to.deep.equal([faultId, true]);
    await refused(requester.submitEvidence({ evidence: found[0], claimReward: false }), "EvidenceFaultPunished");
    expect(report.taken).to.equal(before.bonded / 2n);
    expect(report.reward).to.equal(report.taken / 10n);
    const now = await agent.client.getAgent({ agentId: agent.agentId });
    expect(now).to.deep.include({ suspended: true, active: false, bonded: before.bonded - report.taken });
    const later = await requester.postTask(taskTerms(actors(), { commitWindow: 30 }));
    const bidLater = agent.client.commitBid({ tenderId: later.tenderId, amount: 2n * credit });
    await refused(bidLater, "LedgerAgentInactive");
    await refused(requester.reportBidEquivocation({ ...contradiction, claimReward: false }), "EvidenceFaultPunished");
    await refused(reporter.withdrawReward(), "StakeNotReady");
    await new Promise((resolve) => setTimeout(resolve, 500));
    unwatch();
    expect(slashings).to.deep.equal([agent.agentId]);
  });

  it("refuses a second, different delivery for a job before it is sent", async function () {
    this.timeout(60_000);
    const { agents } = actors();
    const [agent] = agents;
    const jobId = 10n ** 9n;
    await refused(agent.client.submitDelivery({ jobId, deliverable: work }), "JobEscrowUnknownJob");
    const conflict = await agent.client
      .submitDelivery({ jobId, deliverable: keccak256(work) })
      .catch((error: unknown) => error);
    expect(conflict).to.have.property("code", "SIGN_LOCK_CONFLICT");
  });

  it("catches an agent from a signature against what it committed on chain, through another validator", async function () {
    this.timeout(60_000);
    const { requester, agents } = actors();
    const [agent] = agents;
    const { taskId, tenderId } = await requester.postTask(taskTerms(actors(), { commitWindow: 30 }));
    const { bid } = await agent.client.commitBid({ tenderId, amount: 2n * credit });
    const { chainId, networkId } = await requester.allot.network();
    const domain = marketDomain({ chainId, networkId, verifyingContract: requester.allot.rules.sealedBidTender });
    const otherBid = { ...bid, commitment: keccak256(work) };
    const signature = await signBidStatement(agent.client.account as LocalAccount, domain, otherBid);
    const watchdog = actors().network.otherClient(3);
    const committedBy = addressOf(agent.client);
    await eventually(async () => (await watchdog.getCommitment({ tenderId, bidder: committedBy })) !== undefined);
    const own = await agent.client.signBid({ tenderId, amount: 2n * credit });
    await refused(watchdog.reportBidEquivocation({ first: own, committedBy }), "BidEquivocationConsistent");
    await watchdog.relayBid({ bid: otherBid, signature, gas: 400_000n }).catch(() => undefined);
    const [found, ...others] = await watchdog.findBidEvidence({ taskId });
    expect(others).to.deep.equal([]);
    expect(found?.statements[1]).to.include({ committedBy: committedBy.toLowerCase() });
    const report = await watchdog.submitEvidence({ evidence: found });
    const again = { first: { bid: otherBid, signature }, committedBy, claimReward: false } as const;
    await refused(watchdog.reportBidEquivocation(again), "EvidenceFaultPunished");
    expect(report.taken > 0n).to.equal(true);
    // The agent's own validator may be a block behind the one that took the report.
    await eventually(async () => (await agent.client.getAgent({ agentId: agent.agentId })).suspended);
  });
}
