// Proof that a unit of a task belongs to an agent, which anyone can verify with nothing but a validator set, the first
// or a later one:
//   finalization --signs--> digest of `header` (height h+1) --parentExecutionHash--> keccak256(`executionHeader`)
//   (height h) --stateRoot--> account of TaskMarket --storageRoot--> the words of the assignment record.
// The JSON form is the object itself: heights, views, epochs and indices are JSON numbers, the rest is hex.
import type { ConsensusHeader } from "./block.ts";
import type { Address, Digest, Hex } from "./brands.ts";
import type { Finalization } from "./certificate.ts";
import type { EpochCertificate } from "./epochCertificate.ts";

export interface StorageWordProof {
  /** Slot, 32 bytes. */
  readonly slot: Hex;
  /** Content, 32 bytes. */
  readonly word: Hex;
  /** Merkle-Patricia nodes (RLP) from the account's storage root down. */
  readonly proof: readonly Hex[];
}

export interface AssignmentCertificate {
  readonly version: 2;
  readonly chainId: number;
  /** Salt of the domain under which the finalization is signed. */
  readonly networkId: Digest;
  /** 32 bytes. */
  readonly taskId: Hex;
  readonly unit: number;
  /** Quorum's signatures over `header`. */
  readonly finalization: Finalization;
  /** Consensus header of height h+1. */
  readonly header: ConsensusHeader;
  /** RLP of the execution header of height h, a standard Ethereum block header. */
  readonly executionHeader: Hex;
  /** TaskMarket's address. */
  readonly contract: Address;
  /** Merkle-Patricia nodes (RLP) from the state root down to TaskMarket's account, which the last one holds. */
  readonly accountProof: readonly Hex[];
  /** The two words of the record, as documented at the head of contracts/market/TaskBook.sol. */
  readonly storage: readonly StorageWordProof[];
  /** How the set that signed follows from an earlier one: a certificate for each epoch from the one after that which the
   * verifier knows (the first, unless it asked otherwise) to the finalization's. */
  readonly epochs: readonly EpochCertificate[];
}
