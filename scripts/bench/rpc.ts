// JSON-RPC over HTTP with connections that stay open, for a load that costs the machine little.
import { Agent, request } from "node:http";
import { AllotError } from "../../node/types/errors.ts";

export interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

export interface RpcConnection {
  readonly url: string;
  call(method: string, params: readonly unknown[]): Promise<unknown>;
  /** Answers in the order of the calls. */
  batch(calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]>;
  close(): void;
}

export function connectRpc(url: string): RpcConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const post = (body: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const sent = request(url, { method: "POST", agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")));
          } catch (cause) {
            reject(
              new AllotError("BAD_ANSWER", { url, status: response.statusCode }, `${url} answered no JSON`, { cause }),
            );
          }
        });
        response.on("error", reject);
      });
      sent.on("error", reject);
      sent.end(body);
    });
  return {
    url,
    async call(method, params) {
      const answer = (await post(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }))) as RpcAnswer;
      if (answer.error === undefined) return answer.result;
      throw new AllotError("RPC_ERROR", { url, method, code: answer.error.code }, `${method}: ${answer.error.message}`);
    },
    async batch(calls) {
      const body = calls.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
      const answers = (await post(JSON.stringify(body))) as (RpcAnswer & { id: number })[];
      return [...answers].sort((a, b) => a.id - b.id);
    },
    close: () => agent.destroy(),
  };
}
