// One port for everything the node serves: JSON-RPC by POST and WebSocket, health, readiness and metrics.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Express } from "express";
import { rpcConnectionsMax, rpcKeepAliveMs, rpcRequestTimeoutMs } from "../config/limits.ts";
import type { Log } from "../log.ts";
import { AllotError } from "../types/errors.ts";
import type { RpcBackend } from "./backend.ts";
import { CallSlots } from "./callSlots.ts";
import { Dispatcher } from "./dispatcher.ts";
import { Filters } from "./filters.ts";
import { type HealthReport, health, readiness } from "./health.ts";
import { answerHttp } from "./httpRequest.ts";
import { Intake } from "./intake.ts";
import { allMethods } from "./methods.ts";
import type { Node } from "./node.ts";
import { ReceiptWaiters } from "./receiptWaiters.ts";
import { rpcMetrics } from "./rpcMetrics.ts";
import { Sockets } from "./sockets.ts";
import { Subscriptions } from "./subscriptions.ts";

export interface RpcOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Pick<Log, "error" | "debug" | "isLevelEnabled">;
}

export interface RpcServer {
  /** http://host:port with the port that was taken; WebSocket is served there as well. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens; throws an `AllotError` when the address cannot be had. */
export async function startRpc(backend: RpcBackend, options: RpcOptions): Promise<RpcServer> {
  const node: Node = {
    backend,
    filters: new Filters(backend.engine.chain, () => performance.now()),
    subscriptions: new Subscriptions(),
    receiptWaiters: new ReceiptWaiters(),
    callSlots: new CallSlots(),
  };
  const metrics = rpcMetrics(backend.metrics, {
    sockets: () => sockets.size,
    subscriptions: () => node.subscriptions.size,
  });
  const dispatcher = new Dispatcher(allMethods, {
    onCall: (method, code, { request }, result) => {
      metrics.countCall(method, code);
      if (!options.log.isLevelEnabled("debug")) return;
      options.log.debug({ request, method, code, transaction: transactionIn(method, result) }, "answered a call");
    },
    onDefect: (method, error) => options.log.error({ err: error, method }, "a JSON-RPC method failed"),
  });
  const app = routes(backend);
  const caller = { node, session: undefined };
  const intake = new Intake();
  // Calls go past Express' routing: it would take 10 of a transaction's 140 microseconds.
  const http = createServer((request, response) => {
    if (request.method === "POST" && request.url === "/") answerHttp(request, response, { dispatcher, caller, intake });
    else app(request, response);
  });
  http.maxConnections = rpcConnectionsMax;
  http.keepAliveTimeout = rpcKeepAliveMs;
  http.requestTimeout = rpcRequestTimeoutMs;
  const sockets = new Sockets(http, node, dispatcher, intake);
  try {
    await listen(http, options);
  } catch (error) {
    sockets.close();
    throw error;
  }
  const ends = [
    backend.onCommitted((block) => {
      node.receiptWaiters.onCommitted(block);
      node.subscriptions.onCommitted(block);
    }),
    backend.mempool.onAdmitted((transaction) => {
      node.filters.onAdmitted(transaction.hash);
      node.subscriptions.onAdmitted(transaction);
    }),
  ];
  return {
    url: urlOf(options.host, (http.address() as AddressInfo).port),
    async close() {
      for (const end of ends) end();
      sockets.close();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeAllConnections();
      await closed;
    },
  };
}

/** Hash of the transaction that an answer is about: one that was sent, or whose receipt was served. */
function transactionIn(method: string, result: unknown): unknown {
  if (method === "eth_sendRawTransaction") return result;
  return typeof result === "object" && result !== null && "transactionHash" in result
    ? result.transactionHash
    : undefined;
}

/** What people and supervisors look at. */
function routes(backend: RpcBackend): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  const report = (read: (backend: RpcBackend) => HealthReport) => (_: express.Request, response: express.Response) => {
    const result = read(backend);
    response.status(result.ok ? 200 : 503).json(result);
  };
  app.get("/health", report(health));
  app.get("/ready", report(readiness));
  app.get("/metrics", async (_, response) => {
    response.type(backend.metrics.contentType).send(await backend.metrics.metrics());
  });
  app.use((_, response) => {
    response.status(404).type("text/plain");
    response.send("Here are POST / (JSON-RPC), WebSocket, GET /health, GET /ready and GET /metrics.\n");
  });
  return app;
}

function listen(http: Server, { host, port }: RpcOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === "EADDRINUSE"
          ? `port ${port} on ${host} is in use: stop the other program or choose another port`
          : `cannot listen on ${host} port ${port}: ${cause.message}`;
      reject(new AllotError("RPC_CANNOT_LISTEN", { host, port, system: cause.code }, reason, { cause }));
    });
    http.listen(port, host, () => resolve());
  });
}

const urlOf = (host: string, port: number) => `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
