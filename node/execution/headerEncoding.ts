import { keccak256Hex } from "../crypto/keccak.ts";
import type { Address, Digest, Hex } from "../types/brands.ts";
import { RlpReader } from "../types/rlpReader.ts";
import { encodeBytes, encodeList, encodeQuantity } from "../types/rlpWriter.ts";
import { bytesToHex, hexToBytes } from "./bytes.ts";
import type { ExecutionHeader } from "./header.ts";
import { emptyRoot } from "./state/account.ts";

/** keccak256 of the RLP of an empty list: there are no ommers. */
export const emptyOmmersHash = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347" as Digest;
const zeroWord = new Uint8Array(32);
const zeroNonce = new Uint8Array(8);

/** RLP of a Cancun header, in the order of the yellow paper and EIPs 1559, 4895, 4844 and 4788. */
export function encodeHeader(header: ExecutionHeader): Uint8Array {
  return encodeList([
    encodeBytes(hexToBytes(header.parentHash)),
    encodeBytes(hexToBytes(emptyOmmersHash)),
    encodeBytes(hexToBytes(header.coinbase)),
    encodeBytes(hexToBytes(header.stateRoot)),
    encodeBytes(hexToBytes(header.transactionsRoot)),
    encodeBytes(hexToBytes(header.receiptsRoot)),
    encodeBytes(hexToBytes(header.logsBloom)),
    encodeQuantity(0), // difficulty
    encodeQuantity(header.number),
    encodeQuantity(header.gasLimit),
    encodeQuantity(header.gasUsed),
    encodeQuantity(header.timestamp),
    encodeBytes(hexToBytes(header.extraData)),
    encodeBytes(hexToBytes(header.prevRandao)),
    encodeBytes(zeroNonce),
    encodeQuantity(0), // base fee
    encodeBytes(hexToBytes(emptyRoot)), // withdrawals
    encodeQuantity(0), // blob gas used
    encodeQuantity(0), // excess blob gas
    encodeBytes(zeroWord), // parent beacon block root
  ]);
}

/** What JSON-RPC reports as the block hash. */
export const executionHashOf = (header: ExecutionHeader): Digest => keccak256Hex(encodeHeader(header));

/** Reads what `encodeHeader` wrote. */
export function decodeHeader(encoded: Uint8Array): ExecutionHeader {
  const fields = new RlpReader(encoded).list("a header");
  const hex = (what: string): Hex => bytesToHex(fields.bytes(what));
  const parentHash = hex("the parent hash") as Digest;
  fields.bytes("the ommers hash");
  const coinbase = hex("the coinbase") as Address;
  const stateRoot = hex("the state root") as Digest;
  const transactionsRoot = hex("the transactions root") as Digest;
  const receiptsRoot = hex("the receipts root") as Digest;
  const logsBloom = hex("the bloom");
  fields.count("the difficulty");
  return {
    parentHash,
    coinbase,
    stateRoot,
    transactionsRoot,
    receiptsRoot,
    logsBloom,
    number: fields.count("the number"),
    gasLimit: fields.count("the gas limit"),
    gasUsed: fields.count("the gas used"),
    timestamp: fields.count("the timestamp"),
    extraData: hex("the extra data") as Digest,
    prevRandao: hex("prevRandao") as Digest,
  };
}
