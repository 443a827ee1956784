// What JSON-RPC keeps for its callers (filters, subscriptions, those who wait for receipts), over a real ledger.
import { expect } from "chai";
import {
  receiptWaitersMax,
  rpcFilterIdleMs,
  rpcFiltersMax,
  rpcPendingHashesMax,
  rpcSocketSubscriptionsMax,
} from "../../node/config/limits.ts";
import { Filters } from "../../node/rpc/filters.ts";
import { ReceiptWaiters } from "../../node/rpc/receiptWaiters.ts";
import type { Digest, Hex } from "../../node/types/brands.ts";
import { decodeTransaction } from "../../node/types/decodeTransaction.ts";
import { hexOf } from "../../node/types/hex.ts";
import { holders, openTestLedger, type TestLedger } from "../application/testLedger.ts";
import { type Signer, signer, sign as signFor, someone, type Wanted } from "../mempool/signing.ts";
import { SocketClient } from "./socketClient.ts";
import { startTestNode, type TestNode } from "./testNode.ts";
import { waitUntil } from "./waitUntil.ts";

const [alice, bob] = holders as readonly [Signer, Signer, Signer, Signer];
const sign = (from: Signer, wanted: Wanted): Hex => hexOf(signFor(from, { chainId: 31_107, ...wanted }));
const hashOf = (raw: Hex): Digest => decodeTransaction(Buffer.from(raw.slice(2), "hex")).hash;

describe("eth_sendRawTransaction", function () {
  this.timeout(60_000);
  let node: TestNode;
  before(async () => {
    node = await startTestNode();
  });
  after(() => node.close());

  it("answers with the hash, also when the transaction is known or executed already", async () => {
    const raw = sign(alice, { nonce: 0 });
    for (let time = 0; time < 2; time++)
      expect((await node.call("eth_sendRawTransaction", raw)).result).to.equal(hashOf(raw));
    await node.ledger.sequencer.idle();
    expect((await node.call("eth_sendRawTransaction", raw)).result).to.equal(hashOf(raw));
    expect((await node.call("eth_getTransactionCount", alice.address)).result).to.equal("0x1");
  });

  it("says precisely what is wrong, for people and for programs", async () => {
    const cases: readonly (readonly [Hex, string, string])[] = [
      [hexOf(signFor(bob, { nonce: 0 })), "WRONG_CHAIN_ID", "signed for chain id 1; sign it for 31107"],
      [sign(bob, { nonce: 0, maxFeePerGas: 5 }), "TRANSACTION_FEE_NOT_ZERO", "maxFeePerGas must be 0, not 5"],
      [sign(bob, { nonce: 0, gasLimit: 20_000 }), "GAS_LIMIT_TOO_LOW", "intrinsic gas too low"],
      [sign(bob, { nonce: 0, gasLimit: 99_999_999 }), "GAS_LIMIT_TOO_HIGH", "exceeds this network's 16777216"],
      [sign(alice, { nonce: 0, value: 9n }), "NONCE_TOO_LOW", "its next one is 1"],
      [sign(bob, { nonce: 5_000 }), "NONCE_TOO_HIGH", "send 0 first"],
      [sign(signer(99), { nonce: 0, value: 5n }), "INSUFFICIENT_FUNDS", "holds 0 and the transaction sends 5"],
      ["0x02c0", "RLP_", ""],
      ["0x", "TRANSACTION_EMPTY", "no bytes"],
    ];
    for (const [raw, code, sentence] of cases) {
      const { error } = await node.call("eth_sendRawTransaction", raw);
      expect(error?.code).to.equal(-32000);
      expect(error?.message).to.contain(sentence);
      expect(error?.data, error?.message)
        .to.have.property("code")
        .that.matches(new RegExp(`^${code}`));
    }
  });

  it("keeps a transaction behind a gap visible as waiting", async () => {
    const raw = sign(bob, { nonce: 1 });
    await node.call("eth_sendRawTransaction", raw);
    const { result } = await node.call("eth_getTransactionByHash", hashOf(raw));
    expect(result).to.include({ blockHash: null, blockNumber: null, from: bob.address, nonce: "0x1" });
    expect((await node.call("eth_getTransactionReceipt", hashOf(raw))).result).to.equal(null);
  });

  it("waits with eth_sendRawTransactionSync, and gives up in time with code 4 and the hash", async () => {
    const raw = sign(bob, { nonce: 3 });
    const { error } = await node.call("eth_sendRawTransactionSync", raw, "0x32");
    expect(error).to.include({ code: 4, data: hashOf(raw) });
    const both = await Promise.all([3, 2].map((nonce) => node.call("eth_sendRawTransaction", sign(bob, { nonce }))));
    expect(both.every((each) => each.error === undefined)).to.equal(true);
    const last = await node.call("eth_sendRawTransactionSync", sign(bob, { nonce: 0 }));
    expect(last.result).to.include({ status: "0x1", transactionHash: hashOf(sign(bob, { nonce: 0 })) });
    const again = await node.call("eth_sendRawTransactionSync", sign(bob, { nonce: 0 }));
    expect(again.result).to.deep.equal(last.result);
  });
});

