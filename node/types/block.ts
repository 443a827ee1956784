import type { Address, Digest, Epoch, Height, View } from "./brands.ts";
import type { Finalization, Notarization, Nullification } from "./certificate.ts";

/** What the validators order and sign. Its digest (keccak256 of version, tag and RLP) names the block. */
export interface ConsensusHeader {
  readonly chainId: number;
  readonly epoch: Epoch;
  readonly view: View;
  readonly height: Height;
  readonly parentView: View;
  readonly parentDigest: Digest;
  readonly proposer: Address;
  readonly timestampMs: number;
  /** keccak256 over version, tag and the RLP list of raw transactions (see digests.ts). */
  readonly transactionsHash: Digest;
  /** Block hash of the execution header of the parent: the result of height − 1, agreed on one block later. */
  readonly parentExecutionHash: Digest;
  readonly justificationHash: Digest;
}

/**
 * Why the block may extend its parent: the parent's certificate, and nullifications of the views between, ascending
 * and without a hole, the last one of view − 1. When more views were skipped than `certificatesPerMessageMax`, only
 * that many of the highest stand here; voters must hold the rest, or fetch it by view.
 */
export interface Justification {
  /** Absent only when the parent is the block that the epoch starts from: genesis, or the last of the epoch before. */
  readonly parent: Notarization | Finalization | undefined;
  readonly nullifications: readonly Nullification[];
}

export interface Block {
  readonly header: ConsensusHeader;
  readonly transactions: readonly Uint8Array[];
  readonly justification: Justification;
}

/**
 * A block whose hashes have been computed, and found equal to those in its header. Made only by `sealBlock` (own
 * proposals) and `decodeBlock` (everybody else's), so that nothing behind them hashes again or doubts them.
 */
export interface SealedBlock extends Block {
  readonly digest: Digest;
  /** Length of the block's encoding. */
  readonly bytes: number;
}

/** A block from the chain of a peer, with its own finalization when it did not become final through a descendant. */
export interface FinalizedBlock {
  readonly block: SealedBlock;
  readonly finalization: Finalization | undefined;
}
