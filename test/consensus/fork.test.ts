// Two finalized chains: docs/consensus.md, "Accountability".
import { expect } from "chai";
import type { Effect } from "../../node/consensus/effect.ts";
import type { SealedBlock } from "../../node/types/block.ts";
import { type Digest, View } from "../../node/types/brands.ts";
import type { Finalization } from "../../node/types/certificate.ts";
import { digestOf, finalize, Solo } from "./solo.ts";

const b = digestOf("b");
const kindsOf = (solo: Solo): ReadonlySet<string> =>
  new Set(solo.all("reportEvidence").map(({ evidence }) => `${evidence.kind} by ${evidence.offender}`));
const byAll = (kind: string, ...offenders: readonly number[]) => new Set(offenders.map((i) => `${kind} by ${i}`));

/** A node with this many blocks final, one in each view. */
function soloAt(height: number): { solo: Solo; chain: readonly SealedBlock[] } {
  const solo = new Solo();
  const chain: SealedBlock[] = [];
  for (let view = 1; view <= height; view++) {
    const parent = chain.at(-1);
    const block = solo.block(view, parent === undefined ? {} : { parent });
    chain.push(block);
    solo.propose(block);
    solo.receiveCertificate(solo.finalization(view, block.digest));
  }
  expect(solo.state.committed.height).to.equal(height);
  return { solo, chain };
}

/** Goes through the rounds in which the node tells the others; returns how it stopped. */
function untilStopped(solo: Solo) {
  for (let rounds = 0; solo.state.phase !== "stopped" && rounds < 100; rounds++) solo.fire("fetch");
  const stops = solo.all("stop");
  expect(stops.map(({ code }) => code)).to.deep.equal(["FORK"]);
  expect(solo.feed({ kind: "peerConnected", peer: 0 as never }), "nothing leaves a stopped node").to.deep.equal([]);
  return stops[0] as (typeof stops)[0];
}

const contentsOf = (certificates: readonly { readonly vote: unknown }[]): unknown[] =>
  certificates.map(({ vote }) => vote);
const blocks = (...held: readonly [SealedBlock, Finalization?][]) =>
  ({ kind: "blocks", blocks: held.map(([block, finalization]) => ({ block, finalization })) }) as const;
const askedFor = (solo: Solo, effects: readonly Effect[]) =>
  solo.all("send", effects).flatMap(({ message }) => (message.kind === "fetchViews" ? [message] : []));

