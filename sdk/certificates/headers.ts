// The two headers of a certificate: the consensus header that validators sign, and the execution header, a standard
// Ethereum block header, that the next consensus header commits to (ARCHITECTURE.md, "Two headers").
import { bytesToHex, concatHex, fromRlp, type Hex, hexToNumber, keccak256, numberToHex, toRlp } from "viem";
import type { ConsensusHeader } from "../../node/types/block.ts";

/** "ALLOT", version 1, tag "H": no other hashed thing of the network starts like this. */
const headerTag: Hex = "0x414c4c4f540148";

/** RLP of an unsigned integer: no leading zeros, 0 is the empty string. */
const quantity = (value: number): Hex => (value === 0 ? "0x" : padToBytes(numberToHex(value)));
const padToBytes = (hex: Hex): Hex => (hex.length % 2 === 0 ? hex : `0x0${hex.slice(2)}`);

/** The digest that names a block: what its finalization signs. */
export function digestOfConsensusHeader(header: ConsensusHeader): Hex {
  return keccak256(
    concatHex([
      headerTag,
      toRlp([
        quantity(header.chainId),
        quantity(header.epoch),
        quantity(header.view),
        quantity(header.height),
        quantity(header.parentView),
        header.parentDigest,
        header.proposer,
        quantity(header.timestampMs),
        header.transactionsHash,
        header.parentExecutionHash,
        header.justificationHash,
      ]),
    ]),
  );
}

/** What a certificate uses of an execution header. */
export interface ExecutionHeaderFields {
  readonly stateRoot: Hex;
  readonly receiptsRoot: Hex;
  readonly height: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** Consensus digest of the same block. */
  readonly digest: Hex;
}

// Position of the fields in a block header since Frontier; forks only append.
const fieldAt = { stateRoot: 3, receiptsRoot: 5, number: 8, timestamp: 11, extraData: 12 } as const;
/** Fields of a Cancun header. */
const headerFields = 20;

/** Reads an execution header; undefined when the bytes are none. */
export function decodeExecutionHeader(encoded: Hex): ExecutionHeaderFields | undefined {
  let fields: unknown;
  try {
    fields = fromRlp(encoded, "hex");
  } catch {
    return undefined;
  }
  if (!Array.isArray(fields) || fields.length !== headerFields) return undefined;
  const bytesAt = (index: number, length: number): Hex | undefined => {
    const field: unknown = fields[index];
    return typeof field === "string" && field.length === 2 + 2 * length ? (field as Hex) : undefined;
  };
  const countAt = (index: number): number | undefined => {
    const field: unknown = fields[index];
    if (typeof field !== "string" || field.length > 2 + 2 * 6) return undefined;
    return field === "0x" ? 0 : hexToNumber(field as Hex);
  };
  const stateRoot = bytesAt(fieldAt.stateRoot, 32);
  const receiptsRoot = bytesAt(fieldAt.receiptsRoot, 32);
  const digest = bytesAt(fieldAt.extraData, 32);
  const height = countAt(fieldAt.number);
  const timestamp = countAt(fieldAt.timestamp);
  if (stateRoot === undefined || receiptsRoot === undefined || digest === undefined) return undefined;
  if (height === undefined || timestamp === undefined) return undefined;
  return { stateRoot, receiptsRoot, height, timestamp, digest };
}

/** JSON-RPC's block hash. */
export const hashOfExecutionHeader = (encoded: Hex): Hex => keccak256(encoded);

/** RLP of an account: [nonce, balance, storageRoot, codeHash]; undefined when the bytes are none. */
export function storageRootOfAccount(encoded: Uint8Array): Hex | undefined {
  let fields: unknown;
  try {
    fields = fromRlp(bytesToHex(encoded), "hex");
  } catch {
    return undefined;
  }
  const root: unknown = Array.isArray(fields) && fields.length === 4 ? fields[2] : undefined;
  return typeof root === "string" && root.length === 66 ? (root as Hex) : undefined;
}