describe("filters", function () {
  this.timeout(60_000);
  let ledger: TestLedger;
  let now: number;
  let filters: Filters;
  beforeEach(async () => {
    ledger = await openTestLedger();
    now = 0;
    filters = new Filters(ledger.engine.chain, () => now);
  });
  afterEach(() => ledger.close());

  it("reports each new block once", async () => {
    await ledger.sequencer.produce([]);
    const id = filters.create({ kind: "block" });
    expect(filters.changes(id)).to.deep.equal({ kind: "hashes", hashes: [] });
    await ledger.sequencer.produce([]);
    await ledger.sequencer.produce([]);
    const { executionHash } = ledger.engine.committed();
    const changes = filters.changes(id);
    expect(changes.kind === "hashes" && changes.hashes.length).to.equal(2);
    expect(changes.kind === "hashes" && changes.hashes[1]).to.equal(executionHash);
    expect(filters.changes(id)).to.deep.equal({ kind: "hashes", hashes: [] });
  });

  it("forgets a filter that nobody polls, and keeps one that somebody does", () => {
    const idle = filters.create({ kind: "block" });
    const polled = filters.create({ kind: "block" });
    now = rpcFilterIdleMs - 1;
    filters.changes(polled);
    now = rpcFilterIdleMs + 1;
    expect(() => filters.changes(idle)).to.throw("filter not found");
    expect(filters.changes(polled).kind).to.equal("hashes");
  });

  it("keeps no more than its limit, and takes new ones when old ones are gone", () => {
    const ids = Array.from({ length: rpcFiltersMax }, () => filters.create({ kind: "pending" }));
    expect(() => filters.create({ kind: "pending" })).to.throw(`${rpcFiltersMax} filters exist already`);
    expect(filters.remove(ids[0] as Hex)).to.equal(true);
    expect(filters.remove(ids[0] as Hex)).to.equal(false);
    expect(filters.create({ kind: "pending" })).to.match(/^0x/);
  });

  it("reports waiting transactions in order, and only the latest when there were too many", () => {
    const id = filters.create({ kind: "pending" });
    const hash = (number: number) => `0x${number.toString(16).padStart(64, "0")}` as Digest;
    for (let number = 0; number < 3; number++) filters.onAdmitted(hash(number));
    expect(filters.changes(id)).to.deep.equal({ kind: "hashes", hashes: [0, 1, 2].map(hash) });
    for (let number = 0; number < rpcPendingHashesMax + 5; number++) filters.onAdmitted(hash(number));
    const changes = filters.changes(id);
    expect(changes.kind === "hashes" && changes.hashes.length).to.equal(rpcPendingHashesMax);
    expect(changes.kind === "hashes" && changes.hashes[0]).to.equal(hash(5));
  });
});

describe("those who wait for receipts", function () {
  this.timeout(60_000);
  it("are no more than the limit", () => {
    const waiters = new ReceiptWaiters();
    const hash = `0x${"00".repeat(32)}` as Digest;
    for (let count = 0; count < receiptWaitersMax; count++) void waiters.wait(hash, 60_000);
    expect(() => waiters.wait(hash, 60_000)).to.throw("callers wait for receipts already");
  });
});

