import { WebSocket } from "ws";
import type { Answer } from "./testNode.ts";

/** A bare JSON-RPC client over WebSocket, so that nothing stands between the test and the wire. */
export class SocketClient {
  readonly socket: WebSocket;
  /** Results that subscriptions sent, in order, by subscription. */
  readonly notices = new Map<string, unknown[]>();
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #id = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (message) => {
      const { id, params, ...answer } = JSON.parse(message.toString());
      if (params === undefined) this.#waiting.get(id)?.(answer);
      else this.notices.set(params.subscription, [...(this.notices.get(params.subscription) ?? []), params.result]);
    });
  }

  static async connect(url: string): Promise<SocketClient> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return new SocketClient(socket);
  }

  call(method: string, ...params: readonly unknown[]): Promise<Answer> {
    const id = ++this.#id;
    this.socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  async subscribe(kind: string, ...options: readonly unknown[]): Promise<string> {
    const { result, error } = await this.call("eth_subscribe", kind, ...options);
    if (typeof result !== "string") throw new Error(error?.message);
    return result;
  }
}