describe("consensus: forks", () => {
  it("a finalization that does not descend from my committed tip stops the node, both certificates kept", () => {
    const { solo, chain } = soloAt(1);
    solo.receiveCertificate(solo.finalization(1, b));
    const { certificates } = untilStopped(solo);
    expect(contentsOf(certificates)).to.deep.include.members([
      finalize(1, b),
      finalize(1, (chain[0] as SealedBlock).digest),
    ]);
    expect(kindsOf(solo)).to.include.keys(...byAll("conflictingFinalize", 0, 1, 2));
  });

  it("a finalization in a view that my chain skipped stops the node", () => {
    const solo = new Solo();
    const block = solo.block(2);
    solo.propose(block);
    solo.receiveCertificate(solo.finalization(2, block.digest));
    solo.receiveCertificate(solo.finalization(1, b));
    untilStopped(solo);
    expect(kindsOf(solo)).to.deep.equal(byAll("nullifyFinalize", 0, 1, 2));
  });

  it("a finalized descendant of another block than the committed one stops the node", () => {
    const { solo } = soloAt(1);
    const rival = solo.block(1, { transactions: ["other"] });
    const child = solo.block(2, { parent: rival });
    solo.propose(child);
    solo.receiveCertificate(solo.finalization(2, child.digest));
    untilStopped(solo);
  });

  it("a later finalized block that is no higher than my tip stops the node", () => {
    const { solo } = soloAt(2);
    const rival = solo.block(3);
    solo.receiveCertificate(solo.finalization(3, rival.digest));
    expect(solo.state.fork, "its place is not known yet").to.equal(undefined);
    solo.receive(0, blocks([rival]));
    untilStopped(solo);
    expect(kindsOf(solo)).to.include.keys(...byAll("nullifyFinalize", 0, 1, 2));
  });

  it("a finalization that my chain passes over, before it was known to which chain it belongs, stops the node", () => {
    const { solo, chain } = soloAt(1);
    solo.receiveCertificate(solo.finalization(2, b));
    solo.receiveCertificate(solo.nullification(3));
    const next = solo.block(4, { parent: chain[0] as SealedBlock });
    solo.propose(next);
    solo.receiveCertificate(solo.finalization(4, next.digest));
    expect(solo.state.committed.height).to.equal(1);
    untilStopped(solo);
    expect(kindsOf(solo)).to.include.keys(...byAll("nullifyFinalize", 0, 1, 2));
  });

  it("a run of final blocks from another parent than my tip stops a node that is far behind", () => {
    const { solo } = soloAt(2);
    const first = solo.block(3);
    const second = solo.block(4, { parent: first });
    const third = solo.block(5, { parent: second });
    const fourth = solo.block(6, { parent: third });
    const run = blocks([third], [fourth, solo.finalization(6, fourth.digest)]);
    solo.receive(0, blocks([third], [fourth]));
    expect(solo.state.fork, "without a finalization it proves nothing").to.equal(undefined);
    const forged = solo.finalization(6, fourth.digest);
    solo.receive(0, blocks([third], [fourth, { ...forged, signatures: [...forged.signatures].reverse() }]));
    expect(solo.state.fork, "nor with a forged one").to.equal(undefined);
    solo.receive(0, run);
    untilStopped(solo);
  });

  it("asks the others for the certificate that convicts all culprits, and stops when it has convicted them", () => {
    const { solo } = soloAt(2);
    const foreign = solo.block(7, { header: { height: 3 as never } });
    const asked = askedFor(solo, solo.receive(0, blocks([foreign, solo.finalization(7, foreign.digest)])));
    expect(asked).to.deep.equal([{ kind: "fetchViews", epoch: 0, fromView: View(2), toView: View(2) }]);
    expect(kindsOf(solo).size).to.equal(0);
    solo.receive(0, { kind: "certificates", certificates: [solo.nullification(2)] });
    expect(kindsOf(solo)).to.deep.equal(byAll("nullifyFinalize", 0, 1, 2));
    const { facts, reason } = untilStopped(solo);
    expect(facts.convicted).to.equal("0 1 2");
    expect(reason).to.contain("the evidence against them is kept");
  });

  it("stops in the end also when nobody has the certificate that convicts, and says so", () => {
    const { solo } = soloAt(2);
    const foreign = solo.block(7, { header: { height: 3 as never } });
    solo.receive(0, blocks([foreign, solo.finalization(7, foreign.digest)]));
    const asked = new Set<number>();
    for (let round = 0; round < 6; round++) for (const { to } of solo.all("send", solo.fire("fetch"))) asked.add(to);
    expect(asked).to.deep.equal(new Set([0, 1, 2]));
    expect(untilStopped(solo).reason).to.contain("compare their evidence");
  });

  it("from the first sight of a fork nothing is signed or committed, and the others are shown both chains", () => {
    const { solo, chain } = soloAt(1);
    const before = solo.effects.length;
    const effects = solo.receiveCertificate(solo.finalization(1, b));
    const shown = solo
      .sent(effects)
      .flatMap((message) => (message.kind === "certificate" ? [message.certificate] : []));
    expect(contentsOf(shown)).to.deep.include.members([finalize(1, b), finalize(1, (chain[0] as SealedBlock).digest)]);
    const next = solo.block(2, { parent: chain[0] as SealedBlock });
    solo.propose(next);
    solo.receiveCertificate(solo.notarization(2, next.digest));
    solo.receiveCertificate(solo.finalization(2, next.digest));
    untilStopped(solo);
    const after = solo.effects.slice(before);
    expect(solo.cast(after)).to.deep.equal([]);
    expect(solo.all("commit", after)).to.deep.equal([]);
  });

  it("a fork is remembered over a restart", () => {
    const { solo } = soloAt(1);
    solo.receiveCertificate(solo.finalization(1, b));
    const again = solo.restart({ recovered: { committed: solo.state.committed } });
    expect(again.cast()).to.deep.equal([]);
    expect(untilStopped(again).facts.digest).to.be.oneOf([b, again.state.committed.digest] as Digest[]);
  });
});
