import type { Address, Hex } from "viem";
import { unreachable } from "../../node/types/errors.ts";
import { isSameCommitment } from "../actions/bids/getCommitment.ts";
import type { ValidatorSet } from "../certificates/validatorSet.ts";
import { ruleAddresses } from "../contracts.ts";
import { EvidenceError } from "../errors/evidenceError.ts";
import { easDomain, hashAttestationRequest } from "../typedData/attestation.ts";
import { hashBid } from "../typedData/bid.ts";
import { hashDelivery } from "../typedData/delivery.ts";
import { consensusDomain, marketDomain, type Network } from "../typedData/domain.ts";
import { recoverCanonical } from "../typedData/recoverCanonical.ts";
import { hashVote } from "../typedData/vote.ts";
import { attestationStatementOf } from "./attestationStatement.ts";
import type {
  AttestationEvidenceFile,
  BidEvidenceFile,
  DeliveryEvidenceFile,
  EvidenceFile,
  VoteEvidenceFile,
} from "./evidenceFile.ts";
import { faultIdOf } from "./faultIdOf.ts";
import { readEvidenceFile } from "./readEvidenceFile.ts";
import { voteOf } from "./voteOf.ts";

/** What a verifier knows by itself: nothing of it may come from whoever shows the evidence. */
export interface EvidenceContext extends Network {
  /** Contracts whose statements count, present and retired; the fixed addresses of all Allot networks unless given. */
  readonly contracts?: readonly Address[];
  /** Where the Ethereum Attestation Service stands; its fixed address unless given. */
  readonly eas?: Address;
  /** Agents of bid keys, by address in lower case. Where it is given, it decides whose statements they are. */
  readonly bidKeys?: Readonly<Record<Address, bigint>>;
  /** The set of the votes' epoch. Where it is given, it decides who was a validator. */
  readonly validatorSet?: ValidatorSet;
}

/** A contradiction that the signatures prove. */
export interface VerifiedEvidence {
  readonly evidence: EvidenceFile;
  /** The id under which the contracts punish the fault, once. */
  readonly faultId: Hex;
  /** Who signed, in the order of the statements, without those on chain. */
  readonly signers: readonly Address[];
  /** What nobody can tell without the ledger, as sentences; empty where nothing is left to ask. */
  readonly unproven: readonly string[];
}

/**
 * Checks evidence offline: network, contract, signatures, and that the two statements contradict each other.
 *
 * Errors: `EVIDENCE_MALFORMED`, `EVIDENCE_VERSION_UNKNOWN`, `EVIDENCE_WRONG_NETWORK`, `EVIDENCE_CONTRACT_UNKNOWN`,
 * `EVIDENCE_SIGNATURE_INVALID`, `EVIDENCE_WRONG_SIGNER`, `EVIDENCE_NO_VALIDATOR`, `NO_CONTRADICTION`.
 * @param source A file's text, or its parsed JSON.
 * @example
 * ```ts
 * const { faultId, unproven } = await verifyEvidence(await readFile("evidence.json", "utf8"), { chainId, networkId });
 * ```
 */
export async function verifyEvidence(source: unknown, context: EvidenceContext): Promise<VerifiedEvidence> {
  const evidence = readEvidenceFile(source);
  requireNetwork(evidence, context);
  const faultId = faultIdOf(evidence);
  switch (evidence.kind) {
    case "bid-equivocation":
      return { evidence, faultId, ...(await verifyBids(evidence, context)) };
    case "delivery-equivocation":
      return { evidence, faultId, ...(await verifyDeliveries(evidence, context)) };
    case "vote-equivocation":
      return { evidence, faultId, ...(await verifyVotes(evidence, context)) };
    case "contradictory-attestations":
      return { evidence, faultId, ...(await verifyAttestations(evidence, context)) };
    default:
      return unreachable(evidence);
  }
}

type Findings = Pick<VerifiedEvidence, "signers" | "unproven">;

async function verifyBids(file: BidEvidenceFile, context: EvidenceContext): Promise<Findings> {
  requireContract(file.contract, context, ruleAddresses.sealedBidTender);
  const [a, b] = file.statements;
  if (isSameCommitment(a.commitment, b.commitment)) throw consistent();
  const domain = marketDomain({ ...context, verifyingContract: file.contract });
  const agentId = BigInt(file.agentId);
  const signers: Address[] = [];
  const unproven: string[] = [];
  for (const statement of file.statements) {
    const bid = { tenderId: file.tenderId, agentId, slot: 0n, commitment: statement.commitment };
    const signed = "signature" in statement;
    const author = signed ? await signerOf(hashBid(domain, bid), statement.signature) : statement.committedBy;
    if (signed) signers.push(author);
    else unproven.push(`${author} committed ${statement.commitment} to the tender on chain`);
    checkBidKey(author, agentId, "for the tender", context, unproven);
  }
  return { signers, unproven: [...new Set(unproven)] };
}

