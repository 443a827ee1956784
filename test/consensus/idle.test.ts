// When there is nothing to order: docs/consensus.md, "Idle" and "Pace".
import { expect } from "chai";
import type { SealedBlock } from "../../node/types/block.ts";
import { digestOf, notarize, nullify, Solo } from "./solo.ts";

function makeFinal(solo: Solo, block: SealedBlock): void {
  solo.propose(block);
  solo.receiveCertificate(solo.notarization(block.header.view, block.digest));
  solo.receiveCertificate(solo.finalization(block.header.view, block.digest));
  expect(solo.state.committed.digest).to.equal(block.digest);
}

const isWaiting = (solo: Solo): boolean =>
  solo.durationOf("leader") === undefined && solo.durationOf("notarization") === undefined;

describe("consensus: idle", () => {
  it("the timers wait on a new chain, and run once there is a transaction", () => {
    const solo = new Solo();
    expect(isWaiting(solo)).to.equal(true);
    solo.available("some");
    expect(isWaiting(solo)).to.equal(false);
  });

  it("goes on until the result of a non-empty block stands in a finalized header", () => {
    const solo = new Solo();
    const full = solo.block(1, { transactions: ["a"] });
    makeFinal(solo, full);
    // Final, but its result is in no header yet.
    expect(isWaiting(solo)).to.equal(false);
    const empty = solo.block(2, { parent: full });
    solo.propose(empty);
    solo.receiveCertificate(solo.notarization(2, empty.digest));
    // In a header, but in none that is final.
    expect(isWaiting(solo)).to.equal(false);
    makeFinal(solo, solo.block(4, { parent: empty }));
    expect(isWaiting(solo)).to.equal(true);
  });

  it("goes on while a non-empty block is notarized and not final", () => {
    const solo = new Solo();
    const block = solo.block(1, { transactions: ["a"] });
    solo.propose(block);
    solo.receiveCertificate(solo.notarization(1, block.digest));
    expect(isWaiting(solo)).to.equal(false);
  });

  it("an empty block behind a settled chain lets the wait begin at once", () => {
    const solo = new Solo();
    const block = solo.block(1);
    solo.propose(block);
    solo.receiveCertificate(solo.notarization(1, block.digest));
    expect(solo.state.current).to.equal(2);
    expect(isWaiting(solo)).to.equal(true);
  });

  it("ends the wait heartbeatMs after the last notarization", () => {
    const solo = new Solo();
    solo.fire("heartbeat");
    expect(isWaiting(solo)).to.equal(false);
    const block = solo.block(1);
    solo.propose(block);
    solo.receiveCertificate(solo.notarization(1, block.digest));
    expect(isWaiting(solo)).to.equal(true);
    expect(solo.durationOf("heartbeat")).to.equal(5_000);
  });

  it("any valid vote for my current view by another validator ends the wait", () => {
    const solo = new Solo();
    const forged = { ...solo.vote(0, nullify(1)), signer: 2 as never };
    solo.receive(2, { kind: "vote", vote: forged });
    expect(isWaiting(solo)).to.equal(true);
    solo.receiveVotes([0], nullify(1));
    expect(isWaiting(solo)).to.equal(false);
  });

  it("a vote for the view that came before the view was entered ends the wait, too", () => {
    const solo = new Solo();
    solo.receiveVotes([0], nullify(2));
    expect(isWaiting(solo)).to.equal(true);
    solo.receiveCertificate(solo.nullification(1));
    expect(isWaiting(solo)).to.equal(false);
  });

  it("any valid proposal for my current view ends the wait", () => {
    const solo = new Solo();
    solo.propose(solo.block(1));
    expect(solo.durationOf("notarization")).to.equal(1_500);
  });

  it("the leader then builds, if need be an empty block", () => {
    const solo = new Solo({ self: 1, build: false });
    solo.fire("pace");
    expect(solo.all("build")).to.have.length(0);
    solo.receiveVotes([0], nullify(1));
    expect(solo.all("build").map(({ request }) => request.view)).to.deep.equal([1]);
  });

  it("pace: the leader waits blockIntervalMs after entering the view, unless the block would be full", () => {
    const patient = new Solo({ self: 1, build: false });
    patient.available("some");
    expect(patient.durationOf("pace")).to.equal(50);
    expect(patient.all("build")).to.have.length(0);
    patient.fire("pace");
    expect(patient.all("build")).to.have.length(1);
    const full = new Solo({ self: 1, build: false });
    full.available("full");
    expect(full.all("build")).to.have.length(1);
  });

  it("asks about the block that it would extend, and forgets what was said about another", () => {
    const solo = new Solo();
    expect(solo.all("watch").map(({ parent }) => parent)).to.deep.equal([solo.genesis.digest]);
    const block = solo.block(1);
    solo.propose(block);
    solo.receiveCertificate(solo.notarization(1, block.digest));
    expect(solo.all("watch").at(-1)?.parent).to.equal(block.digest);
    solo.feed({ kind: "available", parent: solo.genesis.digest, transactions: "some" });
    expect(isWaiting(solo)).to.equal(true);
    solo.available("some");
    expect(isWaiting(solo)).to.equal(false);
  });

  it("a vote for another view, or one's own, does not end the wait", () => {
    const solo = new Solo();
    solo.receiveVotes([0], notarize(3, digestOf("a")));
    expect(isWaiting(solo)).to.equal(true);
  });
});
