import type { Address, Digest } from "../types/brands.ts";
import { RlpReader } from "../types/rlpReader.ts";
import { encodeBytes, encodeList, encodeQuantity } from "../types/rlpWriter.ts";
import type { Transaction } from "../types/transaction.ts";
import { bloomOf, emptyBloom } from "./bloom.ts";
import { bytesToHex, hexToBytes, noBytes } from "./bytes.ts";
import type { Log, Receipt } from "./receipt.ts";

const emptyBloomItem = encodeBytes(emptyBloom);

function encodeLogs(logs: readonly Log[]): Uint8Array {
  return encodeList(
    logs.map((log) =>
      encodeList([
        encodeBytes(hexToBytes(log.address)),
        encodeList(log.topics.map((topic) => encodeBytes(hexToBytes(topic)))),
        encodeBytes(log.data),
      ]),
    ),
  );
}

/** The receipt as the receipts trie holds it (EIP-2718): the type, then RLP of [status, gas, bloom, logs]. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const body = encodeList([
    encodeQuantity(receipt.success ? 1 : 0),
    encodeQuantity(receipt.cumulativeGasUsed),
    receipt.logs.length === 0 ? emptyBloomItem : encodeBytes(receipt.logsBloom),
    encodeLogs(receipt.logs),
  ]);
  if (receipt.type === 0) return body;
  const typed = new Uint8Array(1 + body.length);
  typed[0] = receipt.type;
  typed.set(body, 1);
  return typed;
}

/** The receipts of a block for our own disk: without what the transactions and the logs imply. */
export function encodeStoredReceipts(receipts: readonly Receipt[]): Uint8Array {
  return encodeList(
    receipts.map((receipt) =>
      encodeList([
        encodeQuantity(receipt.success ? 1 : 0),
        encodeQuantity(receipt.gasUsed),
        encodeBytes(receipt.contractAddress === undefined ? noBytes : hexToBytes(receipt.contractAddress)),
        encodeLogs(receipt.logs),
      ]),
    ),
  );
}

/** Reads what `encodeStoredReceipts` wrote for these transactions. */
export function decodeStoredReceipts(encoded: Uint8Array, transactions: readonly Transaction[]): Receipt[] {
  const list = new RlpReader(encoded).list("the receipts of a block");
  let cumulativeGasUsed = 0;
  return transactions.map((transaction) => {
    const fields = list.list("a receipt");
    const success = fields.count("the status") === 1;
    const gasUsed = fields.count("the gas used");
    const created = fields.bytes("the contract address");
    const logs = decodeLogs(fields.list("the logs"));
    cumulativeGasUsed += gasUsed;
    return {
      transactionHash: transaction.hash,
      type: transaction.type,
      success,
      cumulativeGasUsed,
      gasUsed,
      contractAddress: created.length === 0 ? undefined : (bytesToHex(created) as Address),
      logs,
      logsBloom: bloomOf(logs),
    };
  });
}

function decodeLogs(list: RlpReader): Log[] {
  const logs: Log[] = [];
  while (!list.atEnd) {
    const fields = list.list("a log");
    const address = bytesToHex(fields.bytes("the address of a log")) as Address;
    const topics: Digest[] = [];
    for (const items = fields.list("the topics of a log"); !items.atEnd; ) {
      topics.push(bytesToHex(items.bytes("a topic")) as Digest);
    }
    logs.push({ address, topics, data: fields.bytes("the data of a log") });
  }
  return logs;
}
