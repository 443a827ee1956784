// JSON-RPC 2.0 itself, over HTTP and WebSocket: requests that are wrong in form, batches, limits, and what else is
// served on the port.
import { createConnection } from "node:net";
import { expect } from "chai";
import { pino } from "pino";
import { Registry } from "prom-client";
import { WebSocket } from "ws";
import { rpcBatchCallsMax, rpcBodyBytesMax, rpcJsonMarksMax, rpcSocketCallsMax } from "../../node/config/limits.ts";
import { startRpc } from "../../node/rpc/server.ts";
import { hexOf } from "../../node/types/hex.ts";
import { holders } from "../application/testLedger.ts";
import { type Signer, sign } from "../mempool/signing.ts";
import { type Answer, post, startTestNode, type TestNode } from "./testNode.ts";

describe("JSON-RPC over HTTP", function () {
  this.timeout(60_000);
  let node: TestNode;
  before(async () => {
    node = await startTestNode();
  });
  after(() => node.close());

  const send = async (body: unknown) => (await post(node.url, JSON.stringify(body))).json;
  const codeOf = async (body: unknown) => (await send(body)).error?.code;
  const call = (method: string, params: unknown = []) => ({ jsonrpc: "2.0", id: 1, method, params });

  it("answers malformed JSON with -32700 and no id", async () => {
    for (const body of ["{", "", "nonsense", '{"jsonrpc":"2.0",']) {
      const { status, json } = await post(node.url, body);
      expect(status).to.equal(200);
      expect(json).to.have.property("id", null);
      expect(json.error?.code).to.equal(-32700);
    }
  });

  it("answers what is no request with -32600, under its id where there is one", async () => {
    for (const body of [
      1,
      "text",
      null,
      {},
      { id: 1, method: "eth_chainId" },
      { jsonrpc: "1.0", method: "eth_chainId" },
    ]) {
      expect(await codeOf(body)).to.equal(-32600);
    }
    expect(await codeOf({ jsonrpc: "2.0", id: 1, method: 5 })).to.equal(-32600);
    expect(await codeOf({ jsonrpc: "2.0", id: {}, method: "eth_chainId" })).to.equal(-32600);
    expect(await send({ jsonrpc: "1.0", id: "mine", method: "eth_chainId" })).to.have.property("id", "mine");
  });

  it("answers unknown methods with -32601, and says which namespaces there are", async () => {
    const near = await send(call("eth_getUncles"));
    expect(near.error).to.deep.equal({
      code: -32601,
      message: "the method eth_getUncles does not exist or is not available",
    });
    const far = await send(call("miner_start"));
    expect(far.error?.message).to.contain("the namespaces here are eth, net, web3, allot");
    for (const name of ["constructor", "__proto__", "toString", "x".repeat(100_000)]) {
      const { error } = await send(call(name));
      expect(error?.code).to.equal(-32601);
      expect(error?.message.length).to.be.lessThan(200);
    }
  });

  it("takes parameters by position only", async () => {
    expect(await codeOf(call("eth_getBalance", { address: "0x" }))).to.equal(-32602);
    expect(await codeOf({ jsonrpc: "2.0", id: 1, method: "eth_chainId" })).to.equal(undefined);
  });

  it("answers under the id it was asked with", async () => {
    for (const id of [0, -5, 1.5, "text", null])
      expect(await send({ ...call("eth_chainId"), id })).to.have.property("id", id);
  });

  it("does not answer notifications", async () => {
    const { status, json } = await post(node.url, JSON.stringify({ jsonrpc: "2.0", method: "eth_chainId" }));
    expect([status, json]).to.deep.equal([204, undefined]);
    const batch = [{ jsonrpc: "2.0", method: "eth_chainId" }, call("eth_chainId")];
    expect(await send(batch)).to.have.length(1);
  });

  it("answers batches in order, each call by itself", async () => {
    const batch = [call("eth_chainId"), 1, call("no_such"), { ...call("net_version"), id: 9 }];
    const answers = (await send(batch)) as unknown as (Answer & { id: unknown })[];
    expect(answers.map((each) => [each.id, each.result ?? each.error?.code])).to.deep.equal([
      [1, "0x7983"],
      [null, -32600],
      [1, -32601],
      [9, "31107"],
    ]);
  });

  it("refuses empty batches and those past the limit, whole", async () => {
    expect(await codeOf([])).to.equal(-32600);
    const many = Array(rpcBatchCallsMax + 1).fill(call("eth_chainId"));
    const { error } = await send(many);
    expect(error?.code).to.equal(-32600);
    expect(error?.message).to.equal(`a batch must hold 1 to ${rpcBatchCallsMax} calls, not ${rpcBatchCallsMax + 1}`);
    expect(await send(many.slice(1))).to.have.length(rpcBatchCallsMax);
  });

  it("refuses bodies past the limit with 413", async () => {
    const { status, json } = await post(node.url, " ".repeat(rpcBodyBytesMax + 1));
    expect(status).to.equal(413);
    expect(json.error?.message).to.contain(`${rpcBodyBytesMax} bytes at most`);
    expect(await codeOf(call("eth_chainId"))).to.equal(undefined);
  });

  it("refuses a request with more in it than is parsed in a short time, whatever stands in its strings", async () => {
    const marks = "[".repeat(rpcJsonMarksMax);
    expect(await codeOf([call("eth_chainId", [`\\"${marks},:\\`])])).to.equal(undefined);
    const { json } = await post(node.url, `[${marks}`);
    expect(json.error?.code).to.equal(-32600);
    expect(json.error?.message).to.contain("send fewer calls at once");
    expect((await post(node.url, marks)).json.error?.code).to.equal(-32700);
  });

  it("refuses other content types, so that no web page's form can reach it", async () => {
    const { status, json } = await post(node.url, JSON.stringify(call("eth_chainId")), "text/plain");
    expect(status).to.equal(415);
    expect(json.error?.message).to.contain("content-type: application/json");
  });

  it("has no accounts, mines nothing, and knows its name", async () => {
    const constants = ["eth_accounts", "eth_mining", "eth_hashrate", "net_listening", "net_peerCount", "eth_syncing"];
    const results = await Promise.all(constants.map(async (name) => (await send(call(name))).result));
    expect(results).to.deep.equal([[], false, "0x0", true, "0x0", false]);
    expect((await send(call("web3_clientVersion"))).result).to.match(/^Allot\/v0\.1\.0\//);
    expect((await send(call("web3_sha3", ["0x"]))).result).to.match(/^0xc5d24601/);
  });

  it("serves health, readiness and metrics", async () => {
    const get = async (path: string) => {
      const response = await fetch(node.url + path);
      return { status: response.status, text: await response.text() };
    };
    expect((await get("/health")).status).to.equal(200);
    expect(JSON.parse((await get("/ready")).text)).to.deep.include({
      ok: true,
      phase: "running",
      reachable: 1,
      quorum: 1,
    });
    node.status.phase = "syncing";
    expect((await get("/ready")).status).to.equal(503);
    expect((await get("/health")).status).to.equal(200);
    expect((await send(call("eth_syncing"))).result).to.have.property("highestBlock");
    node.status.phase = "stopped";
    expect((await get("/health")).status).to.equal(503);
    node.status.phase = "running";
    const metrics = await get("/metrics");
    expect(metrics.text).to.match(/allot_rpc_calls_total\{method="eth_chainId",outcome="ok"\} [1-9]/);
    expect(metrics.text).to.match(/allot_rpc_calls_total\{method="unknown",outcome="-32601"\} [1-9]/);
    expect((await get("/elsewhere")).status).to.equal(404);
  });

  it("carries a request's id back to the client, and none that could not stand in a log", async () => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId" });
    const idOf = async (id: string) => {
      const headers = { "content-type": "application/json", "x-request-id": id };
      return (await fetch(node.url, { method: "POST", headers, body })).headers.get("x-request-id");
    };
    expect(await idOf("order-17:2")).to.equal("order-17:2");
    expect(await idOf("two words")).to.equal(null);
    expect(await idOf("x".repeat(65))).to.equal(null);
  });

  it("lives on when a client goes away in the middle of its request, or of its answer", async () => {
    const { port } = new URL(node.url);
    const head = "POST / HTTP/1.1\r\nhost: node\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n";
    for (const text of [head, `${head}{"jsonrpc"`, "POST / HTTP/1.1\r\nhost", "nonsense\r\n\r\n"]) {
      const socket = createConnection(Number(port), "127.0.0.1");
      await new Promise((resolve) => socket.write(text, resolve));
      socket.destroy();
    }
    const abort = new AbortController();
    const body = JSON.stringify(Array(500).fill(call("eth_getBlockByNumber", ["latest", true])));
    const headers = { "content-type": "application/json" };
    const asked = fetch(node.url, { method: "POST", headers, body, signal: abort.signal }).catch(() => undefined);
    setTimeout(() => abort.abort(), 5);
    await asked;
    expect(await codeOf(call("eth_chainId"))).to.equal(undefined);
  });

  it("says so when its port is in use", async () => {
    const port = Number(new URL(node.url).port);
    const options = { host: "127.0.0.1", port, log: pino({ level: "silent" }) };
    // A registry of its own: the first server's metrics have the names already.
    const backend = { ...node.backend, metrics: new Registry() };
    const failure = await startRpc(backend, options).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "RPC_CANNOT_LISTEN");
    expect(failure).to.have.property("message").that.contains(`port ${port} on 127.0.0.1 is in use`);
  });
});

