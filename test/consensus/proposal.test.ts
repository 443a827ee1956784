// Checking proposals and making them: docs/consensus.md, "Rules", "Justification", "Time", "Deferred execution".
import { expect } from "chai";
import type { SealedBlock } from "../../node/types/block.ts";
import { digestOf, nullify, Solo, type SoloOptions } from "./solo.ts";

/** A validator that stands in view 2, on a notarized and executed block of view 1. */
function onFirst(options: SoloOptions = {}): { solo: Solo; first: SealedBlock } {
  const solo = new Solo(options);
  const first = solo.block(1);
  solo.propose(first);
  solo.receiveCertificate(solo.notarization(1, first.digest));
  return { solo, first };
}

const reported = (solo: Solo) => solo.all("reportPeer").map(({ peer, code }) => `${code} by ${peer}`);

describe("consensus: checking a proposal", () => {
  const faults: [string, (solo: Solo, first: SealedBlock) => SealedBlock][] = [
    ["WRONG_CHAIN", (solo, parent) => solo.block(2, { parent, header: { chainId: 8 } })],
    ["WRONG_EPOCH", (solo, parent) => solo.block(2, { parent, header: { epoch: 1 as never } })],
    ["WRONG_POSITION", (solo, parent) => solo.block(2, { parent, header: { height: 3 as never } })],
    ["TIME_WENT_BACK", (solo, parent) => solo.block(2, { parent, header: { timestampMs: parent.header.timestampMs } })],
    [
      "TIME_JUMPED",
      (solo, parent) => solo.block(2, { parent, header: { timestampMs: parent.header.timestampMs + 60_001 } }),
    ],
    [
      "WRONG_PARENT_RESULT",
      (solo, parent) => solo.block(2, { parent, header: { parentExecutionHash: digestOf("x") } }),
    ],
    ["TOO_MANY_TRANSACTIONS", (solo, parent) => solo.block(2, { parent, transactions: Array(11).fill("t") })],
    ["TOO_MANY_BYTES", (solo, parent) => solo.block(2, { parent, transactions: ["x".repeat(10_001)] })],
    ["BAD_JUSTIFICATION", (solo, parent) => solo.block(2, { parent, justification: { parent: undefined } })],
    [
      "BAD_JUSTIFICATION",
      (solo, parent) => {
        const { signatures, ...notarization } = solo.notarization(1, parent.digest);
        return solo.block(2, {
          parent,
          justification: { parent: { ...notarization, signatures: signatures.toReversed() } },
        });
      },
    ],
    [
      "BAD_JUSTIFICATION",
      (solo, parent) => solo.block(2, { parent, justification: { nullifications: [solo.nullification(1)] } }),
    ],
  ];

  for (const [code, make] of faults) {
    it(`${code}: the leader is reported and the view given up`, () => {
      const { solo, first } = onFirst();
      const effects = solo.propose(make(solo, first));
      expect(reported(solo)).to.deep.equal([`${code} by 2`]);
      expect(solo.cast(effects)).to.deep.equal(["nullify 2"]);
    });
  }

  it("a block that somebody else than the view's leader signs is no proposal", () => {
    const solo = new Solo();
    const block = solo.block(1);
    const { kind, ...vote } = solo.vote(1, {
      kind: "notarize",
      epoch: 0 as never,
      view: 1 as never,
      digest: block.digest,
    }).vote;
    void kind;
    solo.receive(2, { kind: "proposal", block, vote: solo.vote(2, { kind: "notarize", ...vote } as never) });
    expect(solo.cast()).to.deep.equal([]);
    expect(reported(solo)).to.deep.equal(["BAD_PROPOSAL by 2"]);
  });

  it("an invalid block by the application's word: Nullify, if its view is still current", () => {
    const solo = new Solo({ verify: false });
    const block = solo.block(1);
    solo.propose(block);
    const result = { verdict: "invalid", code: "BAD_NONCE", reason: "nonce 3 instead of 2" } as const;
    expect(solo.cast(solo.feed({ kind: "verified", digest: block.digest, result }))).to.deep.equal(["nullify 1"]);
    expect(reported(solo)).to.deep.equal(["BAD_NONCE by 1"]);
  });

  it("a verdict that comes after the view has passed is ignored", () => {
    const solo = new Solo({ verify: false });
    const block = solo.block(1);
    solo.propose(block);
    solo.receiveCertificate(solo.nullification(1));
    for (const result of [{ verdict: "valid" }, { verdict: "invalid", code: "X", reason: "x" }] as const) {
      expect(solo.cast(solo.feed({ kind: "verified", digest: block.digest, result }))).to.deep.equal([]);
    }
  });

  it("a pending verdict is none: the application is asked again", () => {
    const solo = new Solo({ verify: false });
    const block = solo.block(1);
    solo.propose(block);
    solo.feed({
      kind: "verified",
      digest: block.digest,
      result: { verdict: "pending", reason: "clock", retryAfterMs: 30 },
    });
    expect(solo.cast()).to.deep.equal([]);
    expect(solo.durationOf("verify")).to.equal(30);
    expect(solo.all("verify", solo.fire("verify"))).to.have.length(1);
    solo.feed({ kind: "verified", digest: block.digest, result: { verdict: "valid" } });
    expect(solo.cast()).to.deep.equal(["notarize 1"]);
  });

  it("waits for its own result of the parent", () => {
    const solo = new Solo({ execute: false });
    const first = solo.block(1);
    const second = solo.block(2, { parent: first });
    solo.propose(first);
    solo.receiveCertificate(solo.notarization(1, first.digest));
    expect(solo.cast(solo.propose(second))).to.deep.equal([]);
    expect(solo.cast(solo.feed(solo.executed(first)))).to.deep.equal(["notarize 2"]);
  });

  it("executes a proposal as soon as it is found valid, and a notarized one in any case", () => {
    const solo = new Solo();
    const first = solo.block(1);
    solo.propose(first);
    expect(solo.all("execute").map(({ block }) => block.digest)).to.deep.equal([first.digest]);
    const other = new Solo({ verify: false });
    other.propose(first);
    expect(other.all("execute")).to.have.length(0);
    other.receiveCertificate(other.notarization(1, first.digest));
    expect(other.all("execute").map(({ block }) => block.digest)).to.deep.equal([first.digest]);
  });

  it("accepts any covered parent, not only the highest", () => {
    const { solo } = onFirst();
    solo.receiveCertificate(solo.nullification(1));
    // View 1 is both notarized and nullified, so genesis may be extended as well.
    expect(solo.cast(solo.propose(solo.block(2)))).to.deep.equal(["notarize 2"]);
  });

  it("raises an alarm after three refusals in a row because of another result", () => {
    const solo = new Solo({ self: 0 });
    for (const view of [1, 2, 3]) {
      solo.propose(solo.block(view, { header: { parentExecutionHash: digestOf("theirs") } }));
      solo.receiveCertificate(solo.nullification(view), 1);
    }
    expect(solo.all("raiseAlarm").map(({ code }) => code)).to.deep.equal(["EXECUTION_MISMATCHES"]);
  });

  it("a long run of nullified views: the block carries the highest, the rest is fetched before the vote", () => {
    const limits = { certificatesPerMessageMax: 4 };
    const solo = new Solo({ limits });
    const block = solo.block(10);
    expect(block.justification.nullifications.map(({ vote }) => vote.view)).to.deep.equal([6, 7, 8, 9]);
    expect(solo.cast(solo.propose(block))).to.deep.equal([]);
    const request = solo.all("send").at(-1)?.message;
    expect(request).to.deep.equal({ kind: "fetchViews", epoch: 0, fromView: 1, toView: 5 });
    solo.receive(2, { kind: "certificates", certificates: [5, 4, 3, 2].map((view) => solo.nullification(view)) });
    expect(solo.cast()).to.deep.equal([]);
    expect(solo.all("send").at(-1)?.message).to.deep.equal({ kind: "fetchViews", epoch: 0, fromView: 1, toView: 1 });
    solo.receive(2, { kind: "certificates", certificates: [solo.nullification(1)] });
    expect(solo.cast()).to.deep.equal(["notarize 10"]);
  });
});

