// A committed block on our own disk: its record, its transactions with their senders, and its receipts.
import { type Address, type Digest, Height } from "../../types/brands.ts";
import { decodeStoredTransaction } from "../../types/decodeTransaction.ts";
import { RlpReader } from "../../types/rlpReader.ts";
import { encodeBytes, encodeList, encodeQuantity } from "../../types/rlpWriter.ts";
import type { Transaction } from "../../types/transaction.ts";
import { bytesToHex, hexToBytes } from "../bytes.ts";
import type { ExecutedBlock } from "../engine.ts";
import { decodeHeader, encodeHeader } from "../headerEncoding.ts";
import { decodeStoredReceipts } from "../receiptEncoding.ts";

export function encodeBlockRecord(block: ExecutedBlock): Uint8Array {
  return encodeList([
    encodeBytes(hexToBytes(block.context.digest)),
    encodeBytes(hexToBytes(block.context.parentDigest)),
    encodeQuantity(block.context.timestampMs),
    encodeBytes(hexToBytes(block.executionHash)),
    encodeQuantity(block.changedState ? 1 : 0),
    encodeHeader(block.header),
  ]);
}

export function encodeTransactions(transactions: readonly Transaction[]): Uint8Array {
  return encodeList(
    transactions.flatMap((transaction) => [encodeBytes(hexToBytes(transaction.sender)), encodeBytes(transaction.raw)]),
  );
}

export function decodeTransactions(encoded: Uint8Array): Transaction[] {
  const transactions: Transaction[] = [];
  for (const list = new RlpReader(encoded).list("the transactions of a block"); !list.atEnd; ) {
    const sender = bytesToHex(list.bytes("a sender")) as Address;
    transactions.push(decodeStoredTransaction(list.bytes("a transaction"), sender));
  }
  return transactions;
}

export function decodeBlock(record: Uint8Array, transactions: Uint8Array, receipts: Uint8Array): ExecutedBlock {
  const fields = new RlpReader(record).list("a block");
  const digest = bytesToHex(fields.bytes("the digest")) as Digest;
  const parentDigest = bytesToHex(fields.bytes("the parent digest")) as Digest;
  const timestampMs = fields.count("the timestamp");
  const executionHash = bytesToHex(fields.bytes("the execution hash")) as Digest;
  const changedState = fields.count("whether the state changed") === 1;
  const header = decodeHeader(fields.item("the header"));
  const decoded = decodeTransactions(transactions);
  return {
    context: { digest, parentDigest, height: Height(header.number), timestampMs, proposer: header.coinbase },
    header,
    executionHash,
    transactions: decoded,
    receipts: decodeStoredReceipts(receipts, decoded),
    changedState,
  };
}
