import { expect } from "chai";
import { blockTransactionsWireMax, walSegmentBytesMax } from "../../node/config/limits.ts";
import { ChainStore } from "../../node/storage/chainStore.ts";
import { ConsensusDatabase } from "../../node/storage/consensusDatabase.ts";
import { EpochStore } from "../../node/storage/epochStore.ts";
import { EvidenceStore } from "../../node/storage/evidenceStore.ts";
import { LogCompaction } from "../../node/storage/logCompaction.ts";
import { decodeLogRecord, encodeLogRecord, type LogRecord } from "../../node/storage/logRecord.ts";
import { serveRequest } from "../../node/storage/serveRequest.ts";
import { ViewArchive } from "../../node/storage/viewArchive.ts";
import { WriteAheadLog } from "../../node/storage/writeAheadLog.ts";
import type { SealedBlock } from "../../node/types/block.ts";
import { sealBlock } from "../../node/types/blockCodec.ts";
import { Digest, Epoch, Height, ValidatorIndex, View } from "../../node/types/brands.ts";
import type { Evidence } from "../../node/types/evidence.ts";
import { failsWith } from "./errorCode.ts";
import { certificate, chainOf, finalizationOf, genesis, nullificationOf, voteOf } from "./records.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const digestsOf = (blocks: readonly { readonly block: SealedBlock }[]): Digest[] =>
  blocks.map(({ block }) => block.digest);

