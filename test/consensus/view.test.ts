// Entering views, timers, silent leaders, repeating and answering: docs/consensus.md, "Rules".
import { expect } from "chai";
import { requireWorkable } from "../../node/consensus/create.ts";
import { View } from "../../node/types/brands.ts";
import { digestOf, nullify, parameters, Solo } from "./solo.ts";

/** Lets views be nullified one after the other, by these signers, until `view` is current. */
function goTo(solo: Solo, view: number, signers: readonly number[] = [0, 1, 2]): void {
  for (let at = solo.state.current; at < view; at++) solo.receiveCertificate(solo.nullification(at, signers));
  expect(solo.state.current).to.equal(view);
}

describe("consensus: views and timers", () => {
  it("starts by entering view 1", () => {
    expect(new Solo().state.current).to.equal(1);
  });

  it("sets tL and tA, doubled with each view nullified in a row up to the maximum, back to the base on a notarization", () => {
    const solo = new Solo({ parameters: { skipInactiveViews: 100 } });
    solo.available("some");
    const seen: (number | undefined)[][] = [];
    for (let view = 1; view <= 6; view++) {
      goTo(solo, view);
      seen.push([solo.durationOf("leader"), solo.durationOf("notarization")]);
      solo.receive(0, { kind: "vote", vote: solo.vote(0, nullify(solo.state.current)) });
    }
    expect(seen[0]).to.deep.equal([1_000, 1_500]);
    expect(solo.durationOf("leader")).to.equal(8_000);
    goTo(solo, 7);
    solo.receiveCertificate(solo.notarization(7, digestOf("a")));
    solo.receive(1, { kind: "vote", vote: solo.vote(1, nullify(8)) });
    expect(solo.durationOf("leader")).to.equal(1_000);
  });

  it("doubles once for each nullified view", () => {
    const solo = new Solo();
    goTo(solo, 3);
    solo.receive(0, { kind: "vote", vote: solo.vote(0, nullify(3)) });
    expect(solo.durationOf("notarization")).to.equal(6_000);
  });

  it("cancels the leader's timer on a proposal, and all timers of a view on leaving it", () => {
    const solo = new Solo();
    solo.available("some");
    solo.propose(solo.block(1));
    expect(solo.durationOf("leader")).to.equal(undefined);
    solo.fire("notarization");
    expect(solo.durationOf("retry")).to.equal(500);
    goTo(solo, 2);
    expect(solo.durationOf("retry")).to.equal(undefined);
  });

  it("ignores a timer that fires after it was cancelled", () => {
    const solo = new Solo();
    solo.available("some");
    const id = solo.state.timers.get("leader") as number;
    goTo(solo, 2);
    expect(solo.cast(solo.feed({ kind: "timerFired", timer: "leader", id }))).to.deep.equal([]);
  });

  it("tL = 0 for a silent leader while a quorum is not silent", () => {
    const solo = new Solo();
    // Validator 0 leads views 4, 8, 12, ... and says nothing; with n = 4, silence begins after 12 views.
    goTo(solo, 16, [1, 2, 3]);
    expect(solo.state.current % 4).to.equal(0);
    solo.receive(1, { kind: "vote", vote: solo.vote(1, nullify(16)) });
    expect(solo.durationOf("leader")).to.equal(0);
    expect(solo.cast(solo.fire("leader"))).to.deep.equal(["nullify 16"]);
  });

  it("tL is not 0 for a leader heard from within the last skipInactiveViews × n views", () => {
    const solo = new Solo();
    goTo(solo, 8, [1, 2, 3]);
    solo.receive(0, { kind: "vote", vote: solo.vote(0, nullify(8)) });
    goTo(solo, 20, [1, 2, 3]);
    solo.receive(1, { kind: "vote", vote: solo.vote(1, nullify(20)) });
    expect(solo.durationOf("leader")).to.be.greaterThan(0);
  });

  it("tL is not 0 when fewer than a quorum are not silent", () => {
    // Of seven validators, five of which are a quorum, 0 and 1 have fallen silent.
    const solo = new Solo({ validators: 7, self: 6 });
    goTo(solo, 28, [2, 3, 4, 5, 6]);
    const atRest = solo.state;
    solo.receiveVotes([3], nullify(28));
    expect(solo.durationOf("leader")).to.equal(0);
    // The same moment, had validator 2 fallen silent as well.
    solo.state = { ...atRest, lastActive: atRest.lastActive.with(2, View(0)) };
    solo.receiveVotes([3], nullify(28));
    expect(solo.durationOf("leader")).to.be.greaterThan(0);
  });

  it("the leader itself never uses tL = 0", () => {
    const solo = new Solo({ self: 0 });
    for (let view = 1; view < 16; view++) solo.receiveCertificate(solo.nullification(view, [1, 2, 3]), 1);
    solo.receiveVotes([1], nullify(16));
    expect(solo.state.current).to.equal(16);
    expect(solo.durationOf("leader")).to.be.greaterThan(0);
  });

  it("after a timeout resends its votes, its best certificate for v − 1 and its highest finalization every tR", () => {
    const solo = new Solo();
    const block = solo.block(1);
    solo.propose(block);
    solo.receiveCertificate(solo.notarization(1, block.digest));
    solo.receiveCertificate(solo.finalization(1, block.digest));
    goTo(solo, 3);
    solo.available("some");
    solo.fire("notarization");
    for (let i = 0; i < 3; i++) {
      const sent = solo
        .sent(solo.fire("retry"))
        .map((message) =>
          message.kind === "certificate"
            ? `${message.certificate.vote.kind} ${message.certificate.vote.view}`
            : message.kind,
        );
      expect(sent).to.deep.equal(["nullify 2", "finalize 1", "vote"]);
    }
  });

  it("stale reply: a vote for a view below mine is answered with my certificate for current − 1 and my highest finalization", () => {
    const solo = new Solo();
    solo.receiveCertificate(solo.finalization(1, digestOf("a")));
    solo.receiveCertificate(solo.nullification(2));
    const answer = solo.sent(solo.receiveVotes([0], nullify(1)), 0);
    expect(answer.map((message) => message.kind === "certificate" && message.certificate.vote)).to.deep.equal([
      solo.nullification(2).vote,
      solo.finalization(1, digestOf("a")).vote,
    ]);
  });

  it("stale reply: a vote for my current view is answered with my highest finalization", () => {
    const solo = new Solo();
    solo.receiveCertificate(solo.finalization(1, digestOf("a")));
    const [answer] = solo.sent(solo.receiveVotes([0], nullify(2)), 0);
    expect(answer?.kind === "certificate" && answer.certificate.vote.kind).to.equal("finalize");
  });

  it("stale reply: repeated votes are answered too, but each peer only once in half of tR", () => {
    const solo = new Solo();
    solo.receiveCertificate(solo.nullification(1));
    expect(solo.sent(solo.receiveVotes([0], nullify(1)), 0)).to.have.length(1);
    expect(solo.sent(solo.receiveVotes([0], nullify(1)), 0)).to.have.length(0);
    expect(solo.sent(solo.receiveVotes([1], nullify(1)), 1)).to.have.length(1);
    expect(solo.durationOf("reply")).to.equal(250);
    solo.fire("reply");
    expect(solo.sent(solo.receiveVotes([0], nullify(1)), 0)).to.have.length(1);
  });

  it("refuses timeouts that cannot work", () => {
    requireWorkable(parameters);
    const unworkable = [{ leaderTimeoutMs: 200 }, { notarizationTimeoutMs: 1_000 }, { maxTimeoutMs: 1_000 }];
    for (const change of unworkable) {
      expect(() => requireWorkable({ ...parameters, ...change }))
        .to.throw()
        .with.property("code", "UNWORKABLE_TIMEOUTS");
    }
  });
});
