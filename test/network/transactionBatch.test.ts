import { expect } from "chai";
import { gossipBatchBytesMax, gossipIntervalMs, transactionBytesMax } from "../../node/config/limits.ts";
import { Batcher } from "../../node/network/batcher.ts";
import { decodeBatch, encodeBatch } from "../../node/network/transactionBatch.ts";
import { PeerIndex } from "../../node/types/brands.ts";
import { failsWith } from "../storage/errorCode.ts";

const reached = [0, 3, 9].map(PeerIndex);

describe("batches of transactions", () => {
  it("come back as they were", () => {
    const transactions = [Buffer.from("a"), Buffer.from("bc"), Buffer.alloc(1000, 7)];
    const decoded = decodeBatch(encodeBatch(reached, transactions));
    expect([...decoded.reached]).to.deep.equal(reached);
    expect(decoded.transactions.map((each) => Buffer.from(each).toString("hex"))).to.deep.equal(
      transactions.map((each) => each.toString("hex")),
    );
  });

  it("are refused when cut short, lengthened, empty or of another version", async () => {
    const batch = encodeBatch(reached, [Buffer.from("abc")]);
    for (let length = 0; length < batch.length; length++) {
      await failsWith("BAD_BATCH", () => decodeBatch(batch.subarray(0, length)));
    }
    await failsWith("BAD_BATCH", () => decodeBatch(Buffer.concat([batch, Buffer.alloc(5)])));
    await failsWith("BAD_BATCH", () => decodeBatch(Buffer.concat([Buffer.of(2), batch.subarray(1)])));
    await failsWith("BAD_BATCH", () => decodeBatch(encodeBatch(reached, [Buffer.alloc(transactionBytesMax + 1)])));
  });
});

/** A clock that a test moves. */
class TestClock {
  now = 0;
  readonly waiting: { readonly at: number; readonly callback: () => void }[] = [];

  monotonicMs(): number {
    return this.now;
  }

  after(durationMs: number, callback: () => void): () => void {
    const entry = { at: this.now + durationMs, callback };
    this.waiting.push(entry);
    return () => void this.waiting.splice(this.waiting.indexOf(entry), 1);
  }

  advance(ms: number): void {
    this.now += ms;
    for (const entry of this.waiting.filter(({ at }) => at <= this.now)) {
      this.waiting.splice(this.waiting.indexOf(entry), 1);
      entry.callback();
    }
  }
}

describe("the batcher", () => {
  const sizes: number[] = [];
  let clock: TestClock;
  let batcher: Batcher;
  beforeEach(() => {
    sizes.length = 0;
    clock = new TestClock();
    batcher = new Batcher((batch) => sizes.push(batch.length), clock);
  });

  it("lets the first transaction of an idle network go at once", () => {
    clock.advance(10_000);
    batcher.add(Buffer.from("a"));
    clock.advance(0);
    expect(sizes).to.deep.equal([1]);
  });

  it("gathers what comes soon after a message, up to the interval", () => {
    batcher.add(Buffer.from("a"));
    clock.advance(0);
    for (let i = 0; i < 5; i++) batcher.add(Buffer.from("b"));
    clock.advance(gossipIntervalMs - 1);
    expect(sizes).to.deep.equal([1]);
    clock.advance(1);
    expect(sizes).to.deep.equal([1, 5]);
  });

  it("does not wait once a message is full", () => {
    batcher.add(Buffer.from("a"));
    clock.advance(0);
    for (let i = 0; i < 5; i++) batcher.add(Buffer.alloc(gossipBatchBytesMax / 4));
    expect(sizes).to.deep.equal([1, 4]);
  });
});
