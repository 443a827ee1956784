// When transactions became final: the blocks of one validator as they are announced over its WebSocket. A block is
// announced when it is finalized and executed there.
import WebSocket from "ws";
import { AllotError } from "../../node/types/errors.ts";
import type { RpcConnection } from "./rpc.ts";

export interface FinalBlock {
  readonly number: number;
  readonly transactionHashes: readonly string[];
  /** performance.now() when the announcement arrived. */
  readonly atMs: number;
}

export interface FinalityWatch {
  /** Called for every block, in order. */
  onBlock: (block: FinalBlock) => void;
  close(): void;
}

interface Head {
  readonly number: string;
}

/** Follows the chain at `url` (http://…) from now on. */
export async function watchFinality(url: string, rpc: RpcConnection): Promise<FinalityWatch> {
  const socket = new WebSocket(url.replace(/^http/, "ws"));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const watch: FinalityWatch = { onBlock: () => undefined, close: () => socket.close() };
  let last: Promise<void> = Promise.resolve();
  socket.on("message", (data) => {
    const atMs = performance.now();
    const message = JSON.parse(String(data)) as { params?: { result: Head }; error?: { message: string } };
    if (message.error !== undefined) {
      throw new AllotError(
        "SUBSCRIPTION_REFUSED",
        { url },
        `${url} refused the subscription: ${message.error.message}`,
      );
    }
    const head = message.params?.result;
    if (head === undefined) return;
    last = last.then(async () => {
      const block = (await rpc.call("eth_getBlockByNumber", [head.number, false])) as { transactions: string[] };
      watch.onBlock({ number: Number(head.number), transactionHashes: block.transactions, atMs });
    });
  });
  socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }));
  return watch;
}
