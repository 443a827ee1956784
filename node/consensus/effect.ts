// Everything the core can ask for.
//
// THE ORDERING CONTRACT. The effects of a step are carried out strictly in the order in which they stand, and all
// effects of a step before those of the next:
//  1. `persist` appends to the write-ahead log. Whatever stands after it (in this step or a later one) and leaves the
//     process — `castVote`, `broadcast`, `send` — waits until it is durable (fsync). One fsync may serve several
//     records. Timers, `build`, `verify`, `execute` and `watch` need not wait.
//  2. `castVote` has the signer's guard record (fsync) and sign the vote. The signed vote, or the refusal, comes back
//     as an input; the core then broadcasts it. Nothing else ever signs.
//  3. Messages to one peer keep their order. Any of them may be lost; the core repeats what matters.
//  4. `build`, `verify`, `execute`, `watch` and `serve` start in order but answer whenever they are ready; one that
//     is still running does not hold up what follows. `execute` of a block is asked for only after its parent's
//     result has been fed back, and `commit` of a block only after its own.
//  5. `commit`s happen in order, one for each height. After a commit, log records of lower views are no longer needed
//     to start again, but blocks, finalizations and nullifications are kept elsewhere to be served.
//  6. After `stop` no further input is fed and nothing further leaves; the node exits with the reason.
//  7. After `endEpoch` nothing further leaves either. The driver carries on with a new core: it is created with the next
//     epoch's set, and its `start` has the last block as the committed tip. What answers later to this core is dropped.
//
// Nothing answers with an exception: what fails comes back as an input that says so.
import type { SealedBlock } from "../types/block.ts";
import type { Digest, Epoch, ValidatorIndex, View } from "../types/brands.ts";
import type { BuildRequest } from "../types/buildRequest.ts";
import type { Certificate, Finalization } from "../types/certificate.ts";
import type { Facts } from "../types/errors.ts";
import type { Evidence } from "../types/evidence.ts";
import type { FetchRequest, PeerMessage } from "../types/message.ts";
import type { ConsensusRecord } from "../types/record.ts";
import type { SignedVote, Vote } from "../types/vote.ts";
import type { CommittedTip, TimerName } from "./input.ts";

export type Effect =
  | { readonly kind: "persist"; readonly record: ConsensusRecord }
  | { readonly kind: "castVote"; readonly vote: Vote }
  /** To every other validator. */
  | { readonly kind: "broadcast"; readonly message: PeerMessage }
  | { readonly kind: "send"; readonly to: ValidatorIndex; readonly message: PeerMessage }
  /** Answer a peer's request from storage: what the core does not hold in memory. A request for more than is allowed
   * or held is answered truncated, at worst by an empty list. */
  | { readonly kind: "serve"; readonly to: ValidatorIndex; readonly request: FetchRequest }
  /** Replaces a running timer of the same name. Monotonic time; 0 fires as soon as the driver comes to it. */
  | { readonly kind: "setTimer"; readonly timer: TimerName; readonly id: number; readonly durationMs: number }
  | { readonly kind: "cancelTimer"; readonly timer: TimerName }
  /** Build a block on an executed parent; answered by `built` or `buildFailed`. */
  | { readonly kind: "build"; readonly request: BuildRequest }
  /** Is the block's time at most own clock + maxDriftMs (if not: pending), and do its transactions satisfy
   * `Application.verifyProposal`? Everything else has been checked. Answered by `verified`. */
  | { readonly kind: "verify"; readonly block: SealedBlock }
  /** Execute on top of the parent, in memory; answered by `executed`. Asked once for each block. */
  | { readonly kind: "execute"; readonly block: SealedBlock }
  /** From now on report `available` for this parent (executed here), and no longer for an earlier one. */
  | { readonly kind: "watch"; readonly parent: Digest }
  /** `block` is final and executed; its parent has been committed. `finalization` names it, or its first descendant
   * that has one of its own. With the epoch's last block comes the `tail` that leads from it to what `finalization`
   * names, both ends but the first included; empty when that is the block itself. */
  | {
      readonly kind: "commit";
      readonly block: SealedBlock;
      readonly finalization: Finalization;
      readonly tail?: readonly SealedBlock[];
    }
  /** The epoch's last block has been committed: the next epoch's core starts from `tip`. */
  | { readonly kind: "endEpoch"; readonly tip: CommittedTip }
  /** Send a peer that stands in an earlier epoch what ended that one. */
  | { readonly kind: "handOver"; readonly to: ValidatorIndex; readonly epoch: Epoch }
  /** What was held about a view that leaves memory: kept for the evidence window, durability not needed. */
  | { readonly kind: "archive"; readonly votes: readonly SignedVote[]; readonly certificates: readonly Certificate[] }
  | { readonly kind: "reportEvidence"; readonly evidence: Evidence }
  /** The peer did what no correct peer does; `code` names it. */
  | { readonly kind: "reportPeer"; readonly peer: ValidatorIndex; readonly code: string; readonly facts: Facts }
  /** Something an operator should look at; the node goes on. */
  | { readonly kind: "raiseAlarm"; readonly code: string; readonly message: string; readonly facts: Facts }
  /** After doubt about what was signed: the guard may sign again, at this view or above. */
  | { readonly kind: "resumeSigning"; readonly fromView: View }
  | {
      readonly kind: "stop";
      readonly code: string;
      readonly reason: string;
      readonly facts: Facts;
      /** Certificates that contradict each other or the committed chain, to be kept. */
      readonly certificates: readonly Certificate[];
    };
