// From finality to commits, and catching up: docs/consensus.md, "Rules", "Deferred execution", "Limits and fetching".
import { expect } from "chai";
import type { SealedBlock } from "../../node/types/block.ts";
import { digestOf, Solo, type SoloOptions } from "./solo.ts";

/** A chain of blocks of views 1, 2, 3, ... */
function chain(solo: Solo, length: number): SealedBlock[] {
  const blocks: SealedBlock[] = [];
  for (let view = 1; view <= length; view++) {
    const parent = blocks.at(-1);
    blocks.push(solo.block(view, parent === undefined ? {} : { parent }));
  }
  return blocks;
}

const committed = (solo: Solo): number[] => solo.all("commit").map(({ block }) => block.header.height);
const requests = (solo: Solo) =>
  solo.all("send").flatMap(({ message }) => (message.kind.startsWith("fetch") ? [message] : []));

/** The peer that was asked last. */
const asked = (solo: Solo): number => solo.all("send").at(-1)?.to as number;

describe("consensus: commits", () => {
  it("commits a finalized block's ancestors first, each with a finalization that covers it", () => {
    const solo = new Solo();
    const [first, second] = chain(solo, 2) as [SealedBlock, SealedBlock];
    for (const block of [first, second]) {
      solo.propose(block);
      solo.receiveCertificate(solo.notarization(block.header.view, block.digest));
    }
    expect(committed(solo)).to.deep.equal([]);
    solo.receiveCertificate(solo.finalization(2, second.digest));
    expect(solo.all("commit").map(({ block, finalization }) => [block.digest, finalization.vote.digest])).to.deep.equal(
      [
        [first.digest, second.digest],
        [second.digest, second.digest],
      ],
    );
  });

  it("waits for bodies, but enters views without them", () => {
    const solo = new Solo();
    const [first] = chain(solo, 1) as [SealedBlock];
    solo.receiveCertificate(solo.notarization(1, first.digest));
    solo.receiveCertificate(solo.finalization(1, first.digest));
    expect(solo.state.current).to.equal(2);
    expect(committed(solo)).to.deep.equal([]);
    solo.receive(1, { kind: "blocks", blocks: [{ block: first, finalization: undefined }] });
    expect(committed(solo)).to.deep.equal([1]);
  });

  it("takes the body of a notarized block from a late proposal", () => {
    const solo = new Solo();
    const [first] = chain(solo, 1) as [SealedBlock];
    solo.receiveCertificate(solo.finalization(1, first.digest));
    solo.propose(first);
    expect(committed(solo)).to.deep.equal([1]);
    expect(solo.cast()).to.deep.equal([]);
  });

  it("waits for its own result", () => {
    const solo = new Solo({ execute: false });
    const [first] = chain(solo, 1) as [SealedBlock];
    solo.propose(first);
    solo.receiveCertificate(solo.finalization(1, first.digest));
    expect(committed(solo)).to.deep.equal([]);
    solo.feed(solo.executed(first));
    expect(committed(solo)).to.deep.equal([1]);
  });

  it("a body whose justification does not hold is never taken", () => {
    const solo = new Solo();
    const [first] = chain(solo, 1) as [SealedBlock];
    const bad = solo.block(2, { parent: first, justification: { parent: solo.notarization(1, digestOf("x")) } });
    solo.receiveCertificate(solo.finalization(2, bad.digest));
    solo.receive(1, { kind: "blocks", blocks: [{ block: bad, finalization: undefined }] });
    expect(solo.state.blocks.size).to.equal(0);
    expect(solo.all("reportPeer").map(({ code }) => code)).to.deep.equal(["BAD_JUSTIFICATION"]);
  });

  it("discards siblings on commit", () => {
    const solo = new Solo();
    const sibling = solo.block(1, { transactions: ["sibling"] });
    solo.propose(sibling);
    const block = solo.block(2);
    solo.propose(block);
    expect(solo.state.blocks.size).to.equal(2);
    solo.receiveCertificate(solo.finalization(2, block.digest));
    expect(solo.state.blocks.size).to.equal(0);
  });

  it("stops when its result differs from the one in a final header", () => {
    const solo = new Solo({ execute: false });
    const [first, second] = chain(solo, 2) as [SealedBlock, SealedBlock];
    solo.propose(first);
    solo.feed({ kind: "executed", digest: first.digest, executionHash: digestOf("mine"), changedState: false });
    solo.receiveCertificate(solo.notarization(1, first.digest));
    solo.propose(second);
    solo.receiveCertificate(solo.finalization(2, second.digest));
    expect(committed(solo)).to.deep.equal([1]);
    expect(solo.all("stop").map(({ code }) => code)).to.deep.equal(["EXECUTION_DIVERGED"]);
  });
});

