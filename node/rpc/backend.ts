// What JSON-RPC needs from the running node, and nothing more. The composition root (node/main.ts) implements it;
// the tests implement it over a real engine and a single-process sequencer.
import type { Registry } from "prom-client";
import type { ExecutedBlock, ExecutionEngine } from "../execution/engine.ts";
import type { Application } from "../types/application.ts";
import type { ConsensusHeader } from "../types/block.ts";
import type { Address, Digest, Epoch, Height, View } from "../types/brands.ts";
import type { Finalization } from "../types/certificate.ts";
import type { EpochCertificate } from "../types/epochCertificate.ts";
import type { Evidence } from "../types/evidence.ts";
import type { Genesis, GenesisValidator } from "../types/genesis.ts";
import type { Transaction } from "../types/transaction.ts";

/** Ends a subscription; calling it twice does nothing. */
export type Unsubscribe = () => void;

/** The mempool, as far as readers are concerned. Implemented by `Mempool` (node/mempool/mempool.ts). */
export interface MempoolReader {
  /** Transactions held now, executable or waiting for an earlier nonce. */
  readonly size: number;
  transaction(hash: Digest): Transaction | undefined;
  /** The nonce the sender's next transaction should carry, counting what waits here without a gap. */
  pendingNonceOf(sender: Address): number;
  /** Called once for every newly admitted transaction, whether from a client or a peer. */
  onAdmitted(listener: (transaction: Transaction, origin: "client" | "peer") => void): Unsubscribe;
}

export interface ConsensusStatus {
  /** `starting`: replaying the log. `syncing`: behind the highest finalization heard of. `stopped`: with `reason`. */
  readonly phase: "starting" | "syncing" | "running" | "stopped";
  readonly reason: string | undefined;
  readonly epoch: Epoch;
  readonly view: View;
  /** Highest height with a finalization known to this node, executed here or not. */
  readonly highestFinalized: Height;
  /** `observer`: without a seat in the epoch's set; it follows and does not vote. */
  readonly role: "validator" | "observer";
  /** Address of the own validator key. */
  readonly validatorAddress: Address | undefined;
}

export interface ValidatorSet {
  readonly epoch: Epoch;
  /** Sorted by address: the position is the ValidatorIndex. */
  readonly validators: readonly GenesisValidator[];
}

/** A committed block's header with the finalization that made it final. */
export interface FinalizedHeader {
  /** Consensus headers in ascending order from the asked height to the one that `finalization` names. One, unless the
   * block became final through a descendant. Each header's parentDigest is the digest of the one before. */
  readonly headers: readonly ConsensusHeader[];
  readonly finalization: Finalization;
}

export interface PeerStatus {
  /** Name from genesis, or the peer id where there is none. */
  readonly name: string;
  readonly address: Address | undefined;
  readonly connected: boolean;
  /** Round trip of the last ping, if one was measured. */
  readonly roundTripMs: number | undefined;
}

export interface RpcBackend {
  /** Semantic version of this software. */
  readonly version: string;
  readonly genesis: Genesis;
  /** RPC reads: `committed`, `chain`, `stateAt`. */
  readonly engine: ExecutionEngine;
  readonly application: Pick<Application, "checkTransaction">;
  readonly mempool: MempoolReader;
  /** Served at /metrics; every part of the node registers its own. */
  readonly metrics: Registry;
  consensus(): ConsensusStatus;
  /** The set of an epoch, the current one by default; undefined for an epoch not yet begun. */
  validators(epoch?: Epoch): ValidatorSet | undefined;
  /** Proof of an epoch's set; undefined for the first, for one not yet begun, and where this node has none. */
  epochCertificate(epoch: Epoch): EpochCertificate | undefined;
  /** Undefined above the highest finalized height and at height 0, whose certificate is empty by definition. */
  finalizationOf(height: Height): Promise<FinalizedHeader | undefined>;
  /** What this node has against validators: two votes each that no honest validator casts both of. */
  evidence(): readonly Evidence[];
  /** Every other node that the network knows, connected or not. */
  peers(): readonly PeerStatus[];
  /** Called after each commit, in order of height, when the engine already serves the block. */
  onCommitted(listener: (block: ExecutedBlock) => void): Unsubscribe;
}
