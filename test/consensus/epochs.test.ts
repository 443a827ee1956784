// One epoch's end and the next one's beginning: docs/consensus.md, "Epochs".
import { expect } from "chai";
import type { SealedBlock } from "../../node/types/block.ts";
import { Epoch, Height, View } from "../../node/types/brands.ts";
import type { PeerMessage } from "../../node/types/message.ts";
import type { Vote } from "../../node/types/vote.ts";
import { digestOf, finalize, nullify, Solo, type SoloOptions } from "./solo.ts";

const lastHeight = Height(2);
const base = { digest: digestOf("the last block"), view: View(7), height: Height(2) };
/** A node of the second epoch. */
const second = (options: SoloOptions = {}): Solo =>
  new Solo({ epoch: Epoch(1), base, ...options, recovered: { committed: tip(), ...options.recovered } });
const tip = () => ({ ...base, timestampMs: 5_000, executionHash: digestOf("its result"), changedState: false });
const inEpoch = <V extends Vote>(epoch: number, vote: V): V => ({ ...vote, epoch: Epoch(epoch) });

/** Blocks of views 1, 2, ... of which all were proposed and notarized. */
function notarized(solo: Solo, length: number): SealedBlock[] {
  const blocks: SealedBlock[] = [];
  for (let view = 1; view <= length; view++) {
    const parent = blocks.at(-1);
    const block = solo.block(view, parent === undefined ? {} : { parent });
    solo.propose(block);
    solo.receiveCertificate(solo.notarization(view, block.digest));
    blocks.push(block);
  }
  return blocks;
}

const committed = (solo: Solo): number[] => solo.all("commit").map(({ block }) => block.header.height);

describe("consensus: the end of an epoch", () => {
  it("commits nothing behind the epoch's last block, and hands over how that became final", () => {
    const solo = new Solo({ lastHeight, validators: 5, self: 4 });
    const [, last, tail] = notarized(solo, 3) as [SealedBlock, SealedBlock, SealedBlock];
    const effects = solo.receiveCertificate(solo.finalization(3, tail.digest));
    expect(committed(solo)).to.deep.equal([1, 2]);
    const commit = solo.all("commit", effects).at(-1);
    expect(commit?.finalization.vote.digest).to.equal(tail.digest);
    expect(commit?.tail?.map(({ digest }) => digest)).to.deep.equal([tail.digest]);
    expect(solo.all("endEpoch", effects).map((effect) => effect.tip.digest)).to.deep.equal([last.digest]);
  });

  it("has no tail when the last block has a finalization of its own", () => {
    const solo = new Solo({ lastHeight, validators: 5, self: 4 });
    const [, last] = notarized(solo, 2) as [SealedBlock, SealedBlock];
    solo.receiveCertificate(solo.finalization(2, last.digest));
    expect(solo.all("commit").map(({ tail }) => tail)).to.deep.equal([undefined, []]);
  });

  it("says nothing after its end", () => {
    const solo = new Solo({ lastHeight, validators: 5, self: 4 });
    const [, last] = notarized(solo, 2) as [SealedBlock, SealedBlock];
    const effects = solo.receiveCertificate(solo.finalization(2, last.digest));
    expect(effects.at(-1)?.kind).to.equal("endEpoch");
    expect(solo.receiveVotes([0, 1, 2], nullify(3))).to.deep.equal([]);
  });

  it("refuses a block behind the last one that is not empty", () => {
    const solo = new Solo({ lastHeight, validators: 5, self: 4 });
    const [, last] = notarized(solo, 2) as [SealedBlock, SealedBlock];
    const effects = solo.propose(solo.block(3, { parent: last, transactions: ["one"] }));
    expect(solo.all("reportPeer", effects).map(({ code }) => code)).to.deep.equal(["TAIL_NOT_EMPTY"]);
    expect(solo.cast(effects)).to.deep.equal(["nullify 3"]);
  });

  it("votes for an empty one", () => {
    const solo = new Solo({ lastHeight, validators: 5, self: 4 });
    const [, last] = notarized(solo, 2) as [SealedBlock, SealedBlock];
    expect(solo.cast(solo.propose(solo.block(3, { parent: last })))).to.include("notarize 3");
  });

  it("builds behind the last block nothing but empty ones", () => {
    const solo = new Solo({ lastHeight, self: 3 });
    notarized(solo, 2);
    solo.available("some");
    solo.fire("pace");
    expect(solo.all("build").map(({ request }) => [request.height, request.empty])).to.deep.equal([[3, true]]);
  });
});

