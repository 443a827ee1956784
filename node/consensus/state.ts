// What a core remembers. A state is never changed: a step copies what it touches (see draft.ts), so that a state can
// be kept, compared and continued from twice.
import type { SealedBlock } from "../types/block.ts";
import type { Digest, Epoch, ValidatorIndex, View } from "../types/brands.ts";
import { ValidatorIndex as validatorIndex } from "../types/brands.ts";
import type { Finalization, Notarization, Nullification } from "../types/certificate.ts";
import type { FetchRequest } from "../types/message.ts";
import { quorumOf } from "../types/quorum.ts";
import type { SignedVote } from "../types/vote.ts";
import type { ConsensusConfig } from "./config.ts";
import type { CommittedTip, TimerName } from "./input.ts";
import type { Intervals } from "./intervals.ts";

export type VotesBySigner = ReadonlyMap<ValidatorIndex, SignedVote>;

/** Everything held about one view. */
export interface ViewRecord {
  readonly view: View;
  /** The first valid vote of each kind from each signer; a second, different one is evidence and not kept. */
  readonly notarize: VotesBySigner;
  readonly nullify: VotesBySigner;
  readonly finalize: VotesBySigner;
  readonly notarization: Notarization | undefined;
  readonly nullification: Nullification | undefined;
  readonly finalization: Finalization | undefined;
  /** What this validator has decided to say, logged before it is signed. */
  readonly own: {
    readonly notarize: Digest | undefined;
    readonly nullify: boolean;
    readonly finalize: Digest | undefined;
  };
  /** The first proposal of the leader that was seen while the view was current. */
  readonly proposal: Digest | undefined;
  /** Faults already reported, as `signer/kind`. */
  readonly reported: ReadonlySet<string>;
  /** Peers that have been sent the leader's Notarize because they voted for another block. */
  readonly exchangedWith: ReadonlySet<ValidatorIndex>;
  /** The committed block of this view, and the view of its parent. */
  readonly committed: { readonly digest: Digest; readonly parentView: View } | undefined;
}

export interface ExecutedResult {
  readonly executionHash: Digest;
  readonly changedState: boolean;
}

/** A body above the committed tip. The certificates of its justification have been verified. */
export interface BlockEntry {
  readonly block: SealedBlock;
  /** A notarization or finalization of it has been verified. */
  readonly certified: boolean;
  /** The application found it valid, or built it. */
  readonly valid: boolean;
  readonly persisted: boolean;
  readonly execution: "none" | "requested" | ExecutedResult;
}

/** A block that is final and waits for its execution and commit, in the order of heights. */
export interface FinalBlock {
  readonly digest: Digest;
  readonly finalization: Finalization;
}

/** What is forgotten on leaving the view. */
export interface CurrentView {
  /** The wait for something to order is over: timers run, the leader builds. */
  readonly armed: boolean;
  /** Another validator ended it, so it does not begin again in this view. */
  readonly insisted: boolean;
  readonly timedOut: boolean;
  readonly paceElapsed: boolean;
  readonly building: boolean;
  /** How far the check of the proposal has come; `waiting` runs until the `verify` timer fires. */
  readonly check: "none" | "verifying" | "waiting" | "done";
}

export interface Fetch {
  readonly request: FetchRequest;
  readonly key: string;
  /** Requests sent for this key; 0 while the grace period for what is already on its way runs. */
  readonly attempts: number;
  /** Who has been asked, and may therefore answer. */
  readonly asked: ReadonlySet<ValidatorIndex>;
}

export type Signing =
  | { readonly mode: "normal" }
  /** Something was signed in a later epoch, whose state a power cut took back: silent until it is reached again. */
  | { readonly mode: "past"; readonly signedEpoch: Epoch }
  /** What was signed before is in doubt: silent until enough validators have reported their view. */
  | { readonly mode: "doubtful"; readonly reports: ReadonlyMap<ValidatorIndex, View | "ahead"> }
  | { readonly mode: "resumed"; readonly fromView: View };

