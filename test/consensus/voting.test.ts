// What a validator says in a view: docs/consensus.md, "Rules".
import { expect } from "chai";
import { castsVote, digestOf, finalize, notarize, nullify, positionOf, Solo } from "./solo.ts";

describe("consensus: voting", () => {
  it("votes for a valid proposal of the current view's leader", () => {
    const solo = new Solo();
    expect(solo.cast(solo.propose(solo.block(1)))).to.deep.equal(["notarize 1"]);
  });

  it("current only: a proposal of a past view gets no vote", () => {
    const solo = new Solo();
    const late = solo.block(1);
    solo.receiveCertificate(solo.nullification(1));
    expect(solo.state.current).to.equal(2);
    solo.receiveCertificate(solo.notarization(1, late.digest));
    expect(solo.cast(solo.propose(late))).to.deep.equal([]);
    expect(solo.cast()).to.not.include("notarize 1");
  });

  it("current only: a proposal of a future view gets a vote only once its justification has led there", () => {
    const solo = new Solo();
    const first = solo.block(1);
    const second = solo.block(2, { parent: first });
    const broken = solo.block(2, { parent: first, justification: { parent: undefined } });
    expect(solo.cast(solo.propose(broken))).to.deep.equal([]);
    expect(solo.state.current).to.equal(1);
    solo.propose(second);
    expect(solo.state.current).to.equal(2);
    expect(solo.cast()).to.deep.equal(["finalize 1"]);
    solo.receive(1, { kind: "blocks", blocks: [{ block: first, finalization: undefined }] });
    expect(solo.cast()).to.deep.equal(["finalize 1", "notarize 2"]);
  });

  it("any kind: after Nullify(v) there is no Notarize(v)", () => {
    const solo = new Solo();
    solo.available("some");
    expect(solo.cast(solo.fire("leader"))).to.deep.equal(["nullify 1"]);
    expect(solo.cast(solo.propose(solo.block(1)))).to.deep.equal([]);
  });

  it("any kind: after Finalize(v) there is no Notarize(v)", () => {
    const solo = new Solo();
    const block = solo.block(1);
    solo.receiveCertificate(solo.notarization(1, block.digest));
    expect(solo.cast()).to.deep.equal(["finalize 1"]);
    expect(solo.cast(solo.propose(block))).to.deep.equal([]);
  });

  it("any kind: a leader that has given up on its view does not propose in it", () => {
    const solo = new Solo({ self: 1, build: false });
    solo.available("some");
    solo.fire("pace");
    const request = solo.all("build").at(-1)?.request;
    expect(request?.view).to.equal(1);
    expect(solo.cast(solo.fire("notarization"))).to.deep.equal(["nullify 1"]);
    const effects = solo.feed({ kind: "built", block: solo.block(1) });
    expect(solo.cast(effects)).to.deep.equal([]);
    expect(solo.all("persist", effects)).to.deep.equal([]);
  });

  it("votes for the first of two proposals only", () => {
    const solo = new Solo();
    solo.propose(solo.block(1));
    expect(solo.cast(solo.propose(solo.block(1, { transactions: ["other"] })))).to.deep.equal([]);
  });

  it("Nullify(v) is allowed after Notarize(v)", () => {
    const solo = new Solo();
    solo.propose(solo.block(1));
    expect(solo.cast(solo.fire("notarization"))).to.deep.equal(["nullify 1"]);
  });

  it("finalizes what is notarized at or above the current view", () => {
    const solo = new Solo();
    expect(solo.cast(solo.receiveCertificate(solo.notarization(1, digestOf("a"))))).to.deep.equal(["finalize 1"]);
    expect(solo.cast(solo.receiveCertificate(solo.notarization(9, digestOf("b"))))).to.deep.equal(["finalize 9"]);
    expect(solo.state.current).to.equal(10);
  });

  it("no Finalize(v) when v is below the current view at acceptance", () => {
    const solo = new Solo();
    solo.receiveCertificate(solo.nullification(1));
    expect(solo.cast(solo.receiveCertificate(solo.notarization(1, digestOf("a"))))).to.deep.equal([]);
  });

  it("no Finalize(v) after Nullify(v)", () => {
    const solo = new Solo();
    solo.available("some");
    solo.fire("leader");
    expect(solo.cast(solo.receiveCertificate(solo.notarization(1, digestOf("a"))))).to.deep.equal([]);
    expect(solo.state.current).to.equal(2);
  });

  it("no Finalize(v, b) after Notarize(v, c)", () => {
    const solo = new Solo();
    solo.propose(solo.block(1));
    expect(solo.cast(solo.receiveCertificate(solo.notarization(1, digestOf("other"))))).to.deep.equal([]);
    expect(solo.state.current).to.equal(2);
  });

  it("no Nullify(v) after Finalize(v), and no second Finalize(v), across a restart", () => {
    const solo = new Solo();
    solo.receiveCertificate(solo.notarization(1, digestOf("a")));
    const again = solo.restart();
    expect(again.state.current).to.equal(2);
    again.receiveCertificate(again.notarization(1, digestOf("b")));
    again.receiveVotes([0, 1, 2], nullify(1));
    // The vote that may have been lost is repeated, and nothing is added to it.
    expect(again.cast()).to.deep.equal(["finalize 1"]);
  });

  it("every certificate that one of my votes relies on is durable before that vote leaves", () => {
    const solo = new Solo();
    const notarization = solo.notarization(1, digestOf("a"));
    const effects = solo.receiveCertificate(notarization);
    const logged = positionOf(effects, "the notarization is logged", (effect) => {
      return (
        effect.kind === "persist" && effect.record.kind === "certificate" && effect.record.certificate === notarization
      );
    });
    expect(logged).to.be.lessThan(positionOf(effects, "Finalize is cast", castsVote("finalize", 1)));
  });

  it("every certificate that moves me is durable before my vote in the view that it moved me to", () => {
    const solo = new Solo();
    const block = solo.block(2);
    const effects = solo.propose(block);
    expect(solo.state.current).to.equal(2);
    const logged = positionOf(effects, "the nullification of the skipped view is logged", (effect) => {
      return (
        effect.kind === "persist" &&
        effect.record.kind === "certificate" &&
        effect.record.certificate.vote.kind === "nullify"
      );
    });
    expect(logged).to.be.lessThan(positionOf(effects, "Notarize is cast", castsVote("notarize", 2)));
  });

  it("Notarize(v, b) requires b's body and justification durable", () => {
    const solo = new Solo();
    const block = solo.block(1);
    const effects = solo.propose(block);
    const logged = positionOf(effects, "the body is logged", (effect) => {
      return effect.kind === "persist" && effect.record.kind === "block" && effect.record.block === block;
    });
    expect(logged).to.be.lessThan(positionOf(effects, "Notarize is cast", castsVote("notarize", 1)));
    expect(solo.restart().state.blocks.has(block.digest)).to.equal(true);
  });

  it("what was notarized is served to who asks for it, before and after a restart", () => {
    const solo = new Solo();
    const block = solo.block(1);
    solo.propose(block);
    const request = { kind: "fetchBlock", digest: block.digest } as const;
    for (const life of [solo, solo.restart()]) {
      const [answer] = life.sent(life.receive(2, request), 2);
      expect(answer?.kind === "blocks" && answer.blocks[0]?.block.digest).to.equal(block.digest);
    }
  });

  it("every vote is logged before it is signed", () => {
    const solo = new Solo();
    solo.propose(solo.block(1));
    solo.fire("notarization");
    for (const { vote } of solo.all("castVote")) {
      const logged = positionOf(solo.effects, "the vote is logged", (effect) => {
        return effect.kind === "persist" && effect.record.kind === "vote" && effect.record.vote === vote;
      });
      expect(logged).to.be.lessThan(positionOf(solo.effects, "the vote is cast", castsVote(vote.kind, vote.view)));
    }
  });

  it("forms certificates from a quorum of votes, broadcasts each once, and counts nobody twice", () => {
    const solo = new Solo();
    const vote = notarize(1, digestOf("a"));
    solo.receiveVotes([0, 1, 0, 1, 1], vote);
    expect(solo.state.current).to.equal(1);
    solo.receiveVotes([2, 3], vote);
    solo.receiveCertificate(solo.notarization(1, digestOf("a")));
    const broadcast = solo
      .sent()
      .filter((message) => message.kind === "certificate" && message.certificate.vote.kind === "notarize");
    expect(broadcast).to.have.length(1);
    expect(solo.state.current).to.equal(2);
  });

  it("enters the next view on a finalization alone", () => {
    const solo = new Solo();
    solo.receiveVotes([0, 1, 2], finalize(4, digestOf("a")));
    expect(solo.state.current).to.equal(5);
  });
});
