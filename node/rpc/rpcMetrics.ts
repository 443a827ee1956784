import { Counter, Gauge, type Registry } from "prom-client";

export interface RpcMetrics {
  /** Counts a call; `code` undefined for success. */
  countCall(method: string, code: number | undefined): void;
}

/** Registers what JSON-RPC measures. */
export function rpcMetrics(
  registry: Registry,
  gauges: { readonly sockets: () => number; readonly subscriptions: () => number },
): RpcMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: "allot_rpc_calls_total",
    help: "JSON-RPC calls by method and outcome (ok, or the error code).",
    labelNames: ["method", "outcome"] as const,
    registers,
  });
  /** Finding a child by its labels costs more than counting: keep the ones in use. The names are a closed set. */
  const children = new Map<string, Counter.Internal>();
  gauge("allot_rpc_sockets", "WebSocket connections.", gauges.sockets);
  gauge("allot_rpc_subscriptions", "Subscriptions of WebSocket connections.", gauges.subscriptions);

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }

  return {
    countCall(method, code) {
      const outcome = code === undefined ? "ok" : code.toString();
      const key = `${method} ${outcome}`;
      let child = children.get(key);
      if (child === undefined) {
        child = calls.labels(method, outcome);
        children.set(key, child);
      }
      child.inc();
    },
  };
}