/** Two chains were finalized (fork.ts). */
export interface Fork {
  /** Of a block that is not on this node's chain. */
  readonly finalization: Finalization;
  /** The view in which a certificate of one chain contradicts the other's finality. */
  readonly view: View;
  /** How often the others have been told. */
  readonly rounds: number;
}

export interface ConsensusState {
  readonly config: ConsensusConfig;
  readonly quorum: number;
  /** `ended`: the epoch's last block is committed; the driver goes on with the next epoch's core. */
  readonly phase: "created" | "running" | "ended" | "stopped";
  readonly current: View;
  readonly inView: CurrentView;
  readonly views: ReadonlyMap<View, ViewRecord>;
  /** Nullified views above the committed tip's, also those whose record has left memory. */
  readonly nullified: Intervals;
  readonly blocks: ReadonlyMap<Digest, BlockEntry>;
  readonly committed: CommittedTip;
  readonly highestFinalization: Finalization | undefined;
  /** Finalizations above the last final block, whose ancestry is not yet known here. */
  readonly unjoined: ReadonlyMap<View, Finalization>;
  readonly final: readonly FinalBlock[];
  /** Views nullified in a row up to the current one; doubles the timeouts. */
  readonly nullifiedStreak: number;
  /** Running timers and their ids. */
  readonly timers: ReadonlyMap<TimerName, number>;
  readonly timerIdNext: number;
  /** heartbeatMs passed since the last notarization. */
  readonly heartbeatDue: boolean;
  /** For each validator, the highest view in which a vote or proposal of it was seen. */
  readonly lastActive: readonly View[];
  readonly available: { readonly parent: Digest; readonly transactions: "none" | "some" | "full" } | undefined;
  readonly fetch: Fetch | undefined;
  /** Who last sent something that was missing: asked first the next time. */
  readonly helper: ValidatorIndex | undefined;
  /** Answers given since the `reply` timer was set, as `peer/kind`. */
  readonly replied: ReadonlySet<string>;
  readonly executionMismatches: number;
  readonly signing: Signing;
  /** Set once, and never taken back: nothing is signed or committed from then on. */
  readonly fork: Fork | undefined;
}

const freshView: CurrentView = {
  armed: false,
  insisted: false,
  timedOut: false,
  paceElapsed: false,
  building: false,
  check: "none",
};

/** The state before `start`. */
export function createState(config: ConsensusConfig): ConsensusState {
  const zero = 0 as View;
  return {
    config,
    quorum: quorumOf(config.validators.length),
    phase: "created",
    current: zero,
    inView: freshView,
    views: new Map(),
    nullified: [],
    blocks: new Map(),
    committed: {
      ...config.base,
      timestampMs: 0,
      executionHash: config.base.digest,
      changedState: false,
    },
    highestFinalization: undefined,
    unjoined: new Map(),
    final: [],
    nullifiedStreak: 0,
    timers: new Map(),
    timerIdNext: 1,
    heartbeatDue: false,
    lastActive: config.validators.map(() => zero),
    available: undefined,
    fetch: undefined,
    helper: undefined,
    replied: new Set(),
    executionMismatches: 0,
    signing: { mode: "normal" },
    fork: undefined,
  };
}

export function freshRecord(view: View): ViewRecord {
  return {
    view,
    notarize: new Map(),
    nullify: new Map(),
    finalize: new Map(),
    notarization: undefined,
    nullification: undefined,
    finalization: undefined,
    own: { notarize: undefined, nullify: false, finalize: undefined },
    proposal: undefined,
    reported: new Set(),
    exchangedWith: new Set(),
    committed: undefined,
  };
}

export { freshView };

/** Leader of view v: set[(v − epochStartView) mod n]; of views before the epoch, too, of which a peer may speak. */
export function leaderOf({ config }: Pick<ConsensusState, "config">, view: View): ValidatorIndex {
  const count = config.validators.length;
  return validatorIndex((((view - config.epochStartView) % count) + count) % count);
}

/** Has this validator decided on a vote of any kind in the view? */
export const hasVoted = (record: ViewRecord | undefined): boolean =>
  record !== undefined &&
  (record.own.notarize !== undefined || record.own.nullify || record.own.finalize !== undefined);
