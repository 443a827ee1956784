// Whatever a client may send to the port of JSON-RPC: text that is HTTP or nearly, and WebSocket frames that are right
// or nearly. The bytes go through a real connection to a real server.
import { connect } from "node:net";
import { startTestNode } from "../rpc/testNode.ts";
import { mutateBytes } from "./mutateBytes.ts";
import type { Target } from "./target.ts";

/** A server that has neither answered nor ended the connection by then waits for the rest of a request. */
const patienceMs = 250;

const call = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
const batch = `[${call},${call}]`;

const request = (head: string, body = ""): Buffer =>
  Buffer.from(`${head}\r\nhost: 127.0.0.1\r\nconnection: close\r\n${body === "" ? "" : bodyHead(body)}\r\n${body}`);
const bodyHead = (body: string): string => `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;

const chunked = Buffer.from(
  `POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${call.length.toString(16)}\r\n${call}\r\n0\r\n\r\n`,
);

/** A client's frame: masked, as RFC 6455 asks for. */
function socketFrame(opcode: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const length =
    payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 0xff];
  const mask = [1, 2, 3, 4];
  const masked = payload.map((byte, i) => byte ^ (mask[i % 4] as number));
  return Buffer.from([0x80 | opcode, ...length, ...mask, ...masked]);
}

const upgrade = Buffer.from(
  "GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n" +
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
);
const closing = socketFrame(8, "");

const httpSeeds: readonly Buffer[] = [
  request("POST / HTTP/1.1", call),
  request("POST / HTTP/1.1", batch),
  chunked,
  ...["health", "ready", "metrics", "elsewhere"].map((path) => request(`GET /${path} HTTP/1.1`)),
];
const subscribe = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] });
const socketSeeds: readonly Buffer[] = [
  Buffer.concat([socketFrame(1, call), closing]),
  Buffer.concat([socketFrame(1, subscribe), socketFrame(9, "ping"), closing]),
  Buffer.concat([socketFrame(2, batch), socketFrame(1, call), closing]),
];

/** Sends the bytes, ends its side, and waits for the end of the other; resolves with what came. */
function exchange(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    const timer = setTimeout(() => socket.destroy(), patienceMs);
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
    });
    // A connection that the server resets has been refused; `close` follows.
    socket.on("error", () => undefined);
    socket.on("end", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(received);
    });
    socket.end(bytes);
  });
}

export async function connectionTargets(): Promise<readonly Target[]> {
  const { url, close } = await startTestNode();
  const port = Number(new URL(url).port);
  let uncaught: unknown;
  const onUncaught = (error: unknown): void => {
    uncaught = error;
  };
  const run =
    (prefix: Uint8Array, isAccepted: (answer: string) => boolean) =>
    async (input: unknown): Promise<boolean> => {
      uncaught = undefined;
      process.once("uncaughtException", onUncaught);
      const answer = await exchange(port, Buffer.concat([prefix, input as Uint8Array]));
      process.off("uncaughtException", onUncaught);
      if (uncaught !== undefined) throw uncaught;
      return isAccepted(answer);
    };
  return [
    {
      name: "HTTP",
      make: (random) => mutateBytes(random, random.pick(httpSeeds), random.pick(httpSeeds)),
      run: run(new Uint8Array(0), (answer) => answer.startsWith("HTTP/1.1 20")),
    },
    {
      name: "WebSocket",
      make: (random) => mutateBytes(random, random.pick(socketSeeds), random.pick(socketSeeds)),
      run: run(upgrade, (answer) => answer.includes('"result"')),
      close,
    },
  ];
}