describe("consensus: leading", () => {
  it("extends the highest notarized block, with the nullifications of the skipped views", () => {
    const solo = new Solo({ build: false });
    const first = solo.block(1);
    solo.propose(first);
    solo.receiveCertificate(solo.notarization(1, first.digest));
    solo.receiveCertificate(solo.nullification(2));
    solo.available("some");
    solo.fire("pace");
    const request = solo.all("build").at(-1)?.request;
    expect(request).to.include({ view: 3, height: 2, parentView: 1, parentDigest: first.digest, empty: false });
    expect(request?.parentExecutionHash).to.equal(solo.resultOf(first));
    expect(request?.timestampMinMs).to.equal(first.header.timestampMs + 1);
    expect(request?.timestampMaxMs).to.equal(first.header.timestampMs + 60_000);
    expect(request?.justification.parent?.vote).to.deep.equal(solo.notarization(1, first.digest).vote);
    expect(request?.justification.nullifications.map(({ vote }) => vote)).to.deep.equal([nullify(2)]);
  });

  it("logs its block, then its vote, then sends both together", () => {
    const solo = new Solo({ self: 1 });
    solo.available("some");
    const effects = solo.fire("pace");
    const kinds = effects.map((effect) => (effect.kind === "persist" ? effect.record.kind : effect.kind));
    expect(kinds.filter((kind) => ["block", "vote", "castVote", "broadcast"].includes(kind))).to.deep.equal([
      "block",
      "vote",
      "castVote",
      "broadcast",
    ]);
    expect(solo.sent(effects)[0]?.kind).to.equal("proposal");
  });

  it("gives up on its view when it cannot build", () => {
    const solo = new Solo({ self: 1, build: false });
    solo.available("some");
    solo.fire("pace");
    expect(solo.cast(solo.feed({ kind: "buildFailed", view: 1 as never, reason: "no" }))).to.deep.equal(["nullify 1"]);
  });

  it("a block that is built too late is ignored", () => {
    const solo = new Solo({ self: 1, build: false });
    solo.available("some");
    solo.fire("pace");
    const block = solo.block(1);
    solo.receiveCertificate(solo.nullification(1));
    expect(solo.feed({ kind: "built", block })).to.deep.equal([]);
  });

  it("works alone: one validator notarizes and finalizes by itself", () => {
    const solo = new Solo({ validators: 1, self: 0 });
    for (let height = 1; height <= 3; height++) {
      solo.available("some");
      solo.fire("pace");
      expect(solo.state.committed.height).to.equal(height);
    }
  });
});
