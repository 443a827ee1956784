import { receiptWaitDefaultMs, receiptWaitMs } from "../../config/limits.ts";
import type { Digest } from "../../types/brands.ts";
import { formatReceipt, formatTransaction } from "../format.ts";
import { type Caller, type Method, method, parameter } from "../method.ts";
import { RpcError } from "../rpcError.ts";
import { optional } from "../schema.ts";
import { countOrQuantity, data, hash } from "../values.ts";

/** EIP-7966: accepted, but not in a block within the time; `data` is its hash. */
const waitTimedOutCode = 4;

/** Admits, or throws what is wrong with it. A transaction that is known already is no mistake: its hash comes back. */
function admit({ node }: Caller, raw: Uint8Array): Digest {
  const result = node.backend.application.checkTransaction(raw, "client");
  if (!result.admitted) throw result.error;
  return result.hash;
}

/** The chain comes first: for a moment after its commit, a transaction may still stand in the mempool. */
function transactionByHash({ node }: Caller, transactionHash: Digest) {
  const located = node.backend.engine.chain.transactionByHash(transactionHash);
  if (located !== undefined) return formatTransaction(located.transaction, located);
  const waiting = node.backend.mempool.transaction(transactionHash);
  return waiting === undefined ? null : formatTransaction(waiting, undefined);
}

function receiptOf({ node }: Caller, transactionHash: Digest) {
  const located = node.backend.engine.chain.transactionByHash(transactionHash);
  return located === undefined ? null : formatReceipt(located);
}

async function sendAndWait(caller: Caller, raw: Uint8Array, timeoutMs: number) {
  const transactionHash = admit(caller, raw);
  const known = receiptOf(caller, transactionHash);
  if (known !== null) return known;
  const receipt = await caller.node.receiptWaiters.wait(transactionHash, Math.min(timeoutMs, receiptWaitMs));
  if (receipt !== undefined) return receipt;
  throw new RpcError(
    waitTimedOutCode,
    `the transaction was accepted and is in no block after ${timeoutMs} ms; ask eth_getTransactionReceipt for it`,
    transactionHash,
  );
}

export const transactionMethods: readonly Method[] = [
  method("eth_sendRawTransaction", [parameter("transaction", data)], admit),
  method(
    "eth_sendRawTransactionSync",
    [parameter("transaction", data), parameter("timeoutMs", optional(countOrQuantity, receiptWaitDefaultMs))],
    sendAndWait,
  ),
  method("eth_getTransactionByHash", [parameter("transactionHash", hash)], transactionByHash),
  method("eth_getTransactionReceipt", [parameter("transactionHash", hash)], receiptOf),
];
