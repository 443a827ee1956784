// What the driver is composed of: everything it touches the world through is given to it, in a real and in a simulated
// form (test/simulation/driverNode.ts).
import type { Clock } from "./clock.ts";
import type { ConsensusConfig } from "./consensus/config.ts";
import type { Effect } from "./consensus/effect.ts";
import type { Input } from "./consensus/input.ts";
import type { ConsensusState } from "./consensus/state.ts";
import type { DriverMetrics } from "./driverMetrics.ts";
import type { Log } from "./log.ts";
import type { ChainStore } from "./storage/chainStore.ts";
import type { ConsensusTables } from "./storage/consensusTables.ts";
import type { EvidenceStore } from "./storage/evidenceStore.ts";
import type { SignerGuard } from "./storage/signerGuard.ts";
import type { ViewArchive } from "./storage/viewArchive.ts";
import type { WriteAheadLog } from "./storage/writeAheadLog.ts";
import type { Application } from "./types/application.ts";
import type { ValidatorIndex } from "./types/brands.ts";

/** What the driver needs of the network. */
export interface DriverNetwork {
  send(to: ValidatorIndex, payload: Uint8Array): void;
  broadcast(payload: Uint8Array): void;
  pause(peer: ValidatorIndex): void;
  resume(peer: ValidatorIndex): void;
  reportFault(peer: ValidatorIndex, code: string): void;
}

export interface DriverStores {
  readonly log: WriteAheadLog;
  readonly guard: SignerGuard;
  readonly database: ConsensusTables;
  readonly chain: ChainStore;
  readonly archive: ViewArchive;
  readonly evidence: EvidenceStore;
}

export interface DriverOptions {
  readonly config: ConsensusConfig;
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
  /** Sees every step before its effects are carried out. */
  readonly onStep?: (before: ConsensusState, input: Input, effects: readonly Effect[]) => void;
}
