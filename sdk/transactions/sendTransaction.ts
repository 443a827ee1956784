import { formatTransactionReceipt, type Hex, type TransactionReceipt } from "viem";
import { type AllotCore, requireAccount } from "../clients/context.ts";
import { ClientError } from "../errors/clientError.ts";
import { revertDataOf, revertedErrorFrom } from "../errors/revertedError.ts";
import { nodeAnswerOf } from "./nodeAnswer.ts";
import { reachNode } from "./reachNode.ts";
import { sleep } from "./sleep.ts";
import type { SentTransaction } from "./transactionQueue.ts";

/** What every action that writes takes beside its own parameters. */
export interface WriteParameters {
  /** Gas limit; found out by trying the call first unless given. */
  readonly gas?: bigint | undefined;
}

/** What every action that writes gives: on an Allot network a receipt is final as soon as it exists. */
export interface WriteResult {
  readonly hash: Hex;
  readonly receipt: TransactionReceipt;
}

export interface TransactionParameters extends WriteParameters {
  readonly to: Hex;
  readonly data: Hex;
  readonly value?: bigint;
}

/** How long a transaction may take into a block before its sender is told. */
const inclusionTimeoutMs = 60_000;
/** A transaction that is in no block after this is sent again: the node that took it may be gone. */
const resendIntervalMs = 1_500;
const pollIntervalMinMs = 5;
const pollIntervalMaxMs = 200;
/**
 * State may change between the try and the block: a quarter more gas than the try needed, and some. How much is drawn
 * anew each time, so that two processes that mean to do the same thing twice from one account, and hit on the same
 * nonce, do not sign one and the same transaction and both take it for theirs.
 */
const gasMargin = (estimate: bigint): bigint =>
  (estimate * 5n) / 4n + 20_000n + BigInt(Math.floor(Math.random() * gasSpread));
const gasSpread = 16_384;

/**
 * Sends a transaction from the client's account and waits for its receipt.
 *
 * Errors: `RevertedError` when the rules refuse it, before sending where that can be told; `ClientError` with
 * `TRANSACTION_REFUSED`, `TRANSACTION_NOT_INCLUDED` or `NODE_UNREACHABLE`.
 */
export async function sendTransaction(client: AllotCore, parameters: TransactionParameters): Promise<WriteResult> {
  const { to, data, value = 0n } = parameters;
  const account = requireAccount(client);
  const queue = client.allot.transactions;
  if (queue === undefined) throw new ClientError("ACCOUNT_MISSING", "This client only reads. Make it with an account.");
  const gas = parameters.gas ?? (await estimateGas(client, { from: account.address, to, data, value }));
  const sent = await queue.send({ to, data, value, gas });
  const receipt = await waitForReceipt(client, sent);
  if (receipt.status === "reverted") {
    throw await reasonOf(client, { from: account.address, to, data, value }, receipt);
  }
  return { hash: sent.hash, receipt };
}

interface Call {
  readonly from: Hex;
  readonly to: Hex;
  readonly data: Hex;
  readonly value: bigint;
}

const callOf = ({ from, to, data, value }: Call) => ({ from, to, data, value: `0x${value.toString(16)}` }) as const;

async function estimateGas(client: AllotCore, call: Call): Promise<bigint> {
  const ask = () => client.request({ method: "eth_estimateGas", params: [callOf(call)] });
  try {
    return gasMargin(BigInt(await reachNode(Date.now() + client.allot.sendTimeoutMs, ask)));
  } catch (error) {
    const data = revertDataOf(error);
    if (data !== undefined) throw revertedErrorFrom(data, error);
    throw error;
  }
}

/** A receipt says that a transaction failed, not why: the same call on the state of its block tells. */
async function reasonOf(client: AllotCore, call: Call, receipt: TransactionReceipt): Promise<Error> {
  const block = `0x${receipt.blockNumber.toString(16)}` as const;
  try {
    await client.request({ method: "eth_call", params: [callOf(call), block] });
    return revertedErrorFrom("0x", undefined, receipt.transactionHash);
  } catch (error) {
    return revertedErrorFrom(revertDataOf(error) ?? "0x", error, receipt.transactionHash);
  }
}

async function waitForReceipt(client: AllotCore, sent: SentTransaction): Promise<TransactionReceipt> {
  const start = Date.now();
  let resendAt = start + resendIntervalMs;
  for (let pauseMs = pollIntervalMinMs; ; pauseMs = Math.min(pauseMs * 1.5, pollIntervalMaxMs)) {
    try {
      const found = await client.request({ method: "eth_getTransactionReceipt", params: [sent.hash] });
      if (found !== null) return formatTransactionReceipt(found);
      if (Date.now() >= resendAt) {
        resendAt = Date.now() + resendIntervalMs;
        await client.request({ method: "eth_sendRawTransaction", params: [sent.raw] }, { retryCount: 0 });
      }
    } catch (error) {
      // A node that is down, or that has executed it meanwhile and so calls the nonce used: ask again.
      const answer = nodeAnswerOf(error);
      if (answer === "refused") throw error;
    }
    if (Date.now() - start > inclusionTimeoutMs) {
      client.allot.transactions?.resynchronize();
      throw new ClientError(
        "TRANSACTION_NOT_INCLUDED",
        "The transaction was accepted, and is in no block yet. The network may have stopped; the transaction can still come.",
        { facts: { hash: sent.hash, waitedMs: Date.now() - start } },
      );
    }
    await sleep(pauseMs);
  }
}