describe("the consensus stores", () => {
  let folder: string;
  let database: ConsensusDatabase;
  beforeEach(() => {
    folder = temporaryFolder();
    database = new ConsensusDatabase(folder, genesis);
  });
  afterEach(() => database.close());

  async function reopen(): Promise<void> {
    await database.close();
    database = new ConsensusDatabase(folder, genesis);
  }

  it("refuse the folder of another network", async () => {
    await database.flushed();
    await failsWith("CONSENSUS_STORE_FOREIGN", () => new ConsensusDatabase(folder, Digest(`0x${"08".repeat(32)}`)));
  });

  it("serve a block at once after it was put, by height and by digest, and after a restart", async () => {
    const blocks = chainOf(5);
    let chain = new ChainStore(database, 1_000);
    // Block 2 became final through block 3.
    for (const block of blocks)
      chain.put(block, finalizationOf(blocks[block.header.height === 2 ? 2 : block.header.height - 1] as SealedBlock));
    for (let round = 0; round < 2; round++) {
      for (const block of blocks) {
        const { height } = block.header;
        const own = height === 2 ? undefined : finalizationOf(block);
        expect(chain.at(height)?.block.digest).to.equal(block.digest);
        expect(chain.byDigest(block.digest)?.finalization).to.deep.equal(own);
        expect(chain.finalizationAt(height)).to.deep.equal(own);
      }
      expect(chain.at(Height(6))).to.equal(undefined);
      expect(chain.byDigest(genesis)).to.equal(undefined);
      await reopen();
      chain = new ChainStore(database, 1_000);
      expect(chain.highest).to.equal(5);
      expect(chain.latestFinalization()).to.deep.equal(finalizationOf(blocks[4] as SealedBlock));
    }
  });

  it("cut a range off where the message is full, but send at least one block", () => {
    const blocks = chainOf(10, 1_000);
    const chain = new ChainStore(database, 1_000);
    for (const block of blocks) chain.put(block, finalizationOf(block));
    expect(digestsOf(chain.range(Height(3), 4, 1_000_000))).to.deep.equal(
      blocks.slice(2, 6).map(({ digest }) => digest),
    );
    expect(chain.range(Height(3), 4, 2_600)).to.have.length(2);
    expect(chain.range(Height(3), 4, 1)).to.have.length(1);
    expect(chain.range(Height(9), 4, 1_000_000)).to.have.length(2);
    expect(chain.range(Height(11), 4, 1_000_000)).to.have.length(0);
  });

  it("cut a range off where a peer would refuse the number of its transactions", () => {
    const transactions = Array.from({ length: blockTransactionsWireMax / 2 }, () => Uint8Array.of(1));
    const [first] = chainOf(1) as [SealedBlock];
    const chain = new ChainStore(database, 1_000);
    for (const height of [1, 2, 3].map(Height)) {
      chain.put(sealBlock({ ...first.header, height }, transactions, first.justification), undefined);
    }
    expect(chain.range(Height(1), 3, 1_000_000)).to.have.length(2);
  });

  it("forget blocks behind the retention horizon, and no others", async () => {
    const blocks = chainOf(100);
    for (const block of blocks) new ChainStore(database, 20).put(block, finalizationOf(block));
    await reopen();
    const chain = new ChainStore(database, 20);
    const next = chainOf(101)[100] as SealedBlock;
    chain.put(next, undefined);
    await reopen();
    const held = blocks.filter(({ header }) => new ChainStore(database, 20).at(header.height) !== undefined);
    expect(held.map(({ header }) => header.height)).to.include.members([82, 90, 100]);
    expect(new ChainStore(database, 20).byDigest((blocks[0] as SealedBlock).digest)).to.equal(undefined);
  });

  it("serve certificates of past views, the highest first, up to the count", async () => {
    const archive = new ViewArchive(database, 1_000);
    const notarized = certificate({ kind: "notarize", epoch: Epoch(0), view: View(3), digest: genesis });
    const votes = [0, 1].map((signer) => voteOf(nullificationOf(4).vote, signer));
    archive.put([], [nullificationOf(2), notarized, nullificationOf(3)]);
    archive.put(votes, [nullificationOf(4), nullificationOf(5)]);
    await database.written();
    const views = (from: number, to: number, count: number) =>
      archive.certificates(Epoch(0), View(from), View(to), count).map(({ vote }) => `${vote.kind} ${vote.view}`);
    expect(views(3, 4, 64)).to.deep.equal(["nullify 4", "nullify 3", "notarize 3"]);
    expect(views(1, 9, 2)).to.deep.equal(["nullify 5", "nullify 4"]);
    expect(views(2, 2, 64)).to.deep.equal(["nullify 2"]);
    expect(views(6, 9, 64)).to.deep.equal([]);
    expect(archive.votes(Epoch(0), View(4))).to.deep.equal(votes);
    expect(archive.certificates(Epoch(1), View(1), View(9), 64)).to.deep.equal([]);
  });

  it("have nothing of views that cannot be, or of a range the wrong way round", async () => {
    const archive = new ViewArchive(database, 1_000);
    archive.put([], [nullificationOf(4)]);
    await database.written();
    const far = View(2 ** 47 - 1);
    expect(archive.certificates(Epoch(0), View(1), far, 64)).to.have.length(1);
    expect(archive.certificates(Epoch(2 ** 47 - 1), View(1), far, 64)).to.deep.equal([]);
    expect(archive.certificates(Epoch(0), View(5), View(4), 64)).to.deep.equal([]);
    expect(archive.certificates(Epoch(0), View(0), View(4), 64)).to.deep.equal([]);
  });

  it("tell the views of different epochs apart", async () => {
    const archive = new ViewArchive(database, 1_000);
    const inEpoch = (epoch: number) => certificate({ kind: "nullify", epoch: Epoch(epoch), view: View(7) });
    archive.put([], [inEpoch(0), inEpoch(1)]);
    await database.written();
    for (const epoch of [0, 1]) {
      const [found] = archive.certificates(Epoch(epoch), View(7), View(7), 64);
      expect(found?.vote.epoch).to.equal(epoch);
    }
  });

  it("remember what an epoch starts from, tail and all", async () => {
    const [last, tail] = chainOf(2) as [SealedBlock, SealedBlock];
    const { view, height } = last.header;
    const handover = { base: { digest: last.digest, view, height }, finalization: finalizationOf(tail), tail: [tail] };
    new EpochStore(database).put(Epoch(1), handover);
    await database.written();
    const epochs = new EpochStore(database);
    expect(epochs.at(Epoch(1))).to.deep.equal(handover);
    expect(epochs.at(Epoch(2))).to.equal(undefined);
    expect(epochs.tailBlock(tail.digest)).to.deep.equal(tail);
    expect(epochs.tailBlock(last.digest)).to.equal(undefined);
  });

  it("answer every request, at worst with nothing", async () => {
    const [block] = chainOf(1) as [SealedBlock];
    const chain = new ChainStore(database, 1_000);
    const stores = { chain, archive: new ViewArchive(database, 1_000), epochs: new EpochStore(database) };
    chain.put(block, finalizationOf(block));
    const found = serveRequest({ kind: "fetchBlock", digest: block.digest }, stores);
    expect(found.kind === "blocks" && digestsOf(found.blocks)).to.deep.equal([block.digest]);
    const nothing = [
      serveRequest({ kind: "fetchBlock", digest: genesis }, stores),
      serveRequest({ kind: "fetchHeights", fromHeight: Height(7), count: 3 }, stores),
      serveRequest({ kind: "fetchViews", epoch: Epoch(0), fromView: View(1), toView: View(9) }, stores),
    ];
    expect(nothing).to.deep.equal([
      { kind: "blocks", blocks: [] },
      { kind: "blocks", blocks: [] },
      { kind: "certificates", certificates: [] },
    ]);
  });

  it("keep evidence once for each fault, over restarts", async () => {
    const evidence = (offender: number, view: number): Evidence => {
      const vote = (byte: string) =>
        ({ kind: "notarize", epoch: Epoch(0), view: View(view), digest: Digest(`0x${byte.repeat(32)}`) }) as const;
      const [first, second] = [voteOf(vote("01"), offender), voteOf(vote("02"), offender)];
      return { kind: "conflictingNotarize", offender: ValidatorIndex(offender), first, second };
    };
    const store = new EvidenceStore(database);
    expect([store.put(evidence(1, 5)), store.put(evidence(1, 5)), store.put(evidence(2, 5))]).to.deep.equal([
      true,
      false,
      true,
    ]);
    await reopen();
    const again = new EvidenceStore(database);
    expect(again.all()).to.deep.equal([evidence(1, 5), evidence(2, 5)]);
    expect(again.put(evidence(2, 5))).to.equal(false);
  });
});

