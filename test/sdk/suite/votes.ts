// Votes of a validator whose key the test has, so that it can contradict itself.
import { expect } from "chai";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import { Digest, Epoch, View } from "../../../node/types/brands.ts";
import { voteTypes } from "../../../node/types/voteTypes.ts";
import {
  consensusDomain,
  encodeEvidenceFile,
  exportVoteEvidence,
  type SignedVoteStatement,
  verifyEvidence,
} from "../../../sdk/index.ts";
import type { TestNetwork } from "../fixtures/testNetwork.ts";
import { refused } from "./actors.ts";

/** The network's first account is its validator key. */
export function describeVotes(start: () => Promise<TestNetwork>): void {
  let network: TestNetwork;

  before(async function () {
    this.timeout(60_000);
    network = await start();
  });
  after(() => network?.close());

  it("catches a validator from two votes in one view, by its votes and through an evidence file", async () => {
    const [requester, reporter] = [network.client(1), network.client(3)];
    const validator = network.client(0).account as LocalAccount;
    const names = await requester.allot.network();
    const domain = consensusDomain(names);
    const place = { epoch: Epoch(0), view: View(41) };
    const message = { epoch: 0n, view: 41n };
    const digest = Digest(keccak256(stringToHex("a block")));
    const types = voteTypes;
    const nullify: SignedVoteStatement = {
      vote: { kind: "nullify", ...place },
      signature: await validator.signTypedData({ domain, types, primaryType: "Nullify", message }),
    };
    const blockMessage = { ...message, digest };
    const [notarize, finalize]: readonly SignedVoteStatement[] = [
      {
        vote: { kind: "notarize", ...place, digest },
        signature: await validator.signTypedData({ domain, types, primaryType: "Notarize", message: blockMessage }),
      },
      {
        vote: { kind: "finalize", ...place, digest },
        signature: await validator.signTypedData({ domain, types, primaryType: "Finalize", message: blockMessage }),
      },
    ];
    const offender = validator.address;
    // What an honest validator casts whose timer fires after it has notarized.
    const honest = { validator: offender, first: notarize as SignedVoteStatement, second: nullify };
    await refused(reporter.reportVoteEquivocation(honest), "VoteEquivocationConsistent");
    const later = { ...nullify, vote: { ...nullify.vote, view: View(42) } };
    const apart = reporter.reportVoteEquivocation({ ...honest, second: later });
    expect(await apart.catch((error: unknown) => error)).to.have.property("code", "NO_CONTRADICTION");

    const file = exportVoteEvidence(names, offender, finalize as SignedVoteStatement, nullify);
    const validatorSet = { ...names, epoch: 0, epochBlocks: 0, validators: [offender] };
    const verified = await verifyEvidence(encodeEvidenceFile(file), { ...names, validatorSet });
    expect(verified.unproven).to.deep.equal([]);
    const report = await reporter.submitEvidence({ evidence: encodeEvidenceFile(file) });
    expect(report.faultId).to.equal(verified.faultId);
    expect(report.taken > 0n).to.equal(true);
    expect(report.reward).to.equal(report.taken / 10n);
    // The only one in the set: barred, and still there until the operators find another.
    const seat = await requester.getValidatorSeat({ validator: offender });
    expect(seat).to.deep.include({ bonded: 0n, barred: true, status: "active" });
    await refused(requester.evictValidator({ validator: offender }), "ValidatorRegistryEvictionLimit");
    const [fault, ...others] = await requester.getFaults({ account: offender });
    const { faultId, taken } = report;
    expect(fault).to.deep.include({ faultId, taken, register: "validators", moduleName: "voteEquivocation" });
    expect([fault?.account, others]).to.deep.equal([offender, []]);
    expect((await requester.getFaults()).map((one) => one.faultId)).to.deep.equal([faultId]);
    const reward = { reporter: (reporter.account as LocalAccount).address, register: "validators" } as const;
    expect((await requester.getReward(reward)).amount).to.equal(report.reward);
    expect((await requester.getReward({ reporter: reward.reporter })).amount).to.equal(0n);
    await refused(requester.withdrawReward(reward), "StakeNotReady");
    await refused(requester.burnUnclaimedReward({ faultId, register: "validators" }), "StakeRewardGone");
    await refused(requester.burnUnclaimedReward({ faultId }), "StakeRewardGone");
    const again = { validator: offender, first: nullify, second: finalize as SignedVoteStatement };
    await refused(requester.reportVoteEquivocation({ ...again, claimReward: false }), "EvidenceFaultPunished");
  });
}
