import { expect } from "chai";
import { AbiCoder, id, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { commitBid } from "../actors.ts";
import { CREDIT, govern, ORGANISATION, PARAMETERS, setParameters } from "../fixture.ts";
import { FEE, marketWorld, postTask, RESERVE, TASK, taskTerms } from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const world = () => marketWorld(connection);
const load = () => networkHelpers.loadFixture(world);

describe("TaskMarket: posting", () => {
  it("keeps the terms, and opens a tender that excludes requester and evaluator", async () => {
    const { rules, market, tender } = await load();
    const requirement = { capability: id("digest"), level: 2, attester: ZeroAddress };
    const { taskId, tenderId } = await postTask(rules, { requirements: [requirement], units: 2n });
    const task = await market.taskOf(taskId);
    expect(task.requester).to.equal(rules.requester.address);
    expect(task.reserve).to.equal(RESERVE);
    expect(task.priceBinding).to.equal(true);
    expect(task.specification).to.equal(id("digest the file"));
    const extra = await tender.marketTermsOf(tenderId);
    expect(extra.requesterOrganisation).to.equal(ORGANISATION.requester);
    expect(extra.evaluatorOrganisation).to.equal(ORGANISATION.evaluator);
    expect([...(extra.requirements[0] ?? [])]).to.deep.equal([requirement.capability, 2n, ZeroAddress]);
    const terms = await tender.termsOf(tenderId);
    const coder = AbiCoder.defaultAbiCoder();
    const { chainId } = await connection.ethers.provider.getNetwork();
    const target = coder.encode(["uint256", "address", "uint256"], [chainId, rules.at.TaskMarket, taskId]);
    expect(terms.targetRef).to.equal(connection.ethers.keccak256(target));
    expect(terms.revealDeadline - terms.commitDeadline).to.equal(100n);
    expect(extra.obligationUntil).to.equal(terms.revealDeadline + 1_500n);
  });

  it("needs an active member of the network", async () => {
    const { rules, market } = await load();
    await expect(market.connect(rules.stranger).post(taskTerms(rules)))
      .to.be.revertedWithCustomError(market, "TaskMarketInactiveRequester")
      .withArgs(rules.stranger);
    const data = rules.contracts.Permissions.interface.encodeFunctionData("setMemberActive", [
      rules.requester.address,
      false,
    ]);
    await govern(rules, rules.at.Permissions, data);
    await expect(postTask(rules)).to.be.revertedWithCustomError(market, "TaskMarketInactiveRequester");
  });

  it("needs an evaluator of another organisation where the award binds the price", async () => {
    const { rules, market } = await load();
    for (const evaluator of [rules.requester.address, rules.stranger.address, ZeroAddress]) {
      await expect(postTask(rules, { evaluator }))
        .to.be.revertedWithCustomError(market, "TaskMarketInvalidEvaluator")
        .withArgs(evaluator);
    }
    const own = { evaluator: rules.requester.address, mechanism: rules.at.PostedPrice };
    expect((await market.taskOf((await postTask(rules, own)).taskId)).priceBinding).to.equal(false);
    await expect(postTask(rules, { ...own, evaluator: ZeroAddress })).to.be.revertedWithCustomError(
      market,
      "TaskMarketInvalidEvaluator",
    );
  });

  it("refuses an agent of the evaluator's organisation as bidder", async () => {
    const { rules, tender, first } = await load();
    const evaluator = first.owner.address;
    const { tenderId } = await postTask(rules, { evaluator });
    await expect(commitBid(rules, tenderId, first, CREDIT))
      .to.be.revertedWithCustomError(tender, "TenderEvaluatorOrganisation")
      .withArgs(tenderId, first.organisation);
    const posted = await postTask(rules, { evaluator, mechanism: rules.at.PostedPrice });
    await commitBid(rules, posted.tenderId, first, CREDIT);
  });

  it("refuses windows outside their bounds", async () => {
    const { rules, market } = await load();
    const windows = ["commitWindow", "revealWindow", "deliveryWindow", "verdictWindow", "acceptanceWindow"] as const;
    const max = (await market.parameters()).windowMax;
    for (const window of windows) {
      for (const given of [59n, max + 1n]) {
        await expect(postTask(rules, { [window]: given, maxReassignments: 1n }))
          .to.be.revertedWithCustomError(market, "TaskMarketInvalidWindow")
          .withArgs(connection.ethers.encodeBytes32String(window), given, 60, max);
      }
    }
    await expect(postTask(rules, { disputeWindow: max + 1n })).to.be.revertedWithCustomError(
      market,
      "TaskMarketInvalidWindow",
    );
    await postTask(rules, { acceptanceWindow: 0n, maxReassignments: 0n });
    await postTask(rules, { deliveryWindow: max, verdictWindow: max, disputeWindow: max });
  });

  it("refuses commit and reveal windows that together outlast the shortest unbonding, less the age of evidence", async () => {
    const { rules, market } = await load();
    const max = (await market.parameters()).bidWindowsMax;
    const { min } = PARAMETERS.bounds.unbondingDelay ?? { min: 0n };
    expect(max).to.equal(min - PARAMETERS.evidenceAgeSeconds - 1n);
    await expect(postTask(rules, { commitWindow: max - 60n, revealWindow: 61n }))
      .to.be.revertedWithCustomError(market, "TaskMarketInvalidWindow")
      .withArgs(connection.ethers.encodeBytes32String("bidWindows"), max + 1n, 0, max);
    await postTask(rules, { commitWindow: max - 60n, revealWindow: 60n });
  });

  it("refuses a reserve of 0 and units, locks and reassignments out of range", async () => {
    const { rules, market } = await load();
    for (const [term, value] of [
      ["reserve", 0n],
      ["units", 0n],
      ["units", 33n],
      ["lock", CREDIT - 1n],
      ["maxReassignments", 9n],
    ] as const) {
      await expect(postTask(rules, { [term]: value }))
        .to.be.revertedWithCustomError(market, "TaskMarketInvalidTerms")
        .withArgs(connection.ethers.encodeBytes32String(term));
    }
  });

  it("refuses a mechanism that is not the network's", async () => {
    const { rules, tender } = await load();
    for (const mechanism of [rules.at.Credits, rules.stranger.address]) {
      await expect(postTask(rules, { mechanism })).to.be.revertedWithCustomError(tender, "TenderMechanismUnknown");
    }
  });

  it("takes the whole escrow and the fee, or nothing", async () => {
    const { rules, market, credits } = await load();
    await credits.connect(rules.requester).approve(market, RESERVE + FEE - 1n);
    await expect(market.connect(rules.requester).post(taskTerms(rules))).to.be.revertedWithCustomError(
      credits,
      "ERC20InsufficientAllowance",
    );
  });
});

describe("TaskMarket: cancelling", () => {
  it("gives the escrow back while nobody has bid, but not the fee", async () => {
    const { rules, market, tender } = await load();
    const { taskId, tenderId } = await postTask(rules, { units: 2n });
    await expect(market.connect(rules.requester).cancel(taskId)).to.emit(market, "TaskCancelled").withArgs(taskId);
    expect(await market.creditOf(rules.requester)).to.equal(2n * RESERVE);
    expect(await tender.phaseOf(tenderId)).to.equal(4n);
    expect((await market.taskOf(taskId)).status).to.equal(TASK.cancelled);
    for (const again of [() => market.connect(rules.requester).cancel(taskId), () => market.settle(taskId)]) {
      await expect(again())
        .to.be.revertedWithCustomError(market, "TaskMarketInvalidStatus")
        .withArgs(taskId, TASK.cancelled);
    }
  });

  it("is the requester's alone, and over with the first commitment", async () => {
    const { rules, market, tender, first } = await load();
    const { taskId, tenderId } = await postTask(rules);
    await expect(market.cancel(taskId)).to.be.revertedWithCustomError(market, "TaskMarketUnauthorized");
    await commitBid(rules, tenderId, first, CREDIT);
    await expect(market.connect(rules.requester).cancel(taskId)).to.be.revertedWithCustomError(
      tender,
      "TenderNotCancellable",
    );
  });
});

describe("TaskMarket: parameters", () => {
  it("are readable, as the operators last set them", async () => {
    const { rules, market } = await load();
    expect((await market.parameters()).postingFee).to.equal(PARAMETERS.market.postingFee);
    await setParameters(rules, { postingFee: 7n });
    expect((await market.parameters()).postingFee).to.equal(7n);
  });
});
