import type { SealedBlock } from "./block.ts";
import type { Epoch } from "./brands.ts";
import type { Certificate } from "./certificate.ts";
import { unreachable } from "./errors.ts";
import type { Vote } from "./vote.ts";

/** What the consensus core has made durable in the write-ahead log, in the order in which it was decided. */
export type ConsensusRecord =
  /** A body with its justification, before this validator's Notarize of it, or when fetched. */
  | { readonly kind: "block"; readonly block: SealedBlock }
  /** A certificate that moved this validator, or that one of its votes relies on. */
  | { readonly kind: "certificate"; readonly certificate: Certificate }
  /** What this validator is about to have signed. The signature is deterministic and can be made again. */
  | { readonly kind: "vote"; readonly vote: Vote };

export function epochOfRecord(record: ConsensusRecord): Epoch {
  switch (record.kind) {
    case "block":
      return record.block.header.epoch;
    case "certificate":
      return record.certificate.vote.epoch;
    case "vote":
      return record.vote.epoch;
    default:
      return unreachable(record);
  }
}