describe("the log's compaction", () => {
  const recordOf = (block: SealedBlock): LogRecord => ({ kind: "consensus", record: { kind: "block", block } });
  const vote = (view: number): LogRecord => ({
    kind: "consensus",
    record: { kind: "vote", vote: { kind: "nullify", epoch: Epoch(0), view: View(view) } },
  });
  const viewOf = (record: LogRecord): string => {
    if (record.kind === "floor") return `floor ${record.view}`;
    if (record.record.kind === "vote") return `vote ${record.record.vote.view}`;
    return record.record.kind === "block" ? `block ${record.record.block.header.view}` : "";
  };

  /** A log longer than a segment with blocks of views 2, 4, ... and a vote in each, compacted after view `committed`. */
  async function compacted(committed: number, signed: number): Promise<string[]> {
    const folder = temporaryFolder();
    const { log } = WriteAheadLog.open(folder);
    log.append(encodeLogRecord({ kind: "floor", epoch: Epoch(0), view: View(3) }));
    for (const block of chainOf(20, walSegmentBytesMax / 19)) {
      log.append(encodeLogRecord(recordOf(block)));
      if (block.header.view <= signed) log.append(encodeLogRecord(vote(block.header.view)));
      await log.sync();
    }
    let flushes = 0;
    const compaction = new LogCompaction(log, async () => flushes++);
    await compaction.committed(View(committed));
    expect(flushes, "only what is durable elsewhere is dropped").to.equal(1);
    expect(await compaction.run(View(signed))).to.equal(true);
    await log.close();
    return WriteAheadLog.open(folder).records.map((bytes) => viewOf(decodeLogRecord(bytes)));
  }

  it("keeps blocks and votes from the committed view on", async () => {
    const kept = await compacted(36, 40);
    expect(kept).to.deep.equal(["block 36", "vote 36", "block 38", "vote 38", "block 40", "vote 40"]);
  });

  it("keeps the votes of the highest view that was signed in, however long ago", async () => {
    expect(await compacted(38, 10)).to.deep.equal(["vote 10", "block 38", "block 40"]);
  });

  it("does nothing while the segment is short", async () => {
    const { log } = WriteAheadLog.open(temporaryFolder());
    const compaction = new LogCompaction(log, async () => expect.fail("nothing to flush for"));
    await compaction.committed(View(5));
    expect(await compaction.run(View(5))).to.equal(false);
    await log.close();
  });
});