describe("consensus: fetching", () => {
  const options: SoloOptions = { limits: { blocksPerMessageMax: 4, uncommittedBlocksMax: 16 } };
  const serve = (solo: Solo, blocks: readonly SealedBlock[], isFinal = true): void => {
    const entries = blocks.map((block) => ({
      block,
      finalization: isFinal ? solo.finalization(block.header.view, block.digest) : undefined,
    }));
    solo.receive(asked(solo), { kind: "blocks", blocks: entries });
  };

  it("a node far behind enters the view after a certificate at once, and fetches blocks in batches", () => {
    const solo = new Solo(options);
    const blocks = chain(solo, 30);
    const tip = blocks[29] as SealedBlock;
    solo.receiveCertificate(solo.finalization(30, tip.digest));
    expect(solo.state.current).to.equal(31);
    for (let from = 0; from < 28; from += 4) {
      expect(requests(solo).at(-1)).to.deep.equal({ kind: "fetchHeights", fromHeight: from + 1, count: 4 });
      serve(solo, blocks.slice(from, from + 4));
    }
    // The last ones may be on their way.
    solo.fire("fetch");
    expect(requests(solo).at(-1)).to.deep.equal({ kind: "fetchBlock", digest: tip.digest });
    serve(solo, blocks.slice(28));
    expect(committed(solo)).to.deep.equal(blocks.map(({ header }) => header.height));
    expect(solo.state.fetch).to.equal(undefined);
  });

  it("needs no finalization of its own for each block of a batch", () => {
    const solo = new Solo(options);
    const blocks = chain(solo, 10);
    solo.receiveCertificate(solo.finalization(10, (blocks[9] as SealedBlock).digest));
    for (const from of [0, 4, 8]) serve(solo, blocks.slice(from, from + 4), false);
    expect(committed(solo)).to.have.length(10);
  });

  it("a peer that does not answer, or answers with nothing, is passed over each tR", () => {
    const solo = new Solo(options);
    const blocks = chain(solo, 30);
    solo.receiveCertificate(solo.finalization(30, (blocks[29] as SealedBlock).digest));
    const peers = [asked(solo)];
    for (let i = 0; i < 3; i++) {
      solo.receive(asked(solo), { kind: "blocks", blocks: [] });
      solo.fire("fetch");
      peers.push(asked(solo));
    }
    expect(new Set(peers.slice(0, 3)).size).to.equal(3);
    expect(peers[3]).to.equal(peers[0]);
  });

  it("who answered is asked first the next time, so that one silent peer costs one tR and not one for each batch", () => {
    const solo = new Solo(options);
    const blocks = chain(solo, 30);
    solo.receiveCertificate(solo.finalization(30, (blocks[29] as SealedBlock).digest));
    const silent = asked(solo);
    solo.fire("fetch");
    const helpful = asked(solo);
    expect(helpful).to.not.equal(silent);
    for (const from of [0, 4, 8]) {
      serve(solo, blocks.slice(from, from + 4));
      expect(asked(solo)).to.equal(helpful);
    }
  });

  it("a body that is probably on its way is waited for before it is asked for", () => {
    const solo = new Solo();
    const [first] = chain(solo, 1) as [SealedBlock];
    solo.receiveCertificate(solo.notarization(1, first.digest));
    expect(requests(solo)).to.deep.equal([]);
    solo.fire("fetch");
    expect(requests(solo)).to.deep.equal([{ kind: "fetchBlock", digest: first.digest }]);
  });

  it("unasked bodies are not kept", () => {
    const solo = new Solo();
    const blocks = chain(solo, 3);
    solo.receive(1, { kind: "blocks", blocks: [{ block: blocks[2] as SealedBlock, finalization: undefined }] });
    expect(solo.state.blocks.size).to.equal(0);
  });

  it("bodies made up for a height push each other out, and nobody but the peer asked can send any", () => {
    const solo = new Solo(options);
    solo.receiveCertificate(solo.finalization(30, digestOf("far ahead")));
    const madeUp = Array.from({ length: 20 }, (_, i) => solo.block(1, { transactions: [`made up ${i}`] }));
    const stranger = asked(solo) === 1 ? 2 : 1;
    for (const block of madeUp)
      solo.receive(stranger, { kind: "blocks", blocks: [{ block, finalization: undefined }] });
    expect(solo.state.blocks.size).to.equal(0);
    for (const block of madeUp) serve(solo, [block], false);
    expect(solo.state.blocks.size).to.equal(1);
  });

  it("a lying peer's chain is refused at its first false certificate, and the peer reported", () => {
    const solo = new Solo(options);
    const blocks = chain(solo, 30);
    solo.receiveCertificate(solo.finalization(30, (blocks[29] as SealedBlock).digest));
    const rival = solo.block(1, { transactions: ["rival"] });
    const { signatures, ...forged } = solo.notarization(1, rival.digest);
    const child = solo.block(2, {
      parent: rival,
      justification: { parent: { ...forged, signatures: signatures.toReversed() } },
    });
    serve(solo, [rival, child], false);
    expect(solo.all("reportPeer").map(({ peer, code }) => [peer, code])).to.deep.equal([
      [asked(solo), "BAD_JUSTIFICATION"],
    ]);
    serve(solo, blocks.slice(0, 4));
    expect(committed(solo)).to.deep.equal([1, 2, 3, 4]);
  });

  it("answers from memory, hands the rest to storage, and never asks for more than the limit", () => {
    const solo = new Solo();
    const [first] = chain(solo, 1) as [SealedBlock];
    solo.receive(0, { kind: "fetchBlock", digest: first.digest });
    solo.receive(0, { kind: "fetchHeights", fromHeight: 1 as never, count: 1_000_000 });
    expect(solo.all("serve").map(({ request }) => request)).to.deep.equal([
      { kind: "fetchBlock", digest: first.digest },
      { kind: "fetchHeights", fromHeight: 1, count: 64 },
    ]);
  });

  it("a fetch by view returns every kind held, the highest first, truncated at the count limit", () => {
    const solo = new Solo({ limits: { certificatesPerMessageMax: 3 } });
    const [first] = chain(solo, 1) as [SealedBlock];
    solo.receiveCertificate(solo.notarization(1, first.digest));
    solo.receiveCertificate(solo.nullification(1));
    for (const view of [2, 3]) solo.receiveCertificate(solo.nullification(view));
    const [answer] = solo.sent(
      solo.receive(2, { kind: "fetchViews", epoch: 0 as never, fromView: 1 as never, toView: 9_999 as never }),
      2,
    );
    expect(answer?.kind === "certificates" && answer.certificates.map(({ vote }) => vote.view)).to.deep.equal([3, 2]);
    const [rest] = solo.sent(
      solo.receive(2, { kind: "fetchViews", epoch: 0 as never, fromView: 1 as never, toView: 1 as never }),
      2,
    );
    expect(rest?.kind === "certificates" && rest.certificates.map(({ vote }) => vote.kind)).to.deep.equal([
      "nullify",
      "notarize",
    ]);
    const [none] = solo.sent(
      solo.receive(2, { kind: "fetchViews", epoch: 0 as never, fromView: 7 as never, toView: 8 as never }),
      2,
    );
    expect(none).to.deep.equal({ kind: "certificates", certificates: [] });
  });

  it("votes beyond the future window are dropped; certificates count for any view", () => {
    const solo = new Solo();
    solo.receiveVotes([0, 1, 2], { kind: "nullify", epoch: 0 as never, view: 66 as never });
    expect(solo.state.current).to.equal(1);
    expect(solo.state.views.size).to.equal(0);
    solo.receiveCertificate(solo.nullification(1_000_000));
    expect(solo.state.current).to.equal(1_000_001);
  });

  it("what leaves memory is handed over to the archive", () => {
    const solo = new Solo();
    solo.receiveVotes([0], { kind: "nullify", epoch: 0 as never, view: 1 as never });
    solo.receiveCertificate(solo.nullification(500));
    const [archive] = solo.all("archive");
    expect(archive?.votes.map(({ vote, signer }) => [vote.view, signer])).to.deep.equal([[1, 0]]);
    expect(solo.state.views.size).to.equal(1);
  });
});