async function verifyDeliveries(file: DeliveryEvidenceFile, context: EvidenceContext): Promise<Findings> {
  requireContract(file.contract, context, ruleAddresses.jobEscrow);
  const [a, b] = file.statements;
  if (a.deliverable === b.deliverable) throw consistent();
  const domain = marketDomain({ ...context, verifyingContract: file.contract });
  const delivery = { jobId: BigInt(file.jobId), agentId: BigInt(file.agentId) };
  const signers: Address[] = [];
  const unproven: string[] = [];
  let provider: Address | undefined;
  for (const statement of file.statements) {
    const { deliverable } = statement;
    const signed = "signature" in statement;
    const hash = hashDelivery(domain, { ...delivery, deliverable });
    const author = signed ? await signerOf(hash, statement.signature) : statement.submittedBy;
    // A job has one provider: two authors are two agents, or a forgery.
    if (provider !== undefined && provider !== author) throw wrongSigner(author, provider);
    provider = author;
    if (signed) signers.push(author);
    else unproven.push(`${author} submitted ${deliverable} for the job on chain`);
  }
  const author = provider as Address;
  checkBidKey(author, delivery.agentId, "", context, unproven);
  unproven.push(`${author} is the provider of job ${file.jobId}`);
  return { signers, unproven };
}

async function verifyVotes(file: VoteEvidenceFile, context: EvidenceContext): Promise<Findings> {
  const [a, b] = file.statements;
  const sameDigest = "digest" in a && "digest" in b && a.digest === b.digest;
  const contradicts = a.vote === "nullify" ? b.vote === "finalize" : b.vote !== "nullify" && !sameDigest;
  if (!contradicts) throw consistent();
  const domain = consensusDomain(context);
  const signers: Address[] = [];
  for (const statement of file.statements) {
    const signer = await signerOf(hashVote(domain, voteOf(file, statement)), statement.signature);
    if (signer !== file.validator) throw wrongSigner(signer, file.validator);
    signers.push(signer);
  }
  const { validatorSet } = context;
  if (validatorSet === undefined) {
    return { signers, unproven: [`${file.validator} was a validator in epoch ${file.epoch}`] };
  }
  const members = validatorSet.validators.map((validator) => validator.toLowerCase());
  if (validatorSet.epoch !== file.epoch || !members.includes(file.validator)) {
    throw new EvidenceError(
      "EVIDENCE_NO_VALIDATOR",
      "The votes are of somebody who was no validator in their epoch, by the set that was given. Give the set of that epoch.",
      { facts: { validator: file.validator, epoch: file.epoch, validatorSet: validatorSet.epoch } },
    );
  }
  return { signers, unproven: [] };
}

async function verifyAttestations(file: AttestationEvidenceFile, context: EvidenceContext): Promise<Findings> {
  requireContract(file.contract, context, ruleAddresses.capabilityResolver);
  const [a, b] = file.statements;
  // Without a test run an attestation claims no test, and contradicts nothing.
  if (BigInt(file.testRun) === 0n || (a.level === b.level && a.report === b.report)) throw consistent();
  const domain = easDomain({ chainId: context.chainId, verifyingContract: context.eas ?? ruleAddresses.eas });
  const signers: Address[] = [];
  const unproven: string[] = [`agent ${file.agentId} exists`];
  for (const statement of file.statements) {
    const said = attestationStatementOf(file, statement);
    if ("uid" in said) {
      const { level, report } = statement;
      unproven.push(`${file.attester} attested level ${level}, report ${report} on chain, as ${said.uid}`);
      continue;
    }
    const signer = await signerOf(hashAttestationRequest(domain, said.request), said.signature);
    if (signer !== file.attester) throw wrongSigner(signer, file.attester);
    signers.push(signer);
  }
  return { signers, unproven };
}

function requireNetwork(evidence: EvidenceFile, { chainId, networkId }: EvidenceContext): void {
  if (evidence.chainId === chainId && evidence.networkId === networkId.toLowerCase()) return;
  throw new EvidenceError(
    "EVIDENCE_WRONG_NETWORK",
    "The statements were made on another network, where alone they mean something.",
    { facts: { evidence: `${evidence.chainId} ${evidence.networkId}`, network: `${chainId} ${networkId}` } },
  );
}

function requireContract(contract: Address, { contracts }: EvidenceContext, fixed: Address): void {
  const known = contracts ?? [fixed];
  if (known.some((one) => one.toLowerCase() === contract)) return;
  throw new EvidenceError(
    "EVIDENCE_CONTRACT_UNKNOWN",
    "The statements were made to a contract whose statements do not count. Give the network's contracts if they stand elsewhere than usual.",
    { facts: { contract } },
  );
}

async function signerOf(hash: Hex, signature: Hex): Promise<Address> {
  const signer = await recoverCanonical(hash, signature);
  if (signer !== undefined) return signer.toLowerCase() as Address;
  throw new EvidenceError(
    "EVIDENCE_SIGNATURE_INVALID",
    "A signature is malformed, or not in its canonical form. It proves nothing.",
    { facts: { signature } },
  );
}

function checkBidKey(
  key: Address,
  agentId: bigint,
  when: string,
  { bidKeys }: EvidenceContext,
  unproven: string[],
): void {
  if (bidKeys === undefined) unproven.push(`${key} is a bid key of agent ${agentId} ${when}`.trimEnd());
  else if (bidKeys[key] !== agentId) throw wrongSigner(key, `a bid key of agent ${agentId}`);
}

const consistent = () =>
  new EvidenceError("NO_CONTRADICTION", "The two statements do not contradict each other: nobody is guilty of both.");

const wrongSigner = (signer: Address, offender: string) =>
  new EvidenceError(
    "EVIDENCE_WRONG_SIGNER",
    "A statement is by somebody else than the offender, so it says nothing about the offender.",
    { facts: { signer, offender } },
  );