describe("JSON-RPC over WebSocket", function () {
  this.timeout(60_000);
  let node: TestNode;
  let socket: WebSocket;
  beforeEach(async () => {
    node = await startTestNode();
    socket = await connect(node.wsUrl);
  });
  afterEach(async () => {
    socket.terminate();
    await node.close();
  });

  it("answers calls, batches and malformed JSON on one connection", async () => {
    const ask = async (text: string) => {
      const answer = nextMessage(socket);
      socket.send(text);
      return (await answer) as Answer & Answer[];
    };
    const call = { jsonrpc: "2.0", id: 1, method: "eth_chainId" };
    expect((await ask(JSON.stringify(call))).result).to.equal("0x7983");
    expect(await ask(JSON.stringify([call, call]))).to.have.length(2);
    expect((await ask("{")).error?.code).to.equal(-32700);
  });

  it("ends a connection that sends more than the limit", async () => {
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    socket.send(" ".repeat(rpcBodyBytesMax + 1));
    expect(await closed).to.equal(1009);
  });

  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${node.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1]);
  };

  it("refuses web pages of other origins, which browsers would let in", async () => {
    const from = (origin: string) =>
      new Promise((resolve) => {
        const other = new WebSocket(node.wsUrl, { origin });
        other.once("open", () => resolve("open"));
        other.once("error", (error) => resolve(error.message));
        other.once("open", () => other.terminate());
      });
    expect(await from("https://elsewhere.example")).to.contain("403");
    expect(await from("null")).to.contain("403");
    expect(await from(node.url)).to.equal("open");
  });

  it("forgets the subscriptions of a connection that ended", async () => {
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }));
    await nextMessage(socket);
    expect(await metric("allot_rpc_subscriptions")).to.equal(1);
    socket.terminate();
    const until = performance.now() + 45_000;
    while ((await metric("allot_rpc_subscriptions")) > 0) expect(performance.now()).to.be.lessThan(until);
  });

  it("ends a connection whose reader falls too far behind", async () => {
    socket.pause();
    const call = { jsonrpc: "2.0", id: 1, method: "eth_getBlockByNumber", params: ["latest", false] };
    const batch = JSON.stringify(Array(rpcBatchCallsMax).fill(call));
    // Each answer has 1.5 MB.
    for (let sent = 0; sent < 40 && (await metric("allot_rpc_sockets")) > 0; sent++) socket.send(batch);
    const until = performance.now() + 45_000;
    while ((await metric("allot_rpc_sockets")) > 0) expect(performance.now()).to.be.lessThan(until);
  }).timeout(60_000);

  it("ends a connection with too many calls that wait for their answers", async () => {
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    const [holder] = holders;
    // It waits behind a gap, and so do those who wait for it.
    const raw = hexOf(sign(holder as Signer, { chainId: 31_107, nonce: 1 }));
    const call = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_sendRawTransactionSync", params: [raw] });
    for (let count = 0; count <= rpcSocketCallsMax; count++) socket.send(call);
    expect(await closed).to.equal(1008);
  });

  it("ends its connections and frees its port when it is closed", async () => {
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await node.server.close();
    await closed;
    const again = await fetch(node.url).catch((error: { cause: { code: string } }) => error.cause.code);
    expect(again).to.equal("ECONNREFUSED");
  });
});

function connect(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.once("open", () => resolve(socket));
    socket.once("error", reject);
  });
}

function nextMessage(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => socket.once("message", (message) => resolve(JSON.parse(message.toString()))));
}
