// What all clients together may leave unfinished: connections that send much and never end a request.
import { connect, type Socket } from "node:net";
import { expect } from "chai";
import { WebSocket } from "ws";
import { rpcBodyBytesMax, rpcIntakeBytesMax } from "../../node/config/limits.ts";
import { post, startTestNode, type TestNode } from "./testNode.ts";
import { waitUntil } from "./waitUntil.ts";

const call = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
const partBytes = rpcBodyBytesMax - 64 * 1024;
const part = Buffer.alloc(partBytes, " ");
const enough = Math.ceil(rpcIntakeBytesMax / partBytes);

describe("requests that never end", function () {
  this.timeout(120_000);
  let node: TestNode;
  beforeEach(async () => {
    node = await startTestNode();
  });
  afterEach(() => node.close());

  const status = async (): Promise<number> => (await post(node.url, call)).status;

  /** A POST that announces more than it sends. */
  function begin(refused: () => void): Socket {
    const socket = connect(Number(new URL(node.url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.once("data", (answer) => {
      expect(answer.toString()).to.contain("HTTP/1.1 503").and.to.contain("send it again later");
      refused();
    });
    socket.write(
      `POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${rpcBodyBytesMax}\r\n\r\n`,
    );
    socket.write(part);
    return socket;
  }

  it("by HTTP fill no more than their share; further ones are told to come later", async () => {
    // In the second round there is room again.
    for (let round = 0; round < 2; round++) {
      let refused = 0;
      const sockets = Array.from({ length: enough + 2 }, () => begin(() => refused++));
      await waitUntil(() => refused >= 3);
      expect(await status(), "small requests find room").to.equal(200);
      expect(refused, "most of them are taken").to.be.lessThan(enough / 2);
      for (const socket of sockets) socket.destroy();
    }
  });

  it("by WebSocket fill no more than their share, and what whole messages took is free again", async () => {
    const client = new WebSocket(node.wsUrl);
    await new Promise((resolve) => client.once("open", resolve));
    const padded = Buffer.concat([Buffer.from(call), part]);
    for (let i = 0; i < enough + 2; i++) {
      const answer = new Promise((resolve) => client.once("message", resolve));
      client.send(padded, { binary: false });
      await answer;
    }
    expect(await status()).to.equal(200);

    const clients = Array.from({ length: enough + 1 }, () => new WebSocket(node.wsUrl));
    const closed = clients.map((each) => new Promise<void>((resolve) => each.once("close", () => resolve())));
    for (const each of clients) {
      each.on("error", () => undefined);
      each.once("open", () => each.send(part, { fin: false, binary: false }));
    }
    await Promise.race(closed);
    for (const each of [client, ...clients]) each.terminate();
    await waitUntil(async () => (await status()) === 200);
  });
});
