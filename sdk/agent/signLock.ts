// The sign lock keeps an honest agent, or attester, honest through crashes: before anything is signed for a tender's slot,
// a job or a test run, what will be signed is made durable, and nothing different is ever signed for it again. Two
// different statements cost the stake (RULES, "What is slashed"), whether they were meant or not.
//
// What is made on chain directly (commitBid, submitDelivery, attestCapability) is a statement too and goes through the
// lock as well.
import type { Address, Hex } from "viem";
import type { Bid } from "../typedData/bid.ts";
import type { CapabilityClaim } from "../typedData/capabilityClaim.ts";
import type { Opening } from "../typedData/commitment.ts";
import type { Delivery } from "../typedData/delivery.ts";
import type { MarketDomain } from "../typedData/domain.ts";

/** The contract, chain and network a statement is made for. */
export type StatementDomain = Pick<MarketDomain, "chainId" | "verifyingContract" | "salt">;

/** Names the one bid that an agent may make for a slot of a tender. */
export interface BidSlot {
  readonly domain: StatementDomain;
  readonly agentId: bigint;
  readonly tenderId: Hex;
  readonly slot: bigint;
}

/** A bid with its opening, so that it can be revealed after a restart. The salt is a secret until then. */
export interface BidRecord extends Opening {
  readonly kind: "bid";
  readonly domain: StatementDomain;
  readonly bid: Bid;
  /** The bid key, which is in the commitment. */
  readonly bidder: Address;
}

/** Names the one delivery that an agent may make for a job. */
export interface DeliverySlot {
  readonly domain: StatementDomain;
  readonly agentId: bigint;
  readonly jobId: bigint;
}

export interface DeliveryRecord {
  readonly kind: "delivery";
  readonly domain: StatementDomain;
  readonly delivery: Delivery;
}

/** Names the one thing that an attester may say of an agent's capability by a test run. */
export interface AttestationSlot {
  /** The contract is EAS. */
  readonly domain: StatementDomain;
  readonly attester: Address;
  readonly agentId: bigint;
  readonly capability: Hex;
  readonly testRun: Hex;
}

/** What an attester says; the network is in the domain. */
export interface AttestationRecord {
  readonly kind: "attestation";
  readonly domain: StatementDomain;
  readonly attester: Address;
  readonly claim: Omit<CapabilityClaim, "networkId">;
}

export type SignLockRecord = BidRecord | DeliveryRecord | AttestationRecord;

export interface SignLock {
  /**
   * Resolves when the bid is durable: only then may it be signed or sent. Locking the same commitment again resolves
   * too. Throws `SignLockError` with `SIGN_LOCK_CONFLICT` when another commitment is locked for the slot.
   */
  lockBid(record: BidRecord): Promise<void>;
  /** The same for a delivery. */
  lockDelivery(record: DeliveryRecord): Promise<void>;
  /** The same for an attestation: another is one with another level or report. */
  lockAttestation(record: AttestationRecord): Promise<void>;
  findBid(slot: BidSlot): BidRecord | undefined;
  findDelivery(slot: DeliverySlot): DeliveryRecord | undefined;
  findAttestation(slot: AttestationSlot): AttestationRecord | undefined;
  /** Everything ever locked, in no order that means anything. */
  records(): readonly SignLockRecord[];
  close(): Promise<void>;
}

export const bidSlotOf = ({ domain, bid }: BidRecord): BidSlot => ({
  domain,
  agentId: bid.agentId,
  tenderId: bid.tenderId,
  slot: bid.slot,
});

export const deliverySlotOf = ({ domain, delivery }: DeliveryRecord): DeliverySlot => ({
  domain,
  agentId: delivery.agentId,
  jobId: delivery.jobId,
});

export const attestationSlotOf = ({ domain, attester, claim }: AttestationRecord): AttestationSlot => ({
  domain,
  attester,
  agentId: claim.agentId,
  capability: claim.capability,
  testRun: claim.testRun,
});
