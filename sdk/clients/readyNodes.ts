// Several nodes as one transport, of which only those are asked that are not behind. A node that was started again
// answers from the state that it has, however old: it would tell a program that what it has done never happened.
import { createTransport, HttpRequestError, http, type Transport } from "viem";
import { ClientError } from "../errors/clientError.ts";
import { nodeAnswerOf } from "../transactions/nodeAnswer.ts";
import { sleep } from "../transactions/sleep.ts";

export interface ReadyNodesParameters {
  /** How long a node may think about one request, 10 s unless given. */
  readonly timeoutMs?: number;
  /** How long to wait while nodes answer and none is ready, 10 s unless given. */
  readonly waitMs?: number;
  /**
   * Called, once, when no node became ready within `waitMs`: then the one that is furthest is asked all the same, as an
   * operator wants who looks at a network that has stopped. Without it `NODE_NOT_READY` is thrown.
   */
  readonly takeBehind?: (urls: readonly string[]) => void;
}

interface Node {
  readonly url: string;
  readonly request: (call: { method: string; params?: unknown }) => Promise<unknown>;
  standing: Standing;
  checkedAtMs: number;
  checking: Promise<Standing> | undefined;
}

/** `silent`: it does not answer. `other`: it has no word on it, as nodes that are not Allot's. */
type Standing =
  | { readonly kind: "silent"; readonly error: unknown }
  | { readonly kind: "other" }
  | { readonly kind: "ready" | "behind"; readonly height: bigint };

/** A node's own word on whether it is ready is good for this long: it takes longer to start again. */
const checkIntervalMs = 500;
const retryMs = 100;

/**
 * A transport over Allot nodes: the first that is ready answers, by its own word (`GET /ready`) and by what this transport
 * has heard before. A node that is behind the highest block that any answer has named is not asked, so that a program
 * always reads what it has written. Nodes of other kinds are taken as ready.
 *
 * Errors: `ClientError` with `NODE_NOT_READY` when nodes answer and none is ready for as long as it waits; viem's when none
 * answers.
 * @example
 * ```ts
 * const transport = readyNodes(["http://a.example:8545", "http://b.example:8545"]);
 * const client = createAllotClient({ transport });
 * ```
 */
export function readyNodes(urls: readonly string[], parameters: ReadyNodesParameters = {}): Transport {
  const { timeoutMs = 10_000, waitMs = 10_000, takeBehind } = parameters;
  return () => {
    let seen = -1n;
    let told = false;
    const nodes = urls.map((url): Node => {
      const { request } = http(url, { timeout: timeoutMs, retryCount: 0 })({});
      const standing: Standing = { kind: "silent", error: undefined };
      return { url, request: request as Node["request"], standing, checkedAtMs: 0, checking: undefined };
    });

    const check = async (node: Node): Promise<Standing> => {
      const { standing, checkedAtMs } = node;
      if (standing.kind === "other") return standing;
      const fresh = standing.kind === "ready" && standing.height >= seen && Date.now() - checkedAtMs < checkIntervalMs;
      if (fresh) return standing;
      node.checking ??= readStanding(node.url, timeoutMs).finally(() => {
        node.checking = undefined;
      });
      node.standing = await node.checking;
      node.checkedAtMs = Date.now();
      return node.standing;
    };

    const ask = async (node: Node, call: { method: string; params?: unknown }): Promise<unknown> => {
      const answer = await node.request(call);
      const height = heightIn(call.method, answer);
      if (height === undefined) return answer;
      if (height > seen) seen = height;
      if (node.standing.kind === "ready" && height > node.standing.height) node.standing = { kind: "ready", height };
      return answer;
    };

    /** Undefined when nodes answer and none is ready. */
    const tryAll = async (call: { method: string; params?: unknown }): Promise<{ answer: unknown } | undefined> => {
      let failure: unknown;
      let answering = 0;
      for (const node of nodes) {
        const standing = await check(node);
        if (standing.kind === "silent") failure = standing.error;
        else answering++;
        if (standing.kind !== "other" && (standing.kind !== "ready" || standing.height < seen)) continue;
        try {
          return { answer: await ask(node, call) };
        } catch (error) {
          if (nodeAnswerOf(error) !== "unreachable") throw error;
          failure = error;
          answering--;
          node.checkedAtMs = 0;
        }
      }
      if (answering === 0) throw failure;
      return undefined;
    };

    const request = async (call: { method: string; params?: unknown }): Promise<unknown> => {
      const giveUpAtMs = Date.now() + waitMs;
      for (;;) {
        const found = await tryAll(call);
        if (found !== undefined) return found.answer;
        if (Date.now() >= giveUpAtMs || (told && takeBehind !== undefined)) break;
        await sleep(retryMs);
      }
      const [best] = nodes
        .filter(({ standing }) => standing.kind === "ready" || standing.kind === "behind")
        .sort((a, b) => Number(heightOf(b) - heightOf(a)));
      if (takeBehind === undefined || best === undefined) throw notReady(urls);
      if (!told) takeBehind(urls);
      told = true;
      return ask(best, call);
    };
    const config = { key: "readyNodes", name: "Ready nodes", type: "readyNodes", retryCount: 0 } as const;
    return createTransport({ ...config, request: request as never });
  };
}

const heightOf = ({ standing }: Node): bigint => ("height" in standing ? standing.height : -1n);

async function readStanding(url: string, timeoutMs: number): Promise<Standing> {
  let response: Response;
  try {
    response = await fetch(new URL("/ready", url), { signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    const details = cause instanceof Error ? cause.message : String(cause);
    return { kind: "silent", error: new HttpRequestError({ url, details, cause: cause as Error }) };
  }
  const report: unknown = await response.json().catch(() => undefined);
  const { ok, height } = (typeof report === "object" && report !== null ? report : {}) as Record<string, unknown>;
  if (typeof ok !== "boolean" || typeof height !== "number") return { kind: "other" };
  return { kind: ok ? "ready" : "behind", height: BigInt(height) };
}

/** The block that an answer shows to exist. */
function heightIn(method: string, answer: unknown): bigint | undefined {
  if (method === "eth_blockNumber") return BigInt(answer as string);
  if (method !== "eth_getTransactionReceipt") return undefined;
  const height = (answer as { readonly blockNumber?: string | null } | null)?.blockNumber;
  return height == null ? undefined : BigInt(height);
}

const notReady = (urls: readonly string[]): ClientError =>
  new ClientError(
    "NODE_NOT_READY",
    "Nodes answer, and none is ready: each catches up, or reaches no quorum of validators, or is behind what this client has seen. What they would say may be old. Wait, or name another node.",
    { facts: { urls: urls.join(", ") }, docsPath: "docs/sdk.md#nodes-that-are-behind" },
  );
