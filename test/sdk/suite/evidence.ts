// Evidence as a file: taken from what was signed, checked by anybody, submitted through any node.
import { expect } from "chai";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import {
  EvidenceError,
  encodeEvidenceFile,
  exportDeliveryEvidence,
  faultIdOf,
  marketDomain,
  signDeliveryStatement,
  verifyEvidence,
} from "../../../sdk/index.ts";
import { type Actors, credit, refused, taskTerms, until } from "./actors.ts";

const addressOf = (client: { account?: unknown }) => (client.account as LocalAccount).address;
const deliverable = keccak256(stringToHex("1234 words"));
const other = keccak256(stringToHex("5678 words"));

/** A job of the second agent, won by the only bid. */
async function jobOf(actors: Actors): Promise<bigint> {
  const { requester, agents } = actors;
  const task = await requester.postTask(taskTerms(actors, { mechanism: "firstPrice", deliveryWindow: 60 }));
  const { opening } = await agents[1].client.commitBid({ tenderId: task.tenderId, amount: 2n * credit });
  await until(task.commitDeadline);
  await agents[1].client.revealBid({ tenderId: task.tenderId, ...opening });
  await until(task.revealDeadline);
  const { assigned } = await requester.settleTask({ taskId: task.taskId });
  return assigned[0]?.jobId as bigint;
}

export function describeEvidence(actors: () => Actors): void {
  it("catches an agent from two deliveries for one job, through an evidence file", async function () {
    this.timeout(60_000);
    const { reporter, requester, agents } = actors();
    const { client, agentId } = agents[1];
    const jobId = await jobOf(actors());
    const signed = await client.signDelivery({ jobId, deliverable });
    expect(await client.signDelivery({ jobId, deliverable })).to.deep.equal(signed);
    const conflict = await client.submitDelivery({ jobId, deliverable: other }).catch((error: unknown) => error);
    expect(conflict).to.have.property("code", "SIGN_LOCK_CONFLICT");
    await client.submitDelivery({ jobId, deliverable });
    const own = { first: signed, submitted: true } as const;
    await refused(reporter.reportDeliveryEquivocation(own), "DeliveryEquivocationConsistent");

    // What no sign lock allows: signed past it, as a dishonest agent would.
    const network = await requester.allot.network();
    const { rules } = requester.allot;
    const domain = marketDomain({ ...network, verifyingContract: rules.jobEscrow });
    const delivery = { jobId, agentId, deliverable: other };
    const lie = { delivery, signature: await signDeliveryStatement(client.account as LocalAccount, domain, delivery) };
    const submitted = { submittedBy: addressOf(client), deliverable };
    const parameters = { ...network, rules };
    const text = encodeEvidenceFile(exportDeliveryEvidence(parameters, lie, submitted));
    const context = { ...network, contracts: [rules.jobEscrow] };
    const verified = await verifyEvidence(text, context);
    expect(verified.signers).to.deep.equal([addressOf(client).toLowerCase()]);
    expect(verified.unproven.join("\n")).to.include(`submitted ${deliverable}`);
    const bidKeys = { [addressOf(client).toLowerCase()]: agentId };
    expect((await verifyEvidence(text, { ...context, bidKeys })).unproven).to.have.length(2);
    const foreign = verifyEvidence(text, { ...context, chainId: network.chainId + 1 });
    expect(await foreign.catch((error: unknown) => error)).to.be.instanceOf(EvidenceError);

    const before = await client.getAgent({ agentId });
    const report = await reporter.submitEvidence({ evidence: text });
    expect(report.faultId).to.equal(verified.faultId);
    expect(report.taken).to.equal((before.bonded + 1n) / 2n);
    expect(report.reward).to.equal(report.taken / 10n);
    expect((await client.getAgent({ agentId })).suspended).to.equal(true);
    // The same fault by two signatures is the same fault.
    const twin = exportDeliveryEvidence(parameters, signed, lie);
    expect(faultIdOf(twin)).to.equal(report.faultId);
    await refused(requester.submitEvidence({ evidence: twin, claimReward: false }), "EvidenceFaultPunished");
  });
}
