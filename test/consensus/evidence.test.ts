// Contradictions and what is done about them: docs/consensus.md, "Accountability".
import { expect } from "chai";
import type { Evidence } from "../../node/types/evidence.ts";
import { digestOf, finalize, notarize, nullify, Solo } from "./solo.ts";

const [a, b] = [digestOf("a"), digestOf("b")];
const evidenceOf = (solo: Solo): Evidence[] => solo.all("reportEvidence").map(({ evidence }) => evidence);
const kindsOf = (solo: Solo): string[] => evidenceOf(solo).map(({ kind, offender }) => `${kind} by ${offender}`);

describe("consensus: evidence", () => {
  const pairs = [
    ["conflictingNotarize", notarize(1, a), notarize(1, b)],
    ["conflictingFinalize", finalize(1, a), finalize(1, b)],
    ["nullifyFinalize", nullify(1), finalize(1, b)],
    ["finalizeOther", notarize(1, a), finalize(1, b)],
  ] as const;

  for (const [kind, first, second] of pairs) {
    for (const [order, votes] of [
      ["in order", [first, second]],
      ["in reverse", [second, first]],
    ] as const) {
      it(`${kind} is found in two votes, ${order}`, () => {
        const solo = new Solo();
        for (const vote of votes) solo.receiveVotes([2], vote);
        expect(kindsOf(solo)).to.deep.equal([`${kind} by 2`]);
      });
    }

    it(`${kind} is found where certificates intersect`, () => {
      const solo = new Solo();
      solo.receiveCertificate(solo.certificate(first, [0, 1, 2]));
      solo.receiveCertificate(solo.certificate(second, [1, 2, 3]));
      // Validator 3 is the one under test, and signed only once.
      expect(kindsOf(solo).sort()).to.deep.equal([`${kind} by 1`, `${kind} by 2`]);
    });

    it(`${kind} is the same evidence, whichever vote came first`, () => {
      const solos = [new Solo(), new Solo()];
      solos.forEach((solo, i) => {
        for (const vote of i === 0 ? [first, second] : [second, first]) solo.receiveVotes([2], vote);
      });
      expect(evidenceOf(solos[0] as Solo)).to.deep.equal(evidenceOf(solos[1] as Solo));
    });
  }

  it("honest pairs are no evidence", () => {
    const solo = new Solo();
    for (const vote of [notarize(1, a), finalize(1, a)]) solo.receiveVotes([0], vote);
    for (const vote of [notarize(1, a), nullify(1)]) solo.receiveVotes([1], vote);
    for (const vote of [notarize(1, a), notarize(2, b), finalize(3, b), nullify(4)]) solo.receiveVotes([2], vote);
    expect(kindsOf(solo)).to.deep.equal([]);
  });

  it("is reported once, and a third vote is dropped without a look", () => {
    const solo = new Solo();
    for (const digest of [a, b, digestOf("c"), digestOf("d")]) solo.receiveVotes([2], notarize(1, digest));
    expect(kindsOf(solo)).to.deep.equal(["conflictingNotarize by 2"]);
  });

  it("is sought in votes and certificates of past views", () => {
    const solo = new Solo();
    solo.receiveVotes([2], notarize(1, a));
    solo.receiveCertificate(solo.nullification(30, [0, 1, 2]));
    solo.receiveCertificate(solo.certificate(notarize(1, b), [0, 1, 2]));
    expect(kindsOf(solo)).to.deep.equal(["conflictingNotarize by 2"]);
  });

  it("is sought in the justifications of blocks", () => {
    const solo = new Solo();
    solo.receiveVotes([2], finalize(1, a));
    solo.propose(solo.block(2));
    expect(kindsOf(solo)).to.deep.equal(["nullifyFinalize by 2"]);
  });

  it("needs valid signatures: nobody is accused by a forged vote, and who sends it is reported", () => {
    const solo = new Solo();
    solo.receiveVotes([2], notarize(1, a));
    solo.receive(1, { kind: "vote", vote: { ...solo.vote(1, notarize(1, b)), signer: 2 as never } });
    expect(kindsOf(solo)).to.deep.equal([]);
    expect(solo.all("reportPeer").map(({ peer, code }) => [peer, code])).to.deep.equal([[1, "INVALID_SIGNATURE"]]);
  });

  it("a vote for another digest than the leader showed me is answered with the leader's Notarize, once", () => {
    const solo = new Solo();
    const mine = solo.block(1);
    solo.propose(mine);
    const effects = solo.receiveVotes([2], notarize(1, b));
    const [answer] = solo.sent(effects, 2);
    expect(answer?.kind === "vote" && answer.vote).to.deep.equal(solo.vote(1, notarize(1, mine.digest)));
    expect(solo.sent(solo.receiveVotes([2], finalize(1, b)), 2)).to.deep.equal([]);
  });

  it("the leader's Notarize is also sent to those who voted for another block before it came", () => {
    const solo = new Solo();
    solo.receiveVotes([2], notarize(1, b));
    const effects = solo.propose(solo.block(1));
    expect(solo.sent(effects, 2).map(({ kind }) => kind)).to.deep.equal(["vote"]);
    expect(solo.sent(effects, 0)).to.deep.equal([]);
  });

  it("its own key in other hands is an alarm, not evidence", () => {
    const solo = new Solo();
    solo.propose(solo.block(1));
    solo.receiveCertificate(solo.certificate(notarize(1, b), [0, 2, 3]));
    expect(kindsOf(solo)).to.deep.equal([]);
    expect(solo.all("raiseAlarm").map(({ code }) => code)).to.deep.equal(["OWN_KEY_EQUIVOCATED"]);
  });
});