describe("subscriptions", function () {
  this.timeout(60_000);
  let node: TestNode;
  let client: SocketClient;
  let nonce = 0;
  beforeEach(async () => {
    node = await startTestNode();
    client = await SocketClient.connect(node.wsUrl);
    nonce = 0;
  });
  afterEach(async () => {
    client.socket.terminate();
    await node.close();
  });

  async function sendOne(from = alice): Promise<Digest> {
    const { result } = await client.call("eth_sendRawTransaction", sign(from, { nonce: from === alice ? nonce++ : 0 }));
    return result as Digest;
  }
  const seen = (id: string) => client.notices.get(id) ?? [];

  it("send heads without a hole, ready to be asked about", async () => {
    const id = await client.subscribe("newHeads");
    for (let count = 0; count < 3; count++) {
      await sendOne();
      await node.ledger.sequencer.idle();
    }
    await waitUntil(() => seen(id).length >= 6);
    const heads = seen(id) as { number: Hex; hash: Hex; parentHash: Hex }[];
    for (const [index, head] of heads.entries()) {
      expect(Number(head.number)).to.equal(index + 1);
      if (index > 0) expect(head.parentHash).to.equal(heads[index - 1]?.hash);
    }
    const { result } = await client.call("eth_getBlockByHash", heads[2]?.hash, false);
    expect(result).to.have.property("number", heads[2]?.number);
  });

  it("send receipts of a block in one message, all or those asked for", async () => {
    const all = await client.subscribe("transactionReceipts");
    const mine = hashOf(sign(bob, { nonce: 0 }));
    const some = await client.subscribe("transactionReceipts", { transactionHashes: [mine] });
    const hashes = await Promise.all([sendOne(), sendOne(), sendOne(bob)]);
    await waitUntil(() => seen(all).flat().length >= 3 && seen(some).length >= 1);
    expect((seen(all).flat() as { transactionHash: Hex }[]).map((each) => each.transactionHash)).to.have.members(
      hashes,
    );
    expect((seen(some).flat() as { transactionHash: Hex }[]).map((each) => each.transactionHash)).to.deep.equal([mine]);
    const { result } = await client.call("eth_getTransactionReceipt", mine);
    expect((seen(some).flat() as unknown[])[0]).to.deep.equal(result);
  });

  it("send waiting transactions, by hash or whole", async () => {
    const hashes = await client.subscribe("newPendingTransactions");
    const whole = await client.subscribe("newPendingTransactions", true);
    const hash = await sendOne();
    await waitUntil(() => seen(hashes).length >= 1 && seen(whole).length >= 1);
    expect(seen(hashes)).to.deep.equal([hash]);
    expect(seen(whole)[0]).to.include({ hash, from: alice.address, to: someone, blockHash: null });
  });

  it("stop when they are ended, and cannot be ended by another connection", async () => {
    const id = await client.subscribe("newPendingTransactions");
    const other = await SocketClient.connect(node.wsUrl);
    expect((await other.call("eth_unsubscribe", id)).result).to.equal(false);
    other.socket.terminate();
    await sendOne();
    await waitUntil(() => seen(id).length === 1);
    expect((await client.call("eth_unsubscribe", id)).result).to.equal(true);
    expect((await client.call("eth_unsubscribe", id)).result).to.equal(false);
    await sendOne();
    await node.ledger.sequencer.idle();
    await client.call("eth_chainId");
    expect(seen(id).length).to.equal(1);
  });

  it("are no more than the limit for each connection", async () => {
    for (let count = 0; count < rpcSocketSubscriptionsMax; count++) await client.subscribe("newHeads");
    const { error } = await client.call("eth_subscribe", "newHeads");
    expect(error?.message).to.contain(`${rpcSocketSubscriptionsMax} subscriptions already`);
  });

  it("need a WebSocket", async () => {
    expect((await node.call("eth_subscribe", "newHeads")).error?.message).to.contain("WebSocket");
  });
});
