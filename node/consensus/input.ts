// Everything the core can be told. The driver feeds inputs one at a time, in any order in which they happen; it
// carries out all effects of one input (see effect.ts) before those of the next.
import type { SealedBlock } from "../types/block.ts";
import type { Digest, Epoch, Height, ValidatorIndex, View } from "../types/brands.ts";
import type { PeerMessage } from "../types/message.ts";
import type { ConsensusRecord } from "../types/record.ts";
import type { SignedVote, Vote } from "../types/vote.ts";

/**
 * Names of the timers. All but the last three belong to the current view and are cancelled on leaving it:
 * `leader` (tL), `notarization` (tA), `pace` (blockIntervalMs), `verify` (ask again for a pending verdict),
 * `retry` (tR after a timeout) · `heartbeat`, `fetch`, `reply` (opens the rate limit of stale replies).
 */
export type TimerName = "leader" | "notarization" | "pace" | "verify" | "retry" | "heartbeat" | "fetch" | "reply";

/** A block that is final here and whose execution has been made permanent. Genesis on a new node. */
export interface CommittedTip {
  readonly digest: Digest;
  readonly view: View;
  readonly height: Height;
  readonly timestampMs: number;
  readonly executionHash: Digest;
  /** False only when it is known that the block left the state as it was (genesis: false). */
  readonly changedState: boolean;
}

/** What a node finds on its disk. A new node: genesis as the tip and nothing else. */
export interface Recovered {
  /** `Application.info()`, with the view and time from the stored header. */
  readonly committed: CommittedTip;
  /**
   * The write-ahead log in the order it was written. At least every block and certificate of a view at or above
   * `committed.view` (the tip's own block and a finalization at or above it among them, unless the tip is genesis),
   * and own votes of such views; older ones, and those of other epochs, are tolerated.
   */
  readonly records: readonly ConsensusRecord[];
  /** What the signer's guard has signed at its highest view, in order; empty when it never signed. */
  readonly guardVotes: readonly Vote[];
  /** The epoch in which the guard stands: it signs nothing in an earlier one, so nothing is asked of it there. */
  readonly signedEpoch: Epoch;
  /**
   * True when the log or the guard's record is known to be lost or restored from a backup. The core also finds out
   * by itself when the guard signed what the log does not hold. It then signs nothing until enough validators
   * have reported their view.
   */
  readonly signingDoubtful: boolean;
}

/** `pending` is no verdict: the core asks again, after `retryAfterMs` when given, otherwise after retryIntervalMs. */
export type Verdict =
  | { readonly verdict: "valid" }
  | { readonly verdict: "invalid"; readonly code: string; readonly reason: string }
  | { readonly verdict: "pending"; readonly reason: string; readonly retryAfterMs?: number };

export type Input =
  /** The first input, exactly once, before the node listens. */
  | { readonly kind: "start"; readonly recovered: Recovered }
  /** A well-formed message from an authenticated validator. What cannot be decoded never gets here. */
  | { readonly kind: "message"; readonly from: ValidatorIndex; readonly message: PeerMessage }
  /** A connection to this validator is up (again): it is told where this node stands. */
  | { readonly kind: "peerConnected"; readonly peer: ValidatorIndex }
  /** `id` is that of the `setTimer` effect; the core ignores ids that it has cancelled or replaced. */
  | { readonly kind: "timerFired"; readonly timer: TimerName; readonly id: number }
  /** Answer to `build`: a block with exactly the fields asked for (see `assembleBlock`). */
  | { readonly kind: "built"; readonly block: SealedBlock }
  | { readonly kind: "buildFailed"; readonly view: View; readonly reason: string }
  /** Answer to `verify`. */
  | { readonly kind: "verified"; readonly digest: Digest; readonly result: Verdict }
  /** Answer to `execute`. An engine that throws is the driver's to stop the process for. */
  | {
      readonly kind: "executed";
      readonly digest: Digest;
      readonly executionHash: Digest;
      readonly changedState: boolean;
    }
  /** Answer to `watch`, at once and again whenever it changes: is there something to order on top of `parent`?
   * `full`: enough to fill a block, which then need not wait for the block interval. */
  | { readonly kind: "available"; readonly parent: Digest; readonly transactions: "none" | "some" | "full" }
  /** Answer to `castVote`. */
  | { readonly kind: "voteSigned"; readonly vote: SignedVote }
  /** The guard refused: nothing was signed. */
  | { readonly kind: "voteRefused"; readonly vote: Vote; readonly reason: string };
