import type { Address, Digest, Hex } from "../types/brands.ts";

/** A Cancun block header; the fields that mean nothing here (difficulty, nonce, ommers, withdrawals, blobs, beacon
 * root) have their empty values, so that standard Ethereum tools compute the same hash. */
export interface ExecutionHeader {
  readonly parentHash: Digest;
  /** The block's proposer. */
  readonly coinbase: Address;
  readonly stateRoot: Digest;
  readonly transactionsRoot: Digest;
  readonly receiptsRoot: Digest;
  /** 256 bytes. */
  readonly logsBloom: Hex;
  readonly number: number;
  readonly gasLimit: number;
  readonly gasUsed: number;
  /** Seconds: ⌊timestampMs / 1000⌋ of the consensus header. Equal in successive blocks is legal. */
  readonly timestamp: number;
  /** The consensus digest of the block, 32 bytes. */
  readonly extraData: Digest;
  /** keccak256 of the digest; leaders can grind it, so no rule contract may use it. */
  readonly prevRandao: Digest;
}