describe("consensus: the beginning of an epoch", () => {
  it("starts in the view behind its base, led by the first of the set", () => {
    const solo = second();
    expect(solo.state.current).to.equal(8);
    expect(solo.sent().map(({ kind }) => kind)).to.deep.equal(["status"]);
    const first = solo.block(8, { header: ofBase(), justification: { parent: undefined, nullifications: [] } });
    expect(first.header.proposer).to.equal(solo.config.validators[0]);
    expect(solo.cast(solo.propose(first))).to.deep.equal(["notarize 8"]);
  });

  it("takes no other block for its base", () => {
    const solo = second();
    const other = { ...ofBase(), parentDigest: digestOf("another") };
    const effects = solo.propose(
      solo.block(8, { header: other, justification: { parent: undefined, nullifications: [] } }),
    );
    expect(solo.all("reportPeer", effects).map(({ code }) => code)).to.deep.equal(["BAD_JUSTIFICATION"]);
  });

  it("hands a peer in an earlier epoch over, once in a while, and counts nothing that it says", () => {
    const solo = second();
    const vote = (view: number) => ({ kind: "vote", vote: solo.vote(1, inEpoch(0, nullify(view))) }) as const;
    expect(solo.all("handOver", solo.receive(1, vote(8)))).to.deep.equal([{ kind: "handOver", to: 1, epoch: 0 }]);
    expect(solo.receive(1, vote(9))).to.deep.equal([]);
    for (const signer of [0, 2])
      solo.receive(signer, { kind: "vote", vote: solo.vote(signer, inEpoch(0, nullify(8))) });
    expect(solo.state.current).to.equal(8);
    solo.fire("reply");
    expect(solo.all("handOver", solo.receive(1, vote(9)))).to.have.length(1);
  });

  it("tells a peer in a later epoch where it stands, and counts nothing that it says", () => {
    const solo = second();
    const finalization = solo.certificate(inEpoch(2, finalize(12, digestOf("later"))));
    const answers = solo.sent(solo.receive(2, { kind: "certificate", certificate: finalization }), 2);
    expect(answers).to.deep.equal([{ kind: "status", epoch: 1, view: 8, height: 2, signedEpoch: 1 }]);
    expect(solo.state.current).to.equal(8);
    expect(solo.all("reportPeer")).to.deep.equal([]);
  });

  it("leaves the next epoch's blocks in an answer to the next epoch", () => {
    const solo = new Solo({ lastHeight, validators: 5, self: 4 });
    const [first, last] = [solo.block(1), solo.block(2)] as [SealedBlock, SealedBlock];
    const later = solo.block(3, { parent: last, header: { epoch: Epoch(1) } });
    const blocks = [first, later].map((block) => ({ block, finalization: undefined }));
    solo.receiveCertificate(solo.finalization(1, first.digest));
    solo.receive(1, { kind: "blocks", blocks });
    expect(committed(solo)).to.deep.equal([1]);
    expect(solo.all("reportPeer")).to.deep.equal([]);
  });

  it("is not confused by a block of a view before its base", () => {
    const solo = second();
    solo.receiveCertificate(solo.certificate(inEpoch(1, finalize(9, digestOf("wanted")))));
    const early = solo.block(3, {
      header: { ...ofBase(), parentView: View(2) },
      justification: { parent: undefined, nullifications: [] },
    });
    solo.receive(1, { kind: "blocks", blocks: [{ block: early, finalization: undefined }] });
    expect(solo.state.blocks.size).to.equal(0);
  });

  it("sees a fork in a finalization of its epoch at or below its base", () => {
    const solo = second();
    solo.receiveCertificate(solo.certificate(inEpoch(1, finalize(6, digestOf("of another base")))));
    expect(solo.state.fork?.finalization.vote.view).to.equal(6);
  });

  it("signs nothing in an epoch before the one that it last signed in", () => {
    const solo = new Solo({ recovered: { signedEpoch: Epoch(1) } });
    solo.propose(solo.block(1));
    solo.fire("notarization");
    expect(solo.cast()).to.deep.equal([]);
    expect(solo.all("raiseAlarm")).to.deep.equal([]);
  });

  it("replays of its log what belongs to its epoch", () => {
    const records = [{ kind: "certificate", certificate: new Solo().nullification(9) }] as const;
    expect(second({ recovered: { records } }).state.current).to.equal(8);
  });

  it("in doubt about its signatures, does not sign before it has followed whoever is ahead", () => {
    const solo = new Solo({ validators: 7, self: 6, recovered: { signingDoubtful: true } });
    const status = (from: number, epoch: number) => solo.receive(from, statusAt(epoch, 1));
    status(0, 1);
    // Of seven, five are enough otherwise.
    for (const from of [1, 2, 3, 4, 5]) status(from, 0);
    expect(solo.all("resumeSigning")).to.deep.equal([]);
    expect(solo.state.signing.mode).to.equal("doubtful");
  });

  it("does not take a peer's word that stands behind what it signed itself", () => {
    const solo = new Solo({ recovered: { signingDoubtful: true } });
    for (const from of [0, 1]) solo.receive(from, statusAt(0, 1));
    solo.receive(2, statusAt(0, 1, 1));
    expect(solo.all("resumeSigning")).to.deep.equal([]);
    const later = second({ recovered: { signingDoubtful: true } });
    for (const from of [0, 1]) later.receive(from, statusAt(0, 1));
    later.receive(2, statusAt(0, 1, 1));
    expect(later.all("resumeSigning")).to.deep.equal([]);
  });

  it("says that it stands behind what it signed", () => {
    const solo = new Solo({ recovered: { signedEpoch: Epoch(3) } });
    const [status] = solo.sent(solo.feed({ kind: "peerConnected", peer: 1 as never }), 1);
    expect(status).to.deep.equal(statusAt(0, 1, 3));
  });

  it("leaves to the archive what it held of the epoch that ends", () => {
    const solo = new Solo({ lastHeight, validators: 5, self: 4 });
    const [, last] = notarized(solo, 2) as [SealedBlock, SealedBlock];
    const effects = solo.receiveCertificate(solo.finalization(2, last.digest));
    const archived = solo.all("archive", effects).flatMap(({ certificates }) => certificates);
    expect(archived.map(({ vote }) => `${vote.kind} ${vote.view}`)).to.include.members(["notarize 1", "notarize 2"]);
  });

  it("takes a peer that has yet to follow for one that has seen nothing of this epoch", () => {
    const solo = second({ recovered: { signingDoubtful: true } });
    for (const from of [0, 1, 2]) solo.receive(from, statusAt(0, 30));
    expect(solo.all("resumeSigning").map(({ fromView }) => fromView)).to.deep.equal([10]);
  });
});

