// What a node's refusal of a transaction means for its sender. Allot's nodes say it by a code; other nodes are
// understood by the words that all Ethereum clients share.
import { HttpRequestError, SocketClosedError, TimeoutError, WebSocketRequestError } from "viem";
import { ClientError } from "../errors/clientError.ts";

export type NodeAnswer =
  /** The nonce has been used, or is taken by another transaction that waits. */
  | "nonce used"
  /** Too many of the account's transactions wait, or the node is full: the same one may pass in a moment. */
  | "wait"
  /** No node answered: whether the transaction was taken is not known. */
  | "unreachable"
  /** The node has it already. */
  | "known"
  | "refused";

const codes: Readonly<Record<string, NodeAnswer>> = {
  NONCE_TOO_LOW: "nonce used",
  NONCE_TAKEN: "nonce used",
  NONCE_TOO_HIGH: "wait",
  MEMPOOL_FULL: "wait",
};

const words: readonly (readonly [RegExp, NodeAnswer])[] = [
  [/nonce too low|replacement transaction underpriced|nonce .* (has been|already) used/i, "nonce used"],
  [/already known|known transaction/i, "known"],
  [/nonce too high|txpool is full|mempool is full/i, "wait"],
];

export function nodeAnswerOf(error: unknown): NodeAnswer {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    const code = (inner as { data?: { code?: unknown } }).data?.code;
    const known = typeof code === "string" ? codes[code] : undefined;
    if (known !== undefined) return known;
    if (isUnreachable(inner)) return "unreachable";
    const match = words.find(([pattern]) => pattern.test(inner.message));
    if (match !== undefined) return match[1];
  }
  return "refused";
}

const isUnreachable = (error: Error): boolean =>
  error instanceof HttpRequestError ||
  // A node that cannot be used now is like one that is not there (readyNodes).
  (error instanceof ClientError && error.code === "NODE_NOT_READY") ||
  error instanceof TimeoutError ||
  error instanceof WebSocketRequestError ||
  error instanceof SocketClosedError;
