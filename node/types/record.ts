import type { SealedBlock } from "./block.ts";
import type { Certificate } from "./certificate.ts";
import type { Vote } from "./vote.ts";

/** What the consensus core has made durable in the write-ahead log, in the order in which it was decided. */
export type ConsensusRecord =
  /** A body with its justification, before this validator's Notarize of it, or when fetched. */
  | { readonly kind: "block"; readonly block: SealedBlock }
  /** A certificate that moved this validator, or that one of its votes relies on. */
  | { readonly kind: "certificate"; readonly certificate: Certificate }
  /** What this validator is about to have signed. The signature is deterministic and can be made again. */
  | { readonly kind: "vote"; readonly vote: Vote };
