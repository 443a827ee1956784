// JSON-RPC over WebSocket: answers may come out of order, as JSON-RPC allows; a reader that falls too far behind, or
// answers no ping, is disconnected.
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { rpcBodyBytesMax, rpcSocketBufferedBytesMax, rpcSocketCallsMax, rpcSocketPingMs } from "../config/limits.ts";
import type { Hex } from "../types/brands.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Intake } from "./intake.ts";
import type { Node } from "./node.ts";
import type { Session } from "./session.ts";

/** WebSocket's codes for a peer that asks too much, for a server that has too much to do, and for one that goes away. */
const policyViolation = 1008;
const tryAgainLater = 1013;
const goingAway = 1001;
/** Of a client's ping or pong: two bytes and a mask. */
const controlHeaderBytes = 6;

export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: rpcBodyBytesMax, perMessageDeflate: false });
  readonly #node: Node;
  readonly #dispatcher: Dispatcher;
  readonly #silent = new WeakSet<WebSocket>();
  readonly #pings: NodeJS.Timeout;
  readonly #intake: Intake;

  constructor(http: Server, node: Node, dispatcher: Dispatcher, intake: Intake) {
    this.#intake = intake;
    this.#node = node;
    this.#dispatcher = dispatcher;
    http.on("upgrade", (request, socket, head) => {
      if (isForeign(request)) {
        socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (accepted) => this.#serve(accepted, socket));
    });
    this.#pings = setInterval(() => this.#ping(), rpcSocketPingMs);
    this.#pings.unref();
  }

  get size(): number {
    return this.#server.clients.size;
  }

  close(): void {
    clearInterval(this.#pings);
    for (const socket of this.#server.clients) {
      socket.close(goingAway, "the node stops");
      socket.terminate();
    }
    this.#server.close();
  }

  #serve(socket: WebSocket, stream: Duplex): void {
    const session = sessionOf(socket);
    let waiting = 0;
    /** Received, and not yet part of a whole message. */
    let partBytes = 0;
    // Before the library sees it, and makes messages of it.
    stream.prependListener("data", (chunk: Buffer) => {
      if (this.#intake.take(chunk.length)) partBytes += chunk.length;
      else {
        socket.close(tryAgainLater, "too many requests are being received at this moment: try again later");
        socket.terminate();
      }
    });
    const control = (data: Buffer): void => {
      const bytes = Math.min(partBytes, controlHeaderBytes + data.length);
      partBytes -= bytes;
      this.#intake.give(bytes);
    };
    socket.on("ping", control);
    socket.on("pong", control);
    socket.on("message", (message: RawData) => {
      const bytes = partBytes;
      partBytes = 0;
      if (waiting >= rpcSocketCallsMax) {
        this.#intake.give(bytes);
        socket.close(policyViolation, `more than ${rpcSocketCallsMax} calls wait for their answers`);
        return;
      }
      waiting++;
      this.#dispatcher.answer(message.toString(), { node: this.#node, session }).then((answer) => {
        waiting--;
        this.#intake.give(bytes);
        if (answer !== undefined) session.send(answer);
      });
    });
    socket.on("pong", () => this.#silent.delete(socket));
    // A broken connection is followed by `close`, which is where it is dealt with.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#intake.give(partBytes);
      partBytes = 0;
      this.#node.subscriptions.removeAll(session);
    });
  }

  #ping(): void {
    for (const socket of this.#server.clients) {
      if (this.#silent.has(socket)) {
        socket.terminate();
        continue;
      }
      this.#silent.add(socket);
      socket.ping();
    }
  }
}

/** Browsers let any web page open a WebSocket anywhere, and say which page it was: only our own may. */
function isForeign({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return false;
  return !URL.canParse(headers.origin) || new URL(headers.origin).host !== headers.host;
}

function sessionOf(socket: WebSocket): Session {
  return {
    subscriptions: new Set<Hex>(),
    send(text) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > rpcSocketBufferedBytesMax) socket.terminate();
      else socket.send(text);
    },
  };
}
