// What the operators decide, through the SDK.
import { expect } from "chai";
import type { LocalAccount } from "viem";
import { ClientError } from "../../../sdk/index.ts";
import { type Actors, credit, refused, taskTerms } from "./actors.ts";

export function describeGovernance(actors: () => Actors): void {
  const organisation = { contract: "permissions", functionName: "addOrganisation" } as const;

  it("proposes a call by name, reads it back decoded, and executes it once the quorum is there", async function () {
    this.timeout(60_000);
    const { governor, requester } = actors();
    const { operators, quorum, delay, proposalCount } = await governor.getOperators();
    expect(operators).to.deep.equal([(governor.account as LocalAccount).address]);
    expect([quorum, delay]).to.deep.equal([1, 0n]);
    const { proposalId, queued } = await governor.proposeCall({ ...organisation, args: ["Babel"] });
    expect(proposalId).to.equal(proposalCount);
    const proposal = await requester.getProposal({ proposalId });
    expect(proposal).to.deep.include({ status: "ready", call: { ...organisation, args: ["Babel"] }, approvals: 1 });
    expect(proposal.readyAt).to.equal(queued?.readyAt);
    // Anyone executes.
    const { returned } = await requester.executeProposal({ proposalId });
    expect(BigInt(returned) > 0n).to.equal(true);
    expect((await requester.getProposals({ limit: 1 }))[0]).to.deep.include({ proposalId, status: "executed" });
    await refused(requester.executeProposal({ proposalId }), "OperatorsNotOpen");
  });

  it("withdraws approvals and cancels proposals", async function () {
    this.timeout(60_000);
    const { governor, requester } = actors();
    const { proposalId } = await governor.proposeCall({ ...organisation, args: ["Cyclops"] });
    await governor.withdrawApproval({ proposalId });
    await refused(governor.executeProposal({ proposalId }), "OperatorsNoQuorum");
    await governor.approveProposal({ proposalId });
    await refused(governor.queueProposal({ proposalId }), "OperatorsNotPending");
    await refused(requester.cancelProposal({ proposalId }), "OperatorsNotProposer");
    await governor.cancelProposal({ proposalId });
    expect(await governor.getProposal({ proposalId })).to.deep.include({ status: "cancelled" });
    await refused(requester.proposeCall({ ...organisation, args: ["Mine"] }), "OperatorsUnauthorized");
  });

  it("changes parameters by name, all or none, and reads them with units and bounds", async function () {
    this.timeout(60_000);
    const { governor, requester } = actors();
    const present = async (name: string) => (await requester.getParameters()).find((one) => one.name === name)?.value;
    const [before, share] = [(await present("postingFee")) as bigint, (await present("rewardShare")) as bigint];
    const { proposalId } = await governor.proposeParameters({ changes: { postingFee: before + 1n, rewardShare: 7n } });
    const { call } = await requester.getProposal({ proposalId });
    const changes = [
      { parameter: "postingFee", value: before + 1n },
      { parameter: "rewardShare", value: 7n },
    ];
    expect(call).to.deep.equal({ contract: "parameters", functionName: "set", args: [changes] });
    await requester.executeProposal({ proposalId });
    expect([await present("postingFee"), await present("rewardShare")]).to.deep.equal([before + 1n, 7n]);
    const wrong = await governor.proposeParameters({ changes: { postingFee: before, rewardShare: 1_001n } });
    const error = await refused(governor.executeProposal({ proposalId: wrong.proposalId }), "ParametersOutOfBounds");
    expect(error.facts).to.deep.include({ value: 1_001n, min: 0n, max: 1_000n });
    expect(await present("postingFee")).to.equal(before + 1n);
    const back = await governor.proposeParameters({ changes: { postingFee: before, rewardShare: share } });
    await governor.executeProposal({ proposalId: back.proposalId });
    expect((await requester.getParameters()).find(({ name }) => name === "rewardShare")).to.deep.equal({
      name: "rewardShare",
      unit: "share",
      value: share,
      min: 0n,
      max: 1_000n,
    });
  });

  it("pauses new tasks and bids, and resumes them", async function () {
    this.timeout(60_000);
    const { governor, requester, agents } = actors();
    const decide = async (functionName: string) => {
      const { proposalId } = await governor.proposeCall({ contract: "agentLedger", functionName });
      await governor.executeProposal({ proposalId });
    };
    const { tenderId } = await requester.postTask(taskTerms(actors(), { commitWindow: 60 }));
    await decide("pause");
    expect(await requester.isMarketPaused()).to.equal(true);
    await refused(requester.postTask(taskTerms(actors())), "TaskMarketPaused");
    await refused(agents[0].client.commitBid({ tenderId, amount: credit }), "LedgerPaused");
    await decide("resume");
    expect(await requester.isMarketPaused()).to.equal(false);
    await agents[0].client.commitBid({ tenderId, amount: credit });
  });

  it("says what is wrong with a call before anything is sent", async () => {
    const { governor } = actors();
    for (const [call, sentence] of [
      [
        { contract: "nothing", functionName: "x" },
        /There is no governed contract of this name. Choose one of .*permissions/,
      ],
      [{ contract: "permissions", functionName: "isActive" }, /no such function that changes anything/],
      [
        { contract: "parameters", functionName: "set", args: [[{ parameter: "x", value: 1n }]] },
        /The arguments do not fit/,
      ],
      [{ ...organisation, args: [1, 2] }, /The arguments do not fit addOrganisation\(string name\)/],
    ] as const) {
      const error = await governor.proposeCall(call as never).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(ClientError);
      expect(error).to.include({ code: "CALL_INVALID" });
      expect((error as ClientError).message).to.match(sentence);
    }
    const missing = await governor.getProposal({ proposalId: 10n ** 9n }).catch((reason: unknown) => reason);
    expect(missing).to.include({ code: "NOT_FOUND" });
  });
}
