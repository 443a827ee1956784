import { expect } from "chai";
import { AbiCoder, id, keccak256, type Result, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  ALLOCATION_ONLY,
  commitBid,
  domainOf,
  makeAgent,
  openTender,
  type TenderOptions,
  tenderTerms,
  toFinalize,
} from "../actors.ts";
import { answering } from "../bytecode.ts";
import { asContract, CREDIT, deployRules, ORGANISATION } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const WINDOW_MAX = 2n ** 24n - 1n;
const Phase = { none: 0n, commit: 1n, reveal: 2n, awarded: 3n, void: 4n } as const;
const ANY = ZeroAddress;

async function deploy() {
  const rules = await deployRules(connection);
  const market = await asContract(rules, rules.at.TaskMarket);
  return { rules, tender: rules.contracts.SealedBidTender.connect(market), market };
}

/** A struct that a call returned, by field. */
function plain(struct: unknown): unknown {
  return (struct as Result).toObject();
}

function abiOf(name: string) {
  return ethers.getContractAt(name, ZeroAddress);
}

describe("opening a tender", () => {
  it("records every term and says so", async () => {
    const { rules, tender, market } = await networkHelpers.loadFixture(deploy);
    const requirements = [{ capability: id("a"), level: 3, attester: ANY }];
    const { terms, market: extra } = await tenderTerms(rules, { requirements, evaluatorOrganisation: 3 });
    const tenderId = await tender.openMarketTender.staticCall(terms, extra);
    await expect(tender.openMarketTender(terms, extra))
      .to.emit(tender, "TenderOpened")
      .withArgs(
        tenderId,
        terms.targetRef,
        market.address,
        terms.mechanism,
        terms.reserve,
        terms.units,
        terms.commitDeadline,
        terms.revealDeadline,
        terms.integrationProfile,
      );
    expect(plain(await tender.termsOf(tenderId))).to.deep.equal(terms);
    const kept = await tender.marketTermsOf(tenderId);
    expect(kept.requesterOrganisation).to.equal(ORGANISATION.requester);
    expect(kept.evaluatorOrganisation).to.equal(3n);
    expect([kept.lock, kept.minStake]).to.deep.equal([extra.lock, extra.minStake]);
    expect(kept.obligationUntil).to.equal(extra.obligationUntil);
    expect(kept.requirements.map(plain)).to.deep.equal(
      requirements.map((one) => ({ ...one, level: BigInt(one.level) })),
    );
    expect(await tender.requesterOf(tenderId)).to.equal(market.address);
    expect(await tender.phaseOf(tenderId)).to.equal(Phase.commit);
    expect(await tender.openedAt(tenderId)).to.equal(BigInt(await networkHelpers.time.latest()));
    expect(await tender.revealDeadlineOf(tenderId)).to.equal(terms.revealDeadline);
    expect(await tender.bidCount(tenderId)).to.equal(0n);
    expect(await tender.awardOf(tenderId)).to.deep.equal([]);
    expect(await tender.slashedOf(tenderId)).to.equal(0n);
  });

  it("numbers tenders per requester, on this chain and contract", async () => {
    const { rules, tender, market } = await networkHelpers.loadFixture(deploy);
    const { chainId } = await ethers.provider.getNetwork();
    for (const nonce of [0n, 1n]) {
      expect(await tender.tenderCount(market.address)).to.equal(nonce);
      const encoded = AbiCoder.defaultAbiCoder().encode(
        ["uint256", "address", "address", "uint256"],
        [chainId, rules.at.SealedBidTender, market.address, nonce],
      );
      expect(await openTender(rules)).to.equal(keccak256(encoded));
    }
  });

  it("is for the task market alone, and never without the market's terms", async () => {
    const { rules, tender, market } = await networkHelpers.loadFixture(deploy);
    const { terms, market: extra } = await tenderTerms(rules);
    await expect(tender.connect(rules.requester).openMarketTender(terms, extra))
      .to.be.revertedWithCustomError(tender, "TenderUnauthorized")
      .withArgs(rules.requester.address);
    await expect(tender.openTender(terms))
      .to.be.revertedWithCustomError(tender, "TenderUnauthorized")
      .withArgs(market.address);
  });

  const outOfBounds: readonly [string, string, Partial<TenderOptions>][] = [
    ["a reserve of 0", "reserve", { reserve: 0n }],
    ["a reserve above 64 bits", "reserve", { reserve: 2n ** 64n }],
    ["no units", "units", { units: 0n }],
    ["too many units", "units", { units: 257n }],
    ["no bidders", "maxBidders", { maxBidders: 0n }],
    ["too many bidders", "maxBidders", { maxBidders: 257n }],
    ["a bond", "bond", { bond: 1n }],
    ["a bond's asset", "bondAsset", { bondAsset: "0x0000000000000000000000000000000000000001" }],
    ["a slash recipient", "slashRecipient", { slashRecipient: "0x0000000000000000000000000000000000000001" }],
    ["a commit window that is over", "commitDeadline", { commitWindow: 0n }],
    ["a commit window too long", "commitDeadline", { commitWindow: WINDOW_MAX + 2n }],
    ["no reveal window", "revealDeadline", { revealWindow: 0n }],
    ["a reveal window too long", "revealDeadline", { revealWindow: WINDOW_MAX + 1n }],
    ["a minimum stake above its bound", "minStake", { minStake: 2n ** 50n }],
    ["obligations that end before the reveals", "obligationUntil", { tail: -1n }],
    ["obligations too far away", "obligationUntil", { tail: WINDOW_MAX + 1n }],
    ["no requester's organisation", "requesterOrganisation", { requesterOrganisation: 0 }],
    [
      "a requirement without capability",
      "capability",
      { requirements: [{ capability: ZeroHash, level: 1, attester: ANY }] },
    ],
    ["a level that cannot be", "level", { requirements: [{ capability: id("a"), level: 255, attester: ANY }] }],
    [
      "too many requirements",
      "requirements",
      { requirements: Array.from({ length: 9 }, (_, i) => ({ capability: id(`${i}`), level: 1, attester: ANY })) },
    ],
  ];
  for (const [what, term, options] of outOfBounds) {
    it(`is refused with ${what}`, async () => {
      const { rules, tender } = await networkHelpers.loadFixture(deploy);
      const { terms, market: extra } = await tenderTerms(rules, { mechanism: rules.at.FirstPrice, ...options });
      await expect(tender.openMarketTender(terms, extra))
        .to.be.revertedWithCustomError(tender, "TenderTermInvalid")
        .withArgs(term);
    });
  }

  it("is possible at every bound", async () => {
    const { rules } = await networkHelpers.loadFixture(deploy);
    const mechanism = rules.at.UniformPrice;
    await openTender(rules, { mechanism, reserve: 2n ** 64n - 1n, units: 256n, maxBidders: 256n });
    await openTender(rules, { mechanism, commitWindow: WINDOW_MAX, revealWindow: WINDOW_MAX, tail: WINDOW_MAX });
    await openTender(rules, { mechanism, commitWindow: 2n, revealWindow: 1n, tail: 0n, maxBidders: 1n, reserve: 1n });
    const most = { units: 256n, maxBidders: 256n, minStake: 2n ** 50n - 1n, lock: 2n ** 64n - 1n };
    const windows = { commitWindow: WINDOW_MAX, revealWindow: WINDOW_MAX, tail: WINDOW_MAX };
    const requirements = [{ capability: id("a"), level: 254, attester: ANY }];
    const organisations = { requesterOrganisation: 2 ** 32 - 1, evaluatorOrganisation: 2 ** 32 - 2 };
    const tenderId = await openTender(rules, { mechanism, ...most, ...windows, ...organisations, requirements });
    const kept = await rules.contracts.SealedBidTender.marketTermsOf(tenderId);
    expect([kept.minStake, kept.lock]).to.deep.equal([most.minStake, most.lock]);
    expect(kept.requirements[0]?.level).to.equal(254n);
    expect(kept.requesterOrganisation).to.equal(2n ** 32n - 1n);
    expect((await rules.contracts.SealedBidTender.termsOf(tenderId)).maxBidders).to.equal(256n);
  });

  it("takes the market's mechanisms only", async () => {
    const { rules, tender } = await networkHelpers.loadFixture(deploy);
    const { terms, market: extra } = await tenderTerms(rules, { mechanism: rules.at.Credits });
    await expect(tender.openMarketTender(terms, extra))
      .to.be.revertedWithCustomError(tender, "TenderMechanismUnknown")
      .withArgs(rules.at.Credits);
    expect(await tender.isMechanism(rules.at.PostedPrice)).to.equal(true);
    expect(await tender.isMechanism(rules.at.Credits)).to.equal(false);
  });

  it("dry-runs the mechanism, so that nothing makes finalizing revert for ever", async () => {
    const { rules, tender } = await networkHelpers.loadFixture(deploy);
    const { terms, market: extra } = await tenderTerms(rules, { mechanism: rules.at.Vickrey, units: 2n });
    await expect(tender.openMarketTender(terms, extra)).to.be.revertedWithCustomError(
      rules.contracts.Vickrey,
      "MechanismUnitsInvalid",
    );
  });

  it("refuses a mechanism that is none, or that awards without bids", async () => {
    const { rules, tender } = await networkHelpers.loadFixture(deploy);
    const mechanism = await abiOf("FirstPrice");
    const { terms, market: extra } = await tenderTerms(rules, { mechanism: rules.at.FirstPrice });
    const refused = async () =>
      await expect(tender.openMarketTender(terms, extra))
        .to.be.revertedWithCustomError(tender, "TenderMechanismInvalid")
        .withArgs(rules.at.FirstPrice);
    await networkHelpers.setCode(rules.at.FirstPrice, "0x00");
    await refused();
    const { selector } = mechanism.interface.getFunction("award") as { selector: string };
    const types = ["tuple(address,uint256)[]"];
    const award = AbiCoder.defaultAbiCoder().encode(types, [[[rules.requester.address, 1n]]]);
    await networkHelpers.setCode(rules.at.FirstPrice, answering(selector, award));
    await refused();
    const none = AbiCoder.defaultAbiCoder().encode(types, [[]]);
    await networkHelpers.setCode(rules.at.FirstPrice, answering(selector, none));
    await tender.openMarketTender(terms, extra);
  });

  it("takes the two profiles, and allocation-only with posted price alone", async () => {
    const { rules, tender } = await networkHelpers.loadFixture(deploy);
    const refused = async (options: Partial<TenderOptions>) => {
      const { terms, market: extra } = await tenderTerms(rules, options);
      await expect(tender.openMarketTender(terms, extra))
        .to.be.revertedWithCustomError(tender, "TenderProfileInvalid")
        .withArgs(terms.integrationProfile);
    };
    await refused({ profile: "0x12345678" });
    await refused({ profile: "0x12345678", mechanism: rules.at.PostedPrice });
    for (const mechanism of [rules.at.FirstPrice, rules.at.Vickrey, rules.at.UniformPrice]) {
      await refused({ profile: ALLOCATION_ONLY, mechanism });
      await openTender(rules, { mechanism });
    }
    await openTender(rules, { profile: ALLOCATION_ONLY, mechanism: rules.at.PostedPrice });
    await openTender(rules, { mechanism: rules.at.PostedPrice });
  });

  it("is undone by the requester while nobody has committed, and only then", async () => {
    const { rules, tender } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules);
    await expect(tender.connect(rules.requester).cancelTender(tenderId))
      .to.be.revertedWithCustomError(tender, "TenderUnauthorized")
      .withArgs(rules.requester.address);
    await expect(tender.cancelTender(tenderId))
      .to.emit(tender, "TenderCancelled")
      .withArgs(tenderId)
      .and.to.emit(tender, "TenderVoid")
      .withArgs(tenderId);
    expect(await tender.phaseOf(tenderId)).to.equal(Phase.void);
    const refused = async (id_: string) =>
      await expect(tender.cancelTender(id_))
        .to.be.revertedWithCustomError(tender, "TenderNotCancellable")
        .withArgs(id_);
    await refused(tenderId);
    const agent = await makeAgent(rules, 0);
    await expect(commitBid(rules, tenderId, agent, 5n)).to.be.revertedWithCustomError(tender, "TenderNotCommitting");
    await toFinalize(rules, tenderId);
    await expect(tender.finalize(tenderId)).to.be.revertedWithCustomError(tender, "TenderNotFinalizable");
    const other = await openTender(rules);
    await commitBid(rules, other, agent, 5n * CREDIT);
    await refused(other);
  });

  it("is needed for every view and call", async () => {
    const { tender } = await networkHelpers.loadFixture(deploy);
    const none = id("no tender");
    const calls: Record<string, () => Promise<unknown>> = {
      termsOf: () => tender.termsOf(none),
      marketTermsOf: () => tender.marketTermsOf(none),
      requesterOf: () => tender.requesterOf(none),
      phaseOf: () => tender.phaseOf(none),
      awardOf: () => tender.awardOf(none),
      slashedOf: () => tender.slashedOf(none),
      openedAt: () => tender.openedAt(none),
      revealDeadlineOf: () => tender.revealDeadlineOf(none),
      bidCount: () => tender.bidCount(none),
      awardWithout: () => tender.awardWithout(none, []),
      checkEligible: () => tender.checkEligible(none, ZeroAddress),
      commitBid: () => tender.commitBid(none, id("x")),
      revealBid: () => tender.revealBid(none, 1n, id("x")),
      finalize: () => tender.finalize(none),
      cancelTender: () => tender.cancelTender(none),
      claimSlashed: () => tender.claimSlashed(none),
    };
    for (const [name, call] of Object.entries(calls)) {
      await expect(call(), name).to.be.revertedWithCustomError(tender, "TenderUnknown").withArgs(none);
    }
  });

  it("credits nothing to a slash recipient", async () => {
    const { rules, tender } = await networkHelpers.loadFixture(deploy);
    const tenderId = await openTender(rules);
    await expect(tender.claimSlashed(tenderId))
      .to.be.revertedWithCustomError(tender, "TenderNothingSlashed")
      .withArgs(tenderId);
  });
});

describe("the tender contract", () => {
  it("implements ERC-8469's tender interface", async () => {
    const { tender } = await networkHelpers.loadFixture(deploy);
    const standard = await abiOf("ISealedBidTender");
    let interfaceId = 0n;
    standard.interface.forEachFunction(({ selector }) => {
      interfaceId ^= BigInt(selector);
    });
    expect(await tender.supportsInterface(`0x${interfaceId.toString(16).padStart(8, "0")}`)).to.equal(true);
    expect(await tender.supportsInterface("0x01ffc9a7")).to.equal(true);
    expect(await tender.supportsInterface("0xffffffff")).to.equal(false);
  });

  it("signs under the market's domain", async () => {
    const { rules, tender } = await networkHelpers.loadFixture(deploy);
    const [, name, version, chainId, verifyingContract, salt] = await tender.eip712Domain();
    const domain = await domainOf(rules, rules.at.SealedBidTender);
    expect({ name, version, chainId, verifyingContract, salt }).to.deep.equal(domain);
  });
});
