// What the driver is composed of: everything it touches the world through is given to it, in a real and in a simulated
// form (test/simulation/driverNode.ts).
import type { Clock } from "./clock.ts";
import type { ConsensusConfig } from "./consensus/config.ts";
import type { Effect } from "./consensus/effect.ts";
import type { Input } from "./consensus/input.ts";
import type { ConsensusState } from "./consensus/state.ts";
import type { DriverMetrics } from "./driverMetrics.ts";
import type { PeerDirectory } from "./epochs/seats.ts";
import type { Log } from "./log.ts";
import type { ChainStore } from "./storage/chainStore.ts";
import type { ConsensusTables } from "./storage/consensusTables.ts";
import type { EpochStore } from "./storage/epochStore.ts";
import type { EvidenceStore } from "./storage/evidenceStore.ts";
import type { SignerGuard } from "./storage/signerGuard.ts";
import type { ViewArchive } from "./storage/viewArchive.ts";
import type { WriteAheadLog } from "./storage/writeAheadLog.ts";
import type { Application } from "./types/application.ts";
import type { Epoch, PeerIndex } from "./types/brands.ts";
import type { EpochBase } from "./types/epochBase.ts";

/** What the driver needs of the network. */
export interface DriverNetwork {
  send(to: PeerIndex, payload: Uint8Array): void;
  /** To every node that is known, members of the set and others. */
  broadcast(payload: Uint8Array): void;
  pause(peer: PeerIndex): void;
  resume(peer: PeerIndex): void;
  reportFault(peer: PeerIndex, code: string): void;
}

export interface DriverStores {
  readonly log: WriteAheadLog;
  readonly guard: SignerGuard;
  readonly database: ConsensusTables;
  readonly chain: ChainStore;
  readonly archive: ViewArchive;
  readonly evidence: EvidenceStore;
  readonly epochs: EpochStore;
}

export interface DriverOptions {
  /** Of the epoch to start in. */
  readonly config: ConsensusConfig;
  /** The same for an epoch that starts from the application's committed tip. */
  readonly configOf: (epoch: Epoch, base: EpochBase) => ConsensusConfig;
  readonly directory: PeerDirectory;
  readonly application: Application;
  /** The mempool's size, for telling when a block would be full. */
  readonly waiting: () => { readonly transactions: number; readonly bytes: number };
  readonly stores: DriverStores;
  readonly network: DriverNetwork;
  readonly clock: Clock;
  readonly metrics: DriverMetrics;
  readonly log: Log;
  /** Something after which the node must not go on. Called once. */
  readonly onFatal: (code: string, reason: string, cause?: unknown) => void;
  /** An epoch has begun here. */
  readonly onEpoch?: (epoch: Epoch) => void;
  /** Sees every step before its effects are carried out. */
  readonly onStep?: (before: ConsensusState, input: Input, effects: readonly Effect[]) => void;
}
