// Real nodes of one validator each, over one genesis, that a test can let fall behind.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { hexOf } from "../../node/types/hex.ts";
import { type ClientErrorCode, createAllotClient, type ReadyNodesParameters, readyNodes } from "../../sdk/index.ts";
import { nodeAnswerOf } from "../../sdk/transactions/nodeAnswer.ts";
import { holders } from "../application/testLedger.ts";
import { type Signer, sign } from "../mempool/signing.ts";
import { startTestNode, type TestNode } from "../rpc/testNode.ts";
import { eventually } from "./suite/actors.ts";

const [alice] = holders as readonly [Signer];

describe("a client of several nodes", function () {
  this.timeout(60_000);
  let first: TestNode;
  let second: TestNode;
  const nonces = new Map<TestNode, number>();
  beforeEach(async () => {
    [first, second] = await Promise.all([startTestNode(), startTestNode()]);
  });
  afterEach(() => Promise.all([first, second].map((node) => node.close())));

  const client = (parameters: ReadyNodesParameters = {}, urls = [first.url, second.url]) =>
    createAllotClient({ transport: readyNodes(urls, { waitMs: 300, ...parameters }) });
  /** A transaction on one node alone: hash of its receipt. */
  async function transact(node: TestNode): Promise<`0x${string}`> {
    const nonce = nonces.get(node) ?? 0;
    nonces.set(node, nonce + 1);
    const raw = hexOf(sign(alice, { chainId: 31_107, nonce }));
    const { result } = await node.call("eth_sendRawTransactionSync", raw);
    return (result as { transactionHash: `0x${string}` }).transactionHash;
  }
  /** The height after a block on one node alone; more may follow by themselves. */
  async function block(node: TestNode): Promise<bigint> {
    await transact(node);
    return BigInt((await node.call("eth_blockNumber")).result as string);
  }
  const codeOf = async (asked: Promise<unknown>): Promise<ClientErrorCode | undefined> => {
    for (let error: unknown = await asked.catch((reason: unknown) => reason); error instanceof Error; ) {
      const { code } = error as { code?: unknown };
      if (code === "NODE_NOT_READY") return code;
      error = error.cause;
    }
    return undefined;
  };

  it("asks the first that is ready, and another while that catches up", async () => {
    const height = await block(second);
    const reader = client();
    expect(await reader.getBlockNumber()).to.equal(0n);
    const late = client();
    first.status.phase = "syncing";
    expect((await late.getBlockNumber()) >= height).to.equal(true);
    first.status.phase = "running";
    expect(await client().getBlockNumber()).to.equal(0n);
  });

  it("takes nothing from a node that is behind what it has seen, though it calls itself ready", async () => {
    await block(second);
    const reader = client();
    first.status.phase = "syncing";
    const seen = await reader.getBlockNumber();
    expect(seen > 0n).to.equal(true);
    first.status.phase = "running";
    expect((await reader.getBlockNumber()) >= seen).to.equal(true);
    await second.server.close();
    expect(await codeOf(reader.getBlockNumber())).to.equal("NODE_NOT_READY");
    for (let height = 0n; height <= seen; ) height = await block(first);
    expect((await reader.getBlockNumber()) >= seen).to.equal(true);
  });

  it("goes by the block of a receipt as well: what it has written it reads", async () => {
    const reader = client();
    const hash = await transact(second);
    first.status.phase = "syncing";
    await reader.getTransactionReceipt({ hash });
    first.status.phase = "running";
    expect(await reader.getTransactionCount({ address: alice.address })).to.equal(1);
  });

  it("waits while none is ready, and says so in the end", async () => {
    first.status.phase = "syncing";
    second.status.phase = "syncing";
    expect(await codeOf(client().getBlockNumber())).to.equal("NODE_NOT_READY");
    const waiting = client({ waitMs: 20_000 }).getBlockNumber();
    await eventually(async () => (await fetch(new URL("/ready", first.url))).status === 503);
    second.status.phase = "running";
    expect(await waiting).to.equal(0n);
  });

  it("takes the one that is furthest, where it is told to, and tells once", async () => {
    const height = await block(second);
    first.status.phase = "syncing";
    second.status.phase = "syncing";
    const told: (readonly string[])[] = [];
    const reader = client({ takeBehind: (urls) => void told.push(urls) });
    for (let i = 0; i < 2; i++) expect((await reader.getBlockNumber()) >= height).to.equal(true);
    expect(told).to.deep.equal([[first.url, second.url]]);
  });

  it("asks the next when one does not answer, and fails as viem does when none does", async () => {
    await first.server.close();
    expect(await client().getBlockNumber()).to.equal(0n);
    await second.server.close();
    const failure = await client()
      .getBlockNumber()
      .catch((error: unknown) => error);
    expect(nodeAnswerOf(failure)).to.equal("unreachable");
  });

  it("takes nodes of other kinds as ready", async () => {
    const other = createServer((request, response) => {
      if (request.method === "GET") return void response.writeHead(404).end("no such page");
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id: 0, result: "0x2a" }));
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = other.address() as AddressInfo;
      expect(await client({}, [`http://127.0.0.1:${port}`]).getBlockNumber()).to.equal(42n);
    } finally {
      other.close();
    }
  });
});
