// A TCP connection's way, made worse: stands between two real sockets and delays, throttles or cuts what passes.
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export interface LinkFaults {
  /** Of every byte, each way; the order stays. */
  readonly delayMs: number;
  /** Each way; unlimited when undefined. */
  readonly bytesPerSecond: number | undefined;
  /** Connections end, and new ones are refused. */
  readonly isCut: boolean;
}

export const wholeLink: LinkFaults = { delayMs: 0, bytesPerSecond: undefined, isCut: false };

/** Bytes under way in one direction at which the sender is made to wait, as a full buffer of the kernel would. */
const underWayBytesMax = 256 * 1024;

export class TcpProxy {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  #faults: LinkFaults = wholeLink;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    server.on("connection", (socket) => this.#accept(socket));
  }

  /** Listens on a free port of the loopback interface. */
  static async listen(targetPort: number): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    return new TcpProxy(server, targetPort);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  set faults(faults: LinkFaults) {
    this.#faults = faults;
    if (faults.isCut) this.disconnect();
  }

  /** Ends the connections that are there: what was under way is lost. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.disconnect();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    if (this.#faults.isCut) {
      client.destroy();
      return;
    }
    const target = connect(this.#targetPort, "127.0.0.1");
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      this.#sockets.add(from);
      // The end of one side is the end of the other; `close` follows every error.
      from.on("error", () => undefined);
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      this.#forward(from, to);
    }
  }

  #forward(from: Socket, to: Socket): void {
    let underWayBytes = 0;
    let freeAtMs = 0;
    let arrivesAtMs = 0;
    from.setNoDelay(true);
    from.on("data", (chunk: Buffer) => {
      const { delayMs, bytesPerSecond } = this.#faults;
      const nowMs = performance.now();
      freeAtMs =
        Math.max(nowMs, freeAtMs) + (bytesPerSecond === undefined ? 0 : (1_000 * chunk.length) / bytesPerSecond);
      // A delay that becomes shorter lets nothing overtake what is under way.
      arrivesAtMs = Math.max(arrivesAtMs, freeAtMs + delayMs);
      underWayBytes += chunk.length;
      if (underWayBytes > underWayBytesMax) from.pause();
      const deliver = (): void => {
        underWayBytes -= chunk.length;
        if (!to.destroyed) to.write(chunk);
        if (underWayBytes <= underWayBytesMax && from.isPaused()) from.resume();
      };
      if (arrivesAtMs <= nowMs) deliver();
      else setTimeout(deliver, arrivesAtMs - nowMs);
    });
  }
}
