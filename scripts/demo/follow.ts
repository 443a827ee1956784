// Follows the chain through whichever validator answers: blocks in order, each once, with their transactions and logs.
// A validator that goes away is left for the next one; nothing is missed meanwhile.
import { type Hex, hexToNumber, numberToHex, type RpcLog } from "viem";
import WebSocket from "ws";
import { AllotError } from "../../node/types/errors.ts";

export interface FollowedBlock {
  readonly number: number;
  readonly hash: Hex;
  readonly stateRoot: Hex;
  /** Seconds of block time. */
  readonly timestamp: number;
  readonly transactionHashes: readonly Hex[];
  readonly logs: readonly RpcLog[];
  /** Date.now() when the block was announced as final. */
  readonly finalAtMs: number;
}

export interface Follower {
  close(): void;
}

interface RpcBlock {
  readonly number: Hex;
  readonly hash: Hex;
  readonly stateRoot: Hex;
  readonly timestamp: Hex;
  readonly transactions: readonly Hex[];
}

const retryMs = 200;
/** A validator that announces nothing for so long is left; an idle chain still makes a block every heartbeat. */
const silenceMs = 15_000;
const requestMs = 5_000;

export async function rpc<T>(url: string, method: string, params: readonly unknown[]): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(requestMs),
  });
  const answer = (await response.json()) as { result?: T; error?: { code: number; message: string } };
  if (answer.error === undefined) return answer.result as T;
  throw new AllotError("RPC_ERROR", { url, method, code: answer.error.code }, `${method}: ${answer.error.message}`);
}

/** Calls `onBlock` for every block above `after`; an error thrown there ends the following and is given to `onError`. */
export function followChain(
  urls: readonly string[],
  after: number,
  onBlock: (block: FollowedBlock) => void,
  onError: (error: unknown) => void,
): Follower {
  let last = after;
  let turn = 0;
  let closed = false;
  let socket: WebSocket | undefined;

  const take = async (url: string, upTo: number, finalAtMs: number): Promise<void> => {
    while (last < upTo && !closed) {
      const tag = numberToHex(last + 1);
      const [block, logs] = await Promise.all([
        rpc<RpcBlock>(url, "eth_getBlockByNumber", [tag, false]),
        rpc<RpcLog[]>(url, "eth_getLogs", [{ fromBlock: tag, toBlock: tag }]),
      ]);
      last++;
      const { hash, stateRoot, transactions } = block;
      const timestamp = hexToNumber(block.timestamp);
      try {
        onBlock({ number: last, hash, stateRoot, timestamp, transactionHashes: transactions, logs, finalAtMs });
      } catch (error) {
        closed = true;
        onError(error);
      }
    }
  };

  /** Resolves when this validator can be followed no longer. */
  const followOne = (url: string): Promise<void> =>
    new Promise((resolve) => {
      const current = new WebSocket(url.replace(/^http/, "ws"));
      socket = current;
      let work: Promise<void> = Promise.resolve();
      let silence: NodeJS.Timeout | undefined;
      const leave = (): void => {
        clearTimeout(silence);
        current.terminate();
        void work.then(resolve, () => resolve());
      };
      const heard = (): void => {
        clearTimeout(silence);
        silence = setTimeout(leave, silenceMs);
      };
      heard();
      current.once("error", leave);
      current.once("close", leave);
      current.once("open", () => {
        current.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }));
        work = rpc<Hex>(url, "eth_blockNumber", []).then((head) => take(url, hexToNumber(head), Date.now()));
        work.catch(leave);
      });
      current.on("message", (data) => {
        heard();
        const finalAtMs = Date.now();
        const message = JSON.parse(String(data)) as { params?: { result: { number: Hex } } };
        if (message.params === undefined) return;
        const head = hexToNumber(message.params.result.number);
        work = work.then(() => take(url, head, finalAtMs));
        work.catch(leave);
      });
    });

  const run = async (): Promise<void> => {
    while (!closed) {
      await followOne(urls[turn++ % urls.length] ?? "");
      if (!closed) await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  };
  void run();
  return {
    close() {
      closed = true;
      socket?.terminate();
    },
  };
}
