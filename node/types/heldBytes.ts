import { transactionHeldBytes } from "../config/limits.ts";
import type { PeerMessage } from "./message.ts";

/** Of a decoded message: its frame, and what each transaction in it takes, however short it is. */
export function heldBytes(message: PeerMessage, frameBytes: number): number {
  const blocks =
    message.kind === "proposal"
      ? [message.block]
      : message.kind === "blocks"
        ? message.blocks.map(({ block }) => block)
        : [];
  return blocks.reduce((sum, { transactions }) => sum + transactionHeldBytes * transactions.length, frameBytes);
}
