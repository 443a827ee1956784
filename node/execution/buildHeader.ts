import { keccak256Hex } from "../crypto/keccak.ts";
import type { Digest } from "../types/brands.ts";
import type { Transaction } from "../types/transaction.ts";
import { unionOf } from "./bloom.ts";
import { bytesToHex, hexToBytes } from "./bytes.ts";
import type { BlockContext } from "./engine.ts";
import type { ExecutionHeader } from "./header.ts";
import type { Receipt } from "./receipt.ts";
import { encodeReceipt } from "./receiptEncoding.ts";
import { orderedTrie } from "./trie/orderedRoot.ts";

/** keccak256 of the block's digest. Leaders can grind it, so no rule contract may use it. */
export const prevRandaoOf = (digest: Digest): Digest => keccak256Hex(hexToBytes(digest));

/** The execution header that follows from a block's result: the same code for every engine. */
export function buildHeader(
  context: BlockContext,
  parentHash: Digest,
  gasLimit: number,
  stateRoot: Digest,
  transactions: readonly Transaction[],
  receipts: readonly Receipt[],
): ExecutionHeader {
  return {
    parentHash,
    coinbase: context.proposer,
    stateRoot,
    transactionsRoot: orderedTrie(transactions.map((transaction) => transaction.raw)).root,
    receiptsRoot: orderedTrie(receipts.map(encodeReceipt)).root,
    logsBloom: bytesToHex(unionOf(receipts.map((receipt) => receipt.logsBloom))),
    number: context.height,
    gasLimit,
    gasUsed: receipts[receipts.length - 1]?.cumulativeGasUsed ?? 0,
    timestamp: Math.floor(context.timestampMs / 1000),
    extraData: context.digest,
    prevRandao: prevRandaoOf(context.digest),
  };
}
