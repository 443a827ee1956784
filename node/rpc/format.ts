// Ethereum's JSON forms of blocks, transactions, receipts and logs. Fees do not exist here: every fee field is 0.
import type { LocatedLog, LocatedTransaction } from "../execution/chainReader.ts";
import type { ExecutedBlock } from "../execution/engine.ts";
import type { ExecutionHeader } from "../execution/header.ts";
import { emptyOmmersHash, encodeHeader } from "../execution/headerEncoding.ts";
import type { Log } from "../execution/receipt.ts";
import { emptyRoot } from "../execution/state/account.ts";
import type { Digest, Hex } from "../types/brands.ts";
import { hexOf } from "../types/hex.ts";
import type { Transaction } from "../types/transaction.ts";

export const quantityOf = (value: number | bigint): Hex => `0x${value.toString(16)}`;
/** 32 bytes. */
export const wordOf = (value: bigint): Hex => `0x${value.toString(16).padStart(64, "0")}`;

const zeroWord = wordOf(0n);

/** What newHeads sends, and the first part of a block. */
export function formatHeader(header: ExecutionHeader, hash: Digest) {
  return {
    number: quantityOf(header.number),
    hash,
    parentHash: header.parentHash,
    nonce: "0x0000000000000000",
    sha3Uncles: emptyOmmersHash,
    logsBloom: header.logsBloom,
    transactionsRoot: header.transactionsRoot,
    stateRoot: header.stateRoot,
    receiptsRoot: header.receiptsRoot,
    miner: header.coinbase,
    difficulty: "0x0",
    totalDifficulty: "0x0",
    extraData: header.extraData,
    gasLimit: quantityOf(header.gasLimit),
    gasUsed: quantityOf(header.gasUsed),
    timestamp: quantityOf(header.timestamp),
    mixHash: header.prevRandao,
    baseFeePerGas: "0x0",
    withdrawalsRoot: emptyRoot,
    blobGasUsed: "0x0",
    excessBlobGas: "0x0",
    parentBeaconBlockRoot: zeroWord,
  };
}

/** @param full whole transactions rather than their hashes */
export function formatBlock(block: ExecutedBlock, full: boolean) {
  return {
    ...formatHeader(block.header, block.executionHash),
    size: quantityOf(sizeOf(block)),
    uncles: [],
    withdrawals: [],
    transactions: full
      ? block.transactions.map((transaction, index) => formatTransaction(transaction, { block, index }))
      : block.transactions.map((transaction) => transaction.hash),
  };
}

/** Bytes of header and transactions, to within the few of their list's prefixes: only people look at it. */
const sizeOf = (block: ExecutedBlock) =>
  block.transactions.reduce((sum, { raw }) => sum + raw.length, encodeHeader(block.header).length);

/** @param place undefined while the transaction waits */
export function formatTransaction(
  transaction: Transaction,
  place: { readonly block: ExecutedBlock; readonly index: number } | undefined,
) {
  const { type, chainId, signature } = transaction;
  return {
    hash: transaction.hash,
    type: quantityOf(type),
    chainId: quantityOf(chainId),
    nonce: quantityOf(transaction.nonce),
    from: transaction.sender,
    to: transaction.to ?? null,
    value: quantityOf(transaction.value),
    gas: quantityOf(transaction.gasLimit),
    input: hexOf(transaction.data),
    gasPrice: "0x0",
    ...(type === 2 ? { maxFeePerGas: "0x0", maxPriorityFeePerGas: "0x0" } : {}),
    ...(type === 0 ? {} : { accessList: transaction.accessList, yParity: quantityOf(signature.yParity) }),
    v: quantityOf(type === 0 ? chainId * 2 + 35 + signature.yParity : signature.yParity),
    r: quantityOf(signature.r),
    s: quantityOf(signature.s),
    blockHash: place?.block.executionHash ?? null,
    blockNumber: place === undefined ? null : quantityOf(place.block.context.height),
    transactionIndex: place === undefined ? null : quantityOf(place.index),
  };
}

interface LogPlace {
  readonly block: ExecutedBlock;
  readonly transactionHash: Digest;
  readonly transactionIndex: number;
  readonly logIndex: number;
}

function formatLogAt(log: Log, place: LogPlace) {
  return {
    address: log.address,
    topics: log.topics,
    data: hexOf(log.data),
    blockHash: place.block.executionHash,
    blockNumber: quantityOf(place.block.context.height),
    blockTimestamp: quantityOf(place.block.header.timestamp),
    transactionHash: place.transactionHash,
    transactionIndex: quantityOf(place.transactionIndex),
    logIndex: quantityOf(place.logIndex),
    removed: false,
  };
}

export const formatLog = (located: LocatedLog) => formatLogAt(located.log, located);

/** @param firstLogIndex position of the receipt's first log among all logs of the block */
function formatReceiptAt(located: LocatedTransaction, firstLogIndex: number) {
  const { block, index, transaction, receipt } = located;
  const place = { block, transactionHash: transaction.hash, transactionIndex: index };
  return {
    transactionHash: transaction.hash,
    transactionIndex: quantityOf(index),
    blockHash: block.executionHash,
    blockNumber: quantityOf(block.context.height),
    from: transaction.sender,
    to: transaction.to ?? null,
    contractAddress: receipt.contractAddress ?? null,
    status: receipt.success ? "0x1" : "0x0",
    type: quantityOf(receipt.type),
    gasUsed: quantityOf(receipt.gasUsed),
    cumulativeGasUsed: quantityOf(receipt.cumulativeGasUsed),
    effectiveGasPrice: "0x0",
    logs: receipt.logs.map((log, offset) => formatLogAt(log, { ...place, logIndex: firstLogIndex + offset })),
    logsBloom: hexOf(receipt.logsBloom),
  };
}

export type JsonReceipt = ReturnType<typeof formatReceiptAt>;

export function formatReceipt(located: LocatedTransaction): JsonReceipt {
  let logsBefore = 0;
  for (let index = 0; index < located.index; index++) logsBefore += located.block.receipts[index]?.logs.length ?? 0;
  return formatReceiptAt(located, logsBefore);
}

/** All receipts of a block in one pass. */
export function formatReceipts(block: ExecutedBlock): JsonReceipt[] {
  const formatted: JsonReceipt[] = [];
  let logsBefore = 0;
  for (const [index, transaction] of block.transactions.entries()) {
    const receipt = block.receipts[index];
    if (receipt === undefined) continue;
    formatted.push(formatReceiptAt({ block, index, transaction, receipt }, logsBefore));
    logsBefore += receipt.logs.length;
  }
  return formatted;
}

/** Every log of a block, in order. */
export function logsOf(block: ExecutedBlock): LocatedLog[] {
  const located: LocatedLog[] = [];
  for (const [transactionIndex, receipt] of block.receipts.entries()) {
    const { transactionHash } = receipt;
    for (const log of receipt.logs) {
      located.push({ log, block, transactionHash, transactionIndex, logIndex: located.length });
    }
  }
  return located;
}
