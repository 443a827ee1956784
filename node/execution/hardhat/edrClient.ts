import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { edrAnswerTimeoutMs } from "../../config/limits.ts";
import { AllotError, InvariantError } from "../../types/errors.ts";
import type { EdrAnswer, EdrChainSettings, EdrRequest, EdrWorkerData } from "./edrWorker.ts";

/** A JSON-RPC error that Hardhat's EVM answered with. */
export class EdrError extends AllotError {
  readonly data: unknown;

  constructor(method: string, message: string, data: unknown) {
    super("EDR_ERROR", { method }, `Hardhat's EVM refused ${method}: ${message}`);
    this.data = data;
  }
}

interface JsonRpcResponse {
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: unknown };
}

/** The one thread with Hardhat's EVM. */
class EdrThread {
  readonly #signal: Int32Array;
  readonly #port: MessagePort;

  constructor() {
    const signal = new SharedArrayBuffer(4);
    const { port1, port2 } = new MessageChannel();
    this.#signal = new Int32Array(signal);
    this.#port = port1;
    const workerData: EdrWorkerData = { signal, port: port2 };
    const worker = new Worker(new URL("./edrWorker.ts", import.meta.url), { workerData, transferList: [port2] });
    // It must not keep the process alive.
    worker.unref();
    this.#port.unref();
  }

  /** Blocks this thread until the answer is there. */
  ask(request: EdrRequest, what: string): unknown {
    Atomics.store(this.#signal, 0, 0);
    this.#port.postMessage(request);
    if (Atomics.wait(this.#signal, 0, 0, edrAnswerTimeoutMs) === "timed-out") {
      throw new AllotError("EDR_SILENT", { what }, `Hardhat's EVM did not answer ${what} in ${edrAnswerTimeoutMs} ms.`);
    }
    const answer: EdrAnswer | undefined = receiveMessageOnPort(this.#port)?.message;
    if (answer === undefined) throw new InvariantError("EDR_NO_ANSWER", { what }, `no answer to ${what} was posted`);
    if (answer.kind === "failure") throw new EdrError(what, answer.message, undefined);
    return answer.json;
  }
}

let thread: EdrThread | undefined;
let chainsOpened = 0;

/** One chain in Hardhat's EVM, asked synchronously. */
export class EdrClient {
  readonly #thread: EdrThread;
  readonly #chain: number;
  #requestId = 0;

  constructor(settings: EdrChainSettings) {
    thread ??= new EdrThread();
    this.#thread = thread;
    this.#chain = ++chainsOpened;
    this.#thread.ask({ kind: "open", chain: this.#chain, settings }, "to open a chain");
  }

  /** One JSON-RPC request. Throws EdrError for an error answered. */
  request<T>(method: string, params: readonly unknown[] = []): T {
    const json = JSON.stringify({ jsonrpc: "2.0", id: ++this.#requestId, method, params });
    const { error, result } = this.#thread.ask({ kind: "ask", chain: this.#chain, json }, method) as JsonRpcResponse;
    if (error !== undefined) throw new EdrError(method, error.message, error.data);
    return result as T;
  }

  close(): void {
    this.#thread.ask({ kind: "close", chain: this.#chain }, "to close a chain");
  }
}