describe("consensus: a node without a seat", () => {
  it("follows and casts nothing", () => {
    const solo = new Solo({ observer: true });
    const block = solo.block(1);
    solo.propose(block);
    solo.receiveCertificate(solo.notarization(1, block.digest));
    solo.receiveCertificate(solo.finalization(1, block.digest));
    expect(committed(solo)).to.deep.equal([1]);
    expect(solo.all("castVote")).to.deep.equal([]);
  });

  it("is answered, and what it reports of itself counts for nothing", () => {
    const solo = new Solo({ recovered: { signingDoubtful: true } });
    const guest = 9;
    solo.receive(guest, { kind: "fetchHeights", fromHeight: Height(1), count: 1 });
    expect(solo.all("serve").map(({ to }) => to)).to.deep.equal([guest]);
    solo.receive(guest, statusAt(0, 1_000));
    expect(solo.state.signing).to.deep.equal({ mode: "doubtful", reports: new Map() });
  });
});

const statusAt = (epoch: number, view: number, signedEpoch = epoch): PeerMessage => ({
  kind: "status",
  epoch: Epoch(epoch),
  view: View(view),
  height: Height(0),
  signedEpoch: Epoch(signedEpoch),
});

const ofBase = () => ({
  parentView: base.view,
  parentDigest: base.digest,
  height: Height(base.height + 1),
  parentExecutionHash: digestOf("its result"),
  timestampMs: 5_010,
});
