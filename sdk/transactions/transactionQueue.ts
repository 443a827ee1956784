// One account's transactions, numbered and handed to a node one after the other, so that many actions can run at once
// on one account. A number is used up only by a transaction that a node took: a refused one leaves no gap that would
// hold up everything behind it.
import { type Hex, keccak256, type LocalAccount } from "viem";
import { estimateFeesPerGas } from "viem/actions";
import type { BaseClient } from "../clients/context.ts";
import { ClientError } from "../errors/clientError.ts";
import { revertDataOf } from "../errors/revertedError.ts";
import { nodeAnswerOf } from "./nodeAnswer.ts";
import { reachNode, unreachable } from "./reachNode.ts";
import { sleep } from "./sleep.ts";

export interface TransactionRequest {
  readonly to: Hex;
  readonly data: Hex;
  readonly gas: bigint;
  readonly value?: bigint;
}

export interface SentTransaction {
  readonly hash: Hex;
  /** The signed encoding, to send again if the node that took it is lost. */
  readonly raw: Hex;
}

export interface TransactionQueue {
  readonly address: Hex;
  /** Resolves when a node has taken the transaction. */
  send(request: TransactionRequest): Promise<SentTransaction>;
  /** Forgets the next nonce: it is asked of the node again. For when a transaction got lost. */
  resynchronize(): void;
}

export interface TransactionQueueParameters {
  readonly client: BaseClient;
  readonly account: LocalAccount;
  readonly chainId: () => Promise<number>;
  /** How long to keep trying while no node answers or takes it. */
  readonly timeoutMs: number;
}

/** Longest pause between two tries. */
const retryIntervalMaxMs = 500;
const knownChecks = 3;
const knownCheckIntervalMs = 100;
/** Tries with a fresh nonce, when somebody else uses the same account. */
const freshNoncesMax = 16;

export function createTransactionQueue(parameters: TransactionQueueParameters): TransactionQueue {
  const { client, account, chainId, timeoutMs } = parameters;
  let next: number | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  const pendingNonce = async (): Promise<number> =>
    Number(await client.request({ method: "eth_getTransactionCount", params: [account.address, "pending"] }));

  const sign = async (request: TransactionRequest, nonce: number): Promise<SentTransaction> => {
    const { maxFeePerGas, maxPriorityFeePerGas } = await feesOf(client);
    const raw = await account.signTransaction({
      type: "eip1559",
      chainId: await chainId(),
      nonce,
      maxFeePerGas,
      maxPriorityFeePerGas,
      ...request,
    });
    return { raw, hash: keccak256(raw) };
  };

  /** True when a node took it; false when its nonce is used by another. */
  const submit = async (sent: SentTransaction, giveUpAt: number): Promise<boolean> => {
    for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, retryIntervalMaxMs)) {
      try {
        await client.request({ method: "eth_sendRawTransaction", params: [sent.raw] }, { retryCount: 0 });
        return true;
      } catch (error) {
        const answer = nodeAnswerOf(error);
        // A development node that executes at once answers with the failure of what it has taken.
        if (answer === "known" || revertDataOf(error) !== undefined) return true;
        if (answer === "nonce used") return reachNode(giveUpAt, () => isKnown(client, sent.hash));
        if (answer === "refused") throw refused(error, account.address);
        if (Date.now() >= giveUpAt) throw answer === "wait" ? refused(error, account.address) : unreachable(error);
      }
      await sleep(pauseMs);
    }
  };

  const sendNow = async (request: TransactionRequest): Promise<SentTransaction> => {
    const giveUpAt = Date.now() + timeoutMs;
    for (let attempt = 0; attempt < freshNoncesMax; attempt++) {
      const nonce = next ?? (await reachNode(giveUpAt, pendingNonce));
      next = undefined;
      const sent = await reachNode(giveUpAt, () => sign(request, nonce));
      if (await submit(sent, giveUpAt)) {
        next = nonce + 1;
        return sent;
      }
      await sleep(Math.floor(Math.random() * 20));
    }
    throw new ClientError(
      "TRANSACTION_REFUSED",
      "Somebody else keeps sending from the same account. Give every process an account of its own.",
      { facts: { account: account.address } },
    );
  };

  return {
    address: account.address,
    send(request) {
      const sent = tail.then(() => sendNow(request));
      tail = sent.catch(() => undefined);
      return sent;
    },
    resynchronize() {
      tail = tail.then(() => {
        next = undefined;
      });
    },
  };
}

/** Zero where the chain says so or no chain is given, as on every Allot network; what the node suggests elsewhere. */
async function feesOf(client: BaseClient): Promise<{ maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }> {
  if (client.chain === undefined) return { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
  const fees = await estimateFeesPerGas(client, { chain: client.chain });
  return { maxFeePerGas: fees.maxFeePerGas, maxPriorityFeePerGas: fees.maxPriorityFeePerGas };
}

/**
 * Whether it was this very transaction that used the nonce up. Asked a few times: of several nodes, the one that answers
 * may be behind the one that refused, and a transaction must not be made twice.
 */
async function isKnown(client: BaseClient, hash: Hex): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    if ((await client.request({ method: "eth_getTransactionByHash", params: [hash] })) !== null) return true;
    if (attempt === knownChecks) return false;
    await sleep(knownCheckIntervalMs);
  }
}

function refused(cause: unknown, account: Hex): ClientError {
  return new ClientError("TRANSACTION_REFUSED", "The node does not take the transaction.", {
    facts: { account },
    cause,
  });
}
