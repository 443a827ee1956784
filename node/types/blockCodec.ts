// Blocks on the wire and on disk, and the digests that name them.
//   header        = [chainId, epoch, view, height, parentView, parentDigest, proposer, timestampMs, transactionsHash,
//                    parentExecutionHash, justificationHash]
//   justification = [parent certificate, or an empty list when the epoch starts from the parent; [nullification, ...]]
//   block         = [header, [raw transaction, ...], justification]
import { blockTransactionsWireMax, certificatesPerMessageMax, transactionBytesMax } from "../config/limits.ts";
import type { Block, ConsensusHeader, Justification, SealedBlock } from "./block.ts";
import { type Address, Epoch, Height, View } from "./brands.ts";
import type { Certificate, Finalization, Notarization, Nullification } from "./certificate.ts";
import { hashTagged } from "./digests.ts";
import { AllotError, InvariantError } from "./errors.ts";
import { hexOf } from "./hex.ts";
import { RlpReader } from "./rlpReader.ts";
import { type Encoded, encodeBytes, encodeCount, encodeHex, encodeList } from "./rlpWriter.ts";
import { decodeCertificate, decodeDigest, decodeFixed, encodeCertificate, malformed } from "./voteCodec.ts";

export function encodeHeader(header: ConsensusHeader): Encoded {
  return encodeList([
    encodeCount(header.chainId),
    encodeCount(header.epoch),
    encodeCount(header.view),
    encodeCount(header.height),
    encodeCount(header.parentView),
    encodeHex(header.parentDigest),
    encodeHex(header.proposer),
    encodeCount(header.timestampMs),
    encodeHex(header.transactionsHash),
    encodeHex(header.parentExecutionHash),
    encodeHex(header.justificationHash),
  ]);
}

export function decodeHeader(reader: RlpReader): ConsensusHeader {
  const fields = reader.list("A header");
  const header: ConsensusHeader = {
    chainId: fields.count("A header's chain id"),
    epoch: Epoch(fields.place("A header's epoch")),
    view: View(fields.place("A header's view")),
    height: Height(fields.count("A header's height")),
    parentView: View(fields.place("A header's parent view")),
    parentDigest: decodeDigest(fields, "A header's parent digest"),
    proposer: hexOf(decodeFixed(fields, 20, "A header's proposer")) as Address,
    timestampMs: fields.count("A header's timestamp"),
    transactionsHash: decodeDigest(fields, "A header's transactions hash"),
    parentExecutionHash: decodeDigest(fields, "A header's parent execution hash"),
    justificationHash: decodeDigest(fields, "A header's justification hash"),
  };
  fields.finish("A header");
  return header;
}

/** Name of a block: keccak256 over version, tag and the RLP of its header. */
export const digestOfHeader = (header: ConsensusHeader) => hashTagged("header", encodeHeader(header));

const encodeTransactions = (transactions: readonly Uint8Array[]): Encoded => encodeList(transactions.map(encodeBytes));

export const hashOfTransactions = (transactions: readonly Uint8Array[]) =>
  hashTagged("transactions", encodeTransactions(transactions));

export function encodeJustification(justification: Justification): Encoded {
  const parent = justification.parent === undefined ? [] : [encodeCertificate(justification.parent)];
  return encodeList([encodeList(parent), encodeList(justification.nullifications.map(encodeCertificate))]);
}

export const hashOfJustification = (justification: Justification) =>
  hashTagged("justification", encodeJustification(justification));

function decodeJustification(reader: RlpReader): Justification {
  const fields = reader.list("A justification");
  const parents = fields.list("A justification's parent");
  const parent = parents.atEnd ? undefined : decodeParent(parents);
  parents.finish("A justification's parent");
  const list = fields.list("A justification's nullifications");
  const nullifications: Nullification[] = [];
  while (!list.atEnd) {
    if (nullifications.length >= certificatesPerMessageMax) throw malformed("A justification", "is too long");
    const certificate = decodeCertificate(list);
    if (!isNullification(certificate)) throw malformed("A justification", "lists what is no nullification");
    nullifications.push(certificate);
  }
  fields.finish("A justification");
  return { parent, nullifications };
}

function decodeParent(reader: RlpReader): Notarization | Finalization {
  const certificate = decodeCertificate(reader);
  if (isNullification(certificate)) throw malformed("A justification", "names a nullified view as its parent");
  return certificate as Notarization | Finalization;
}

const isNullification = (certificate: Certificate): certificate is Nullification => certificate.vote.kind === "nullify";

// A block is sent, logged and stored: it is encoded once.
const encodings = new WeakMap<SealedBlock, Encoded>();

export function encodeBlock(block: SealedBlock): Encoded {
  const encoding = encodings.get(block);
  if (encoding === undefined)
    throw new InvariantError("NOT_SEALED", { digest: block.digest }, "a block was not sealed");
  return encoding;
}

/** Gives a block of our own its hashes. `header`'s hashes of transactions and justification are computed here. */
export function sealBlock(
  header: Omit<ConsensusHeader, "transactionsHash" | "justificationHash">,
  transactions: readonly Uint8Array[],
  justification: Justification,
): SealedBlock {
  const complete: ConsensusHeader = {
    ...header,
    transactionsHash: hashOfTransactions(transactions),
    justificationHash: hashOfJustification(justification),
  };
  const encoding = encodeList([
    encodeHeader(complete),
    encodeTransactions(transactions),
    encodeJustification(justification),
  ]);
  return remember({ header: complete, transactions, justification }, encoding);
}

function remember(block: Block, encoding: Encoded): SealedBlock {
  const sealed = { ...block, digest: digestOfHeader(block.header), bytes: encoding.length };
  encodings.set(sealed, encoding);
  return sealed;
}

/**
 * Reads a block and compares its hashes with its header.
 * @param transactionsMax most transactions that it may have
 * @throws AllotError MALFORMED, HASH_MISMATCH or RLP_*
 */
export function decodeBlock(reader: RlpReader, transactionsMax = blockTransactionsWireMax): SealedBlock {
  const encoding = reader.item("A block");
  const envelope = new RlpReader(encoding);
  const fields = envelope.list("A block");
  const header = decodeHeader(fields);
  const transactionsEncoding = fields.item("A block's transactions");
  const list = new RlpReader(transactionsEncoding).list("A block's transactions");
  const transactions = decodeTransactions(list, transactionsMax);
  const justificationEncoding = fields.item("A block's justification");
  const justification = decodeJustification(new RlpReader(justificationEncoding));
  fields.finish("A block");
  requireEqual("transactions", header.transactionsHash, hashTagged("transactions", transactionsEncoding));
  requireEqual("justification", header.justificationHash, hashTagged("justification", justificationEncoding));
  return remember({ header, transactions, justification }, encoding);
}

function decodeTransactions(list: RlpReader, countMax: number): Uint8Array[] {
  const transactions: Uint8Array[] = [];
  while (!list.atEnd) {
    if (transactions.length >= countMax) throw malformed("A block", "has too many transactions");
    const transaction = list.bytes("A transaction");
    if (transaction.length > transactionBytesMax) throw malformed("A transaction", "is too long");
    transactions.push(transaction);
  }
  return transactions;
}

function requireEqual(what: string, stated: string, computed: string): void {
  if (stated !== computed) {
    throw new AllotError("HASH_MISMATCH", { what, stated, computed }, `A block's ${what} do not match its header.`);
  }
}
