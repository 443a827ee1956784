import type { Address } from "viem";
import { unreachable } from "../../../node/types/errors.ts";
import { bidEquivocationAbi } from "../../abis/bidEquivocation.ts";
import { deliveryEquivocationAbi } from "../../abis/deliveryEquivocation.ts";
import type { AllotCore } from "../../clients/context.ts";
import type {
  BidEvidenceFile,
  DeliveryEvidenceFile,
  VoteEvidenceFile,
  VoteFileStatement,
} from "../../evidence/evidenceFile.ts";
import { verifyEvidence } from "../../evidence/verifyEvidence.ts";
import { voteOf } from "../../evidence/voteOf.ts";
import { type ModuleEvidence, type ReportParameters, type ReportResult, reportEvidence } from "./reportEvidence.ts";
import { reportVoteEquivocation } from "./reportVoteEquivocation.ts";

export interface SubmitEvidenceParameters extends ReportParameters {
  /** An evidence file's text, or its parsed JSON. */
  readonly evidence: unknown;
  /** Retired contracts whose statements still count, beside the network's present ones. */
  readonly contracts?: readonly Address[];
}

const zeroWord = `0x${"00".repeat(32)}` as const;
const zeroAddress = `0x${"00".repeat(20)}` as const;

/**
 * Submits an evidence file to the slashing module that it is for: the offender is punished, and who reports it from
 * another organisation is rewarded.
 *
 * The file is checked offline first (`EvidenceError`), then by the contract (`RevertedError`), before anything is sent.
 * @example
 * ```ts
 * const { faultId, taken } = await submitEvidence(client, { evidence: await readFile("evidence.json", "utf8") });
 * ```
 */
export async function submitEvidence(client: AllotCore, parameters: SubmitEvidenceParameters): Promise<ReportResult> {
  const { rules } = client.allot;
  const contracts = [rules.sealedBidTender, rules.jobEscrow, ...(parameters.contracts ?? [])];
  const network = await client.allot.network();
  const { evidence } = await verifyEvidence(parameters.evidence, { ...network, contracts });
  switch (evidence.kind) {
    case "bid-equivocation": {
      const module = { address: rules.bidEquivocation, abi: bidEquivocationAbi, evidence: bidEvidence(evidence) };
      return reportEvidence(client, module, parameters);
    }
    case "delivery-equivocation": {
      const { deliveryEquivocation: address } = rules;
      const module: ModuleEvidence = { address, abi: deliveryEquivocationAbi, evidence: deliveryEvidence(evidence) };
      return reportEvidence(client, module, parameters);
    }
    case "vote-equivocation": {
      const [a, b] = evidence.statements;
      const [first, second] = [voteStatementOf(evidence, a), voteStatementOf(evidence, b)] as const;
      return reportVoteEquivocation(client, { ...parameters, validator: evidence.validator, first, second });
    }
    default:
      return unreachable(evidence);
  }
}

const voteStatementOf = (file: VoteEvidenceFile, statement: VoteFileStatement) => ({
  vote: voteOf(file, statement),
  signature: statement.signature,
});

/** Signed statements stand first in a file: only the second can be one on chain. */
const signatureOf = (statement: object): `0x${string}` =>
  (statement as { readonly signature?: `0x${string}` }).signature ?? "0x";

function bidEvidence({ contract, tenderId, agentId, statements: [a, b] }: BidEvidenceFile): object {
  return {
    tender: contract,
    tenderId,
    agentId: BigInt(agentId),
    slot: 0n,
    commitmentA: a.commitment,
    signatureA: signatureOf(a),
    commitmentB: "signature" in b ? b.commitment : zeroWord,
    signatureB: signatureOf(b),
    bidderB: "committedBy" in b ? b.committedBy : zeroAddress,
  };
}

function deliveryEvidence({ contract, jobId, agentId, statements: [a, b] }: DeliveryEvidenceFile): object {
  return {
    escrow: contract,
    jobId: BigInt(jobId),
    agentId: BigInt(agentId),
    deliverableA: a.deliverable,
    signatureA: signatureOf(a),
    deliverableB: "signature" in b ? b.deliverable : zeroWord,
    signatureB: signatureOf(b),
  };
}
