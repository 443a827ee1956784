// Evidence as a file: what two statements say, who signed them, and for which network, so that anybody can check it
// offline and submit it, from anywhere and at any time before it is too old. The format is in docs/evidence.md.
import type { Address, Hex } from "viem";

interface EvidenceFileHead {
  readonly version: 1;
  readonly chainId: number;
  readonly networkId: Hex;
}

/** A commitment that a bid key signed, or that it made on chain. */
export type BidFileStatement =
  | { readonly commitment: Hex; readonly signature: Hex }
  | { readonly commitment: Hex; readonly committedBy: Address };

/** Two commitments of one agent to one tender. */
export interface BidEvidenceFile extends EvidenceFileHead {
  readonly kind: "bid-equivocation";
  /** The tender contract. */
  readonly contract: Address;
  /** Decimal. */
  readonly agentId: string;
  readonly tenderId: Hex;
  readonly statements: readonly [BidFileStatement, BidFileStatement];
}

/** A deliverable that the job's provider signed, or that it submitted on chain. */
export type DeliveryFileStatement =
  | { readonly deliverable: Hex; readonly signature: Hex }
  | { readonly deliverable: Hex; readonly submittedBy: Address };

/** Two deliveries of one agent for one job. */
export interface DeliveryEvidenceFile extends EvidenceFileHead {
  readonly kind: "delivery-equivocation";
  /** The job escrow. */
  readonly contract: Address;
  /** Decimal. */
  readonly agentId: string;
  /** Decimal. */
  readonly jobId: string;
  readonly statements: readonly [DeliveryFileStatement, DeliveryFileStatement];
}

export type VoteFileStatement =
  | { readonly vote: "notarize" | "finalize"; readonly digest: Hex; readonly signature: Hex }
  | { readonly vote: "nullify"; readonly signature: Hex };

/** Two votes of one validator in one view. */
export interface VoteEvidenceFile extends EvidenceFileHead {
  readonly kind: "vote-equivocation";
  readonly validator: Address;
  readonly epoch: number;
  readonly view: number;
  readonly statements: readonly [VoteFileStatement, VoteFileStatement];
}

/** What an attester said: in a request that it signed for EAS, or in an attestation on chain, by EAS's id. */
export type AttestationFileStatement =
  | {
      readonly level: number;
      readonly report: Hex;
      readonly recipient: Address;
      /** Decimal, as the other numbers of 64 bits and more. */
      readonly expirationTime: string;
      readonly revocable: boolean;
      readonly refUID: Hex;
      readonly value: string;
      readonly nonce: string;
      readonly deadline: string;
      readonly signature: Hex;
    }
  | { readonly level: number; readonly report: Hex; readonly uid: Hex };

/** Two statements of one attester on one agent, one capability and one test run that differ in level or report. */
export interface AttestationEvidenceFile extends EvidenceFileHead {
  readonly kind: "contradictory-attestations";
  /** The capability resolver, whose schema they are under. */
  readonly contract: Address;
  readonly attester: Address;
  /** Decimal. */
  readonly agentId: string;
  readonly capability: Hex;
  readonly testRun: Hex;
  readonly statements: readonly [AttestationFileStatement, AttestationFileStatement];
}

export type EvidenceFile = BidEvidenceFile | DeliveryEvidenceFile | VoteEvidenceFile | AttestationEvidenceFile;
export type EvidenceKind = EvidenceFile["kind"];

/**
 * The file's canonical text: the same two statements always give the same bytes, whatever order they came in.
 * `readEvidenceFile` makes and reads what this takes.
 */
export const encodeEvidenceFile = (file: EvidenceFile): string => `${JSON.stringify(file, undefined, 2)}\n`;
