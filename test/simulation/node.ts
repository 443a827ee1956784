// A simulated validator as the cluster sees it. Two forms: the bare core, for speed (coreNode.ts), and the node's own
// driver, log, guard, stores and recovery over a simulated disk (driverNode.ts).
import type { ConsensusConfig } from "../../node/consensus/config.ts";
import type { Effect } from "../../node/consensus/effect.ts";
import type { Input } from "../../node/consensus/input.ts";
import type { ConsensusState } from "../../node/consensus/state.ts";
import type { ValidatorIndex } from "../../node/types/brands.ts";
import type { PeerMessage } from "../../node/types/message.ts";
import type { Ledger } from "./ledger.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SigningScheme } from "./simulatedScheme.ts";

/** What the node reports to the checkers, and its way to the others. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly scheme: SigningScheme;
  /** Milliseconds since 1970 at virtual time 0. */
  readonly epochMs: number;
  /** Which machine: second ones of a key stand behind all validators. */
  readonly machine: number;
  /** How many keys there are, in the set or not. */
  readonly machines: number;
  /** @param to number of the receiving machine */
  send(from: SimulatedNode, to: ValidatorIndex, message: PeerMessage): void;
  /** Spreads a transaction of the node's own among the others. */
  gossip(from: SimulatedNode, transaction: string): void;
  observe(node: SimulatedNode, before: ConsensusState, input: Input, effects: readonly Effect[]): void;
  /** The node goes by this configuration from now on. */
  begun(node: SimulatedNode, config: ConsensusConfig): void;
  violation(sentence: string): void;
  /** The node stopped for another reason than that its core asked for it. */
  stopped(node: SimulatedNode, code: string): void;
}

export interface Latencies {
  readonly syncMsMax: number;
  readonly executeMsMax: number;
  readonly verifyMsMax: number;
}

export interface SimulatedNode {
  /** Number of the machine whose key it has, which is its index in the first set if it is in it. */
  readonly index: ValidatorIndex;
  readonly machine: number;
  readonly config: ConsensusConfig;
  readonly ledger: Ledger;
  readonly state: ConsensusState;
  readonly isRunning: boolean;
  /** Highest view entered in any life. */
  readonly viewsSeen: number;
  start(waiting: Iterable<string>): void;
  /** Loses everything but the disk, and of that what was not synced. */
  crash(): void;
  /** The process gets no time until `resume`; what comes in waits. */
  suspend(): void;
  resume(): void;
  submit(transaction: string): void;
  receive(from: ValidatorIndex, message: PeerMessage): void;
  /** @throws AllotError when the frame is no message */
  receiveFrame(from: ValidatorIndex, frame: Uint8Array): void;
  feed(input: Input): void;
  /** A connection to the machine is up. */
  connected(machine: ValidatorIndex): void;
  loseLog(): void;
}
