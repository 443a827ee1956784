// What is done about a piece of evidence: one test for each rule of node/reporting/decide.ts.
import { expect } from "chai";
import { decide, type ReportingFacts } from "../../node/reporting/decide.ts";
import { reportingRank } from "../../node/reporting/reportingRank.ts";
import { Address, ValidatorIndex } from "../../node/types/brands.ts";

/** A validator of another organisation has contradicted itself, and nobody has said so yet. */
const found: ReportingFacts = {
  judgement: { verdict: "proven" },
  isOffenderSpent: false,
  reporterOrganisation: 1,
  offenderOrganisation: 2,
  hasCommitted: false,
  isRewardOpen: false,
};
const decided = (facts: Partial<ReportingFacts>, isTurn = true) => decide({ ...found, ...facts }, isTurn);

describe("what a validator does about evidence", () => {
  it("is to commit to it, when it is its turn", () => {
    expect(decided({})).to.deep.equal({ kind: "act", act: "commit" });
  });

  it("is to wait, while it is another's turn", () => {
    expect(decided({}, false)).to.deep.equal({ kind: "wait" });
  });

  it("is to show it once its commitment stands in a block, whoever's turn it is", () => {
    for (const isTurn of [true, false]) {
      expect(decided({ hasCommitted: true }, isTurn)).to.deep.equal({ kind: "act", act: "show" });
    }
  });

  it("is to show it for nothing, when the offender is of its own organisation", () => {
    expect(decided({ offenderOrganisation: 1 })).to.deep.equal({ kind: "act", act: "report" });
    expect(decided({ offenderOrganisation: 1 }, false)).to.deep.equal({ kind: "wait" });
  });

  it("is nothing once the fault is punished, whoever showed it", () => {
    const judgement = { verdict: "punished" } as const;
    for (const facts of [{}, { hasCommitted: true }, { isOffenderSpent: true }, { reporterOrganisation: 0 }]) {
      expect(decided({ judgement, ...facts })).to.deep.equal({ kind: "close", outcome: "punished" });
    }
  });

  it("is to claim the reward of its earlier commitment, when another showed the evidence for nothing", () => {
    const facts = { judgement: { verdict: "punished" }, hasCommitted: true, isRewardOpen: true } as const;
    expect(decided(facts, false)).to.deep.equal({ kind: "act", act: "show" });
  });

  it("is nothing more about an offender that is barred and has no stake left", () => {
    for (const facts of [{}, { hasCommitted: true }, { reporterOrganisation: 0 }]) {
      expect(decided({ isOffenderSpent: true, ...facts })).to.deep.equal({ kind: "close", outcome: "spent" });
    }
  });

  it("is to drop what is too old to count", () => {
    expect(decided({ judgement: { verdict: "expired" } })).to.deep.equal({ kind: "close", outcome: "expired" });
  });

  it("is to drop what the rules take for no proof", () => {
    const judgement = { verdict: "refuted", code: "VoteEquivocationConsistent" } as const;
    expect(decided({ judgement })).to.deep.equal({ kind: "close", outcome: "refuted" });
  });

  it("is to keep evidence against somebody who was no validator then, as far as the rules know", () => {
    expect(decided({ judgement: { verdict: "noValidator" } })).to.deep.equal({ kind: "keep", reason: "noValidator" });
  });

  it("is to keep it while its reporter belongs to no organisation", () => {
    expect(decided({ reporterOrganisation: 0 })).to.deep.equal({ kind: "keep", reason: "noMember" });
  });
});

describe("whose turn it is to report", () => {
  const validators = ["a", "b", "c", "d"].map((digit) => Address(`0x${digit.repeat(40)}`));
  const ranks = (offender: number) =>
    validators.map((self) => reportingRank(validators, self, ValidatorIndex(offender))).toSpliced(offender, 1);

  it("is each other validator's once, one after the other, from the one behind the offender on", () => {
    expect(ranks(3)).to.deep.equal([0, 1, 2]);
    expect(ranks(0)).to.deep.equal([0, 1, 2]);
    expect(ranks(1)).to.deep.equal([2, 0, 1]);
  });

  it("is last that of a validator that was not in the set", () => {
    expect(reportingRank(validators, Address(`0x${"e".repeat(40)}`), ValidatorIndex(0))).to.equal(3);
  });
});
