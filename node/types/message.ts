import type { FinalizedBlock, SealedBlock } from "./block.ts";
import type { Digest, Epoch, Height, View } from "./brands.ts";
import type { Certificate } from "./certificate.ts";
import type { SignedVote } from "./vote.ts";

/** What a validator asks another for. Never answered with silence: who holds nothing answers with an empty list. */
export type FetchRequest =
  /** A block by its digest, final or not; answered by `blocks`. */
  | { readonly kind: "fetchBlock"; readonly digest: Digest }
  /** Finalized blocks from `fromHeight` upwards, at most `count`; answered by `blocks`, possibly fewer. */
  | { readonly kind: "fetchHeights"; readonly fromHeight: Height; readonly count: number }
  /** Every certificate held for the epoch's views `fromView` to `toView`, both included; answered by `certificates`, the
   * highest views first and at most `certificatesPerMessageMax` of them. */
  | { readonly kind: "fetchViews"; readonly epoch: Epoch; readonly fromView: View; readonly toView: View };

/** What validators say to each other. The sender is known from the connection, never from the message. */
export type PeerMessage =
  /** `vote` is the leader's Notarize of `block`: its signature on the proposal. */
  | { readonly kind: "proposal"; readonly block: SealedBlock; readonly vote: SignedVote }
  | { readonly kind: "vote"; readonly vote: SignedVote }
  | { readonly kind: "certificate"; readonly certificate: Certificate }
  /** Sent on connecting, and in answer to the same from one whose view is behind. */
  | {
      readonly kind: "status";
      readonly epoch: Epoch;
      readonly view: View;
      readonly height: Height;
      /** The latest epoch in which the sender signed, which may lie ahead of where it stands. */
      readonly signedEpoch: Epoch;
    }
  | FetchRequest
  | { readonly kind: "blocks"; readonly blocks: readonly FinalizedBlock[] }
  | { readonly kind: "certificates"; readonly certificates: readonly Certificate[] };
