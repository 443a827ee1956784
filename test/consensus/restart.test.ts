// What survives a crash, and what is done about it: docs/consensus.md, "Restart" and "The signer".
import { expect } from "chai";
import { digestOf, finalize, notarize, nullify, Solo } from "./solo.ts";

const certificatesSent = (solo: Solo): string[] =>
  solo
    .sent()
    .flatMap((m) => (m.kind === "certificate" ? [`${m.certificate.vote.kind} ${m.certificate.vote.view}`] : []));

describe("consensus: restart", () => {
  it("resends its votes of the current view and its certificate for the previous one", () => {
    const solo = new Solo();
    solo.receiveCertificate(solo.nullification(1));
    const block = solo.block(2);
    solo.propose(block);
    solo.fire("notarization");
    const again = solo.restart();
    expect(again.state.current).to.equal(2);
    expect(again.cast()).to.deep.equal(["notarize 2", "nullify 2"]);
    expect(again.sent().filter(({ kind }) => kind === "vote")).to.have.length(2);
    expect(certificatesSent(again)).to.deep.equal(["nullify 1"]);
  });

  it("a leader resends its block with its vote, never another block", () => {
    const solo = new Solo({ self: 1, build: false });
    solo.available("some");
    solo.fire("pace");
    const block = solo.block(1);
    solo.feed({ kind: "built", block });
    const again = solo.restart();
    const [proposal] = again.sent().filter(({ kind }) => kind === "proposal");
    expect(proposal?.kind === "proposal" && proposal.block.digest).to.equal(block.digest);
    again.available("some");
    expect(again.all("build")).to.have.length(0);
  });

  it("a leader whose block was logged but not its vote proposes that block", () => {
    const solo = new Solo({ self: 1, build: false });
    solo.available("some");
    solo.fire("pace");
    const block = solo.block(1);
    solo.feed({ kind: "built", block });
    const records = solo.persisted().filter(({ kind }) => kind !== "vote");
    const again = solo.restart({ recovered: { records, guardVotes: [] } });
    again.available("some");
    again.fire("pace");
    expect(again.all("build")).to.have.length(0);
    expect(again.cast()).to.deep.equal(["notarize 1"]);
    expect(again.all("castVote")[0]?.vote).to.have.property("digest", block.digest);
  });

  it("re-arms timers and retries: a view that was given up is still being repeated", () => {
    const solo = new Solo();
    solo.available("some");
    solo.fire("leader");
    const again = solo.restart();
    expect(again.durationOf("retry")).to.equal(500);
    expect(again.sent(again.fire("retry")).map(({ kind }) => kind)).to.deep.equal(["vote"]);
  });

  it("logs nothing again that is in the log", () => {
    const solo = new Solo();
    solo.propose(solo.block(1));
    expect(solo.restart().persisted()).to.deep.equal([]);
  });

  it("enters the view after the highest certificate or Finalize, or that of its highest vote", () => {
    const solo = new Solo();
    solo.receiveCertificate(solo.notarization(5, digestOf("a")));
    expect(solo.restart().state.current).to.equal(6);
    solo.available("some");
    solo.receiveVotes([0], nullify(6));
    solo.fire("leader");
    expect(solo.restart().state.current).to.equal(6);
    expect(solo.restart().cast()).to.deep.equal(["nullify 6"]);
  });

  it("a second proposal after a restart gets no vote", () => {
    const solo = new Solo();
    solo.propose(solo.block(1));
    const again = solo.restart();
    expect(again.cast(again.propose(again.block(1, { transactions: ["other"] })))).to.deep.equal([]);
  });

  it("executes and commits what was final before the crash", () => {
    const solo = new Solo({ execute: false });
    const block = solo.block(1);
    solo.propose(block);
    solo.receiveCertificate(solo.finalization(1, block.digest));
    expect(solo.all("commit")).to.have.length(0);
    const again = solo.restart({ execute: true });
    expect(again.all("commit").map((commit) => commit.block.digest)).to.deep.equal([block.digest]);
  });

  it("goes on from the committed tip with a compacted log", () => {
    const solo = new Solo();
    const first = solo.block(1);
    const second = solo.block(2, { parent: first });
    for (const block of [first, second]) {
      solo.propose(block);
      solo.receiveCertificate(solo.notarization(block.header.view, block.digest));
      solo.receiveCertificate(solo.finalization(block.header.view, block.digest));
    }
    const { committed } = solo.state;
    expect(committed.height).to.equal(2);
    const viewOf = { block: 2, certificate: 2, vote: 2 };
    const records = solo.persisted().filter((record) => {
      const view =
        record.kind === "block"
          ? record.block.header.view
          : (record.kind === "vote" ? record : record.certificate).vote.view;
      return view >= viewOf[record.kind];
    });
    const again = solo.restart({ self: 1, build: false, recovered: { committed, records, guardVotes: [] } });
    expect(again.state.current).to.equal(3);
    expect(again.state.committed.height).to.equal(2);
  });
});

describe("consensus: a doubtful signer", () => {
  const lost = { guardVotes: [notarize(4, digestOf("a"))], records: [] };

  it("signs nothing when the guard has signed what the log does not hold", () => {
    const solo = new Solo({ recovered: lost });
    expect(solo.all("raiseAlarm").map(({ code }) => code)).to.deep.equal(["SIGNING_DOUBTFUL"]);
    solo.propose(solo.block(1));
    solo.receiveCertificate(solo.notarization(5, digestOf("b")));
    solo.receiveVotes([0], nullify(6));
    solo.fire("notarization");
    expect(solo.cast()).to.deep.equal([]);
  });

  it("signs again from the highest view reported by n − f validators + 2", () => {
    const solo = new Solo({ recovered: lost });
    const status = (view: number) => ({ kind: "status", epoch: 0, view, height: 0, signedEpoch: 0 }) as never;
    solo.receive(0, status(9));
    solo.receive(0, status(9));
    solo.receive(1, status(7));
    expect(solo.all("resumeSigning")).to.have.length(0);
    solo.receiveVotes([2], nullify(8));
    expect(solo.all("resumeSigning").map(({ fromView }) => fromView)).to.deep.equal([11]);
    solo.receiveCertificate(solo.notarization(10, digestOf("b")));
    expect(solo.cast()).to.deep.equal([]);
    solo.receiveCertificate(solo.notarization(11, digestOf("c")));
    expect(solo.cast()).to.deep.equal(["finalize 11"]);
  });

  it("has no doubt when the guard's last votes are in the log, or older than the committed block", () => {
    const solo = new Solo();
    solo.propose(solo.block(1));
    expect(solo.restart().all("raiseAlarm")).to.deep.equal([]);
    const block = solo.block(9);
    const committed = { ...solo.genesis, digest: block.digest, view: block.header.view, height: block.header.height };
    const older = new Solo({ recovered: { committed, guardVotes: [finalize(8, digestOf("a"))] } });
    expect(older.all("raiseAlarm")).to.deep.equal([]);
  });

  it("a vote that the guard refuses is not sent, and the operator is told", () => {
    const solo = new Solo({ sign: false });
    solo.propose(solo.block(1));
    const vote = solo.all("castVote")[0]?.vote;
    expect(vote).to.not.equal(undefined);
    solo.feed({ kind: "voteRefused", vote: vote as NonNullable<typeof vote>, reason: "a lower view" });
    expect(solo.all("raiseAlarm").map(({ code }) => code)).to.deep.equal(["GUARD_REFUSED"]);
    expect(solo.sent()).to.deep.equal([]);
  });
});
