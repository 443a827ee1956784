import type { Address, Hex } from "viem";
import type { Vote } from "../../node/types/vote.ts";
import type { SignedBid } from "../actions/bids/signBid.ts";
import type { CapabilityAttestation } from "../actions/capabilities/getAttestations.ts";
import type { SignedDelivery } from "../actions/tasks/signDelivery.ts";
import type { DelegatedAttestation } from "../attestations/signAttestation.ts";
import { type RuleAddresses, ruleAddresses } from "../contracts.ts";
import { decodeCapabilityClaim } from "../typedData/capabilityClaim.ts";
import type { Network } from "../typedData/domain.ts";
import type {
  AttestationEvidenceFile,
  BidEvidenceFile,
  DeliveryEvidenceFile,
  VoteEvidenceFile,
} from "./evidenceFile.ts";
import { readEvidenceFile } from "./readEvidenceFile.ts";

/** The network that the statements were made for; its contracts are at the fixed addresses unless given. */
export type ExportParameters = Network & { readonly rules?: RuleAddresses };

/** What a bid key committed on chain. */
export interface CommittedOnChain {
  readonly committedBy: Address;
  readonly commitment: Hex;
}

/** What a job's provider submitted on chain. */
export interface SubmittedOnChain {
  readonly submittedBy: Address;
  readonly deliverable: Hex;
}

/** A vote with its signature, as consensus keeps it. */
export interface SignedVoteStatement {
  readonly vote: Vote;
  readonly signature: Hex;
}

const headOf = ({ chainId, networkId }: Network) => ({ version: 1, chainId, networkId });

/**
 * Evidence of two commitments of one agent to one tender, as a file: `encodeEvidenceFile` gives its text.
 * @example
 * ```ts
 * await writeFile("evidence.json", encodeEvidenceFile(exportBidEvidence(network, signedBid, otherSignedBid)));
 * ```
 */
export function exportBidEvidence(
  parameters: ExportParameters,
  first: SignedBid,
  second: SignedBid | CommittedOnChain,
): BidEvidenceFile {
  const { tenderId, agentId, commitment } = first.bid;
  const other = "bid" in second ? { commitment: second.bid.commitment, signature: second.signature } : { ...second };
  return readEvidenceFile({
    ...headOf(parameters),
    kind: "bid-equivocation",
    contract: (parameters.rules ?? ruleAddresses).sealedBidTender,
    agentId: String(agentId),
    tenderId,
    statements: [{ commitment, signature: first.signature }, other],
  }) as BidEvidenceFile;
}

/** Evidence of two deliveries of one agent for one job, as a file. */
export function exportDeliveryEvidence(
  parameters: ExportParameters,
  first: SignedDelivery,
  second: SignedDelivery | SubmittedOnChain,
): DeliveryEvidenceFile {
  const { jobId, agentId, deliverable } = first.delivery;
  const other =
    "delivery" in second
      ? { deliverable: second.delivery.deliverable, signature: second.signature }
      : { deliverable: second.deliverable, submittedBy: second.submittedBy };
  return readEvidenceFile({
    ...headOf(parameters),
    kind: "delivery-equivocation",
    contract: (parameters.rules ?? ruleAddresses).jobEscrow,
    agentId: String(agentId),
    jobId: String(jobId),
    statements: [{ deliverable, signature: first.signature }, other],
  }) as DeliveryEvidenceFile;
}

/**
 * Evidence of two statements of one attester by one test run, as a file: what it signed, or what it attested on chain as
 * `getAttestations` gives it.
 */
export function exportAttestationEvidence(
  parameters: ExportParameters,
  first: DelegatedAttestation | CapabilityAttestation,
  second: DelegatedAttestation | CapabilityAttestation,
): AttestationEvidenceFile {
  const { attester, agentId, capability, testRun } = "uid" in first ? first : claimOf(first);
  return readEvidenceFile({
    ...headOf(parameters),
    kind: "contradictory-attestations",
    contract: (parameters.rules ?? ruleAddresses).capabilityResolver,
    ...{ attester, agentId: String(agentId), capability, testRun },
    statements: [first, second].map(attestationStatementOf),
  }) as AttestationEvidenceFile;
}

const claimOf = ({ request }: DelegatedAttestation) => ({
  ...decodeCapabilityClaim(request.data),
  attester: request.attester,
});

function attestationStatementOf(said: DelegatedAttestation | CapabilityAttestation) {
  if ("uid" in said) return { level: said.level, report: said.report, uid: said.uid };
  const { level, report } = claimOf(said);
  const { recipient, expirationTime, revocable, refUID, value, nonce, deadline } = said.request;
  const numbers = { value: String(value), nonce: String(nonce), deadline: String(deadline) };
  const place = { recipient, expirationTime: String(expirationTime), revocable, refUID };
  return { level, report, ...place, ...numbers, signature: said.signature };
}

/** Evidence of two votes of one validator in one view, as a file. */
export function exportVoteEvidence(
  parameters: Network,
  validator: Address,
  first: SignedVoteStatement,
  second: SignedVoteStatement,
): VoteEvidenceFile {
  const { epoch, view } = first.vote;
  const statements = [first, second].map(({ vote, signature }) =>
    vote.kind === "nullify" ? { vote: vote.kind, signature } : { vote: vote.kind, digest: vote.digest, signature },
  );
  const file = { ...headOf(parameters), kind: "vote-equivocation", validator, epoch, view, statements };
  return readEvidenceFile(file) as VoteEvidenceFile;
}
