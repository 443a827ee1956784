// Proof of an epoch's validator set, for whoever knows the set of the epoch before:
//   finalization --signs--> digest of the last of `headers` --parentDigest--> ... --> the first, the last block of the epoch
//   before (height h) --parentExecutionHash--> keccak256(`executionHeader`) (height h − 1) --stateRoot--> account of
//   ValidatorRegistry --storageRoot--> `_sets[epoch]`, which is fixed two blocks before the epoch begins.
// The JSON form is the object itself: heights, views, epochs and indices are JSON numbers, the rest is hex.
import type { StorageWordProof } from "./assignmentCertificate.ts";
import type { ConsensusHeader } from "./block.ts";
import type { Address, Epoch, Hex } from "./brands.ts";
import type { Finalization } from "./certificate.ts";

export interface EpochCertificate {
  /** The epoch whose set is proven. */
  readonly epoch: Epoch;
  /** Signed by a quorum of the epoch before. */
  readonly finalization: Finalization;
  /** The last block of the epoch before, and the tail blocks from it to the one that `finalization` names. */
  readonly headers: readonly ConsensusHeader[];
  /** RLP of the execution header of height h − 1. */
  readonly executionHeader: Hex;
  /** ValidatorRegistry's address. */
  readonly contract: Address;
  /** Merkle-Patricia nodes (RLP) from the state root down to ValidatorRegistry's account. */
  readonly accountProof: readonly Hex[];
  /** The length of `_sets[epoch]`, then its members in ascending order. A length of 0: the set is that of the epoch before. */
  readonly storage: readonly StorageWordProof[];
}
