// Batches of raw transactions, as they are gossiped:
//   version 1 (1) ‖ bytes of bitmap (1) ‖ bitmap of validators ‖ transactions, each: bytes (4, big-endian) ‖ transaction
// The bitmap says whom the author reaches itself, itself included. A receiver passes the batch on only when it is
// connected to a validator who is not in it: in a full mesh nothing is sent twice, in a partial one nobody is missed.
import { gossipBatchTransactionsMax, transactionBytesMax, validatorCountMax } from "../config/limits.ts";
import { PeerIndex } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";

const version = 1;

export interface TransactionBatch {
  readonly reached: ReadonlySet<PeerIndex>;
  /** Views of the encoding. */
  readonly transactions: readonly Uint8Array[];
}

export function encodeBatch(reached: Iterable<PeerIndex>, transactions: readonly Uint8Array[]): Uint8Array {
  const bitmap = new Uint8Array(validatorCountMax / 8);
  let bitmapBytes = 0;
  for (const index of reached) {
    // The bitmap saves duplicates; who finds no room in it is sent them.
    if (index >= validatorCountMax) continue;
    const at = index >> 3;
    bitmap[at] = (bitmap[at] ?? 0) | (1 << (index & 7));
    bitmapBytes = Math.max(bitmapBytes, at + 1);
  }
  let size = 2 + bitmapBytes;
  for (const transaction of transactions) size += 4 + transaction.length;
  const batch = Buffer.allocUnsafe(size);
  batch[0] = version;
  batch[1] = bitmapBytes;
  batch.set(bitmap.subarray(0, bitmapBytes), 2);
  let at = 2 + bitmapBytes;
  for (const transaction of transactions) {
    batch.writeUInt32BE(transaction.length, at);
    batch.set(transaction, at + 4);
    at += 4 + transaction.length;
  }
  return batch;
}

/** @throws AllotError BAD_BATCH */
export function decodeBatch(bytes: Uint8Array): TransactionBatch {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 2 || bytes[0] !== version) throw badBatch("has an unknown version");
  const bitmapBytes = bytes[1] ?? 0;
  let at = 2 + bitmapBytes;
  if (bitmapBytes > validatorCountMax / 8 || at > bytes.length) throw badBatch("has a bitmap longer than any set");
  const reached = new Set<PeerIndex>();
  for (let i = 0; i < bitmapBytes * 8; i++) {
    if (((bytes[2 + (i >> 3)] ?? 0) & (1 << (i & 7))) !== 0) reached.add(PeerIndex(i));
  }
  const transactions: Uint8Array[] = [];
  while (at < bytes.length) {
    if (at + 4 > bytes.length) throw badBatch("ends within a length");
    const length = view.getUint32(at);
    const end = at + 4 + length;
    if (length === 0 || length > transactionBytesMax) throw badBatch(`holds a transaction of ${length} bytes`);
    if (end > bytes.length) throw badBatch("ends within a transaction");
    if (transactions.length >= gossipBatchTransactionsMax) throw badBatch("holds too many transactions");
    transactions.push(bytes.subarray(at + 4, end));
    at = end;
  }
  if (transactions.length === 0) throw badBatch("is empty");
  return { reached, transactions };
}

function badBatch(fault: string): AllotError {
  return new AllotError("BAD_BATCH", { fault }, `a batch of transactions ${fault}`);
}
