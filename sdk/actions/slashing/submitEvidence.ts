import type { Address } from "viem";
import { unreachable } from "../../../node/types/errors.ts";
import { bidEquivocationAbi } from "../../abis/bidEquivocation.ts";
import { contradictoryAttestationsAbi } from "../../abis/contradictoryAttestations.ts";
import { deliveryEquivocationAbi } from "../../abis/deliveryEquivocation.ts";
import type { AllotCore } from "../../clients/context.ts";
import { attestationStatementOf } from "../../evidence/attestationStatement.ts";
import type { DeliveryEvidenceFile, VoteEvidenceFile, VoteFileStatement } from "../../evidence/evidenceFile.ts";
import { verifyEvidence } from "../../evidence/verifyEvidence.ts";
import { voteOf } from "../../evidence/voteOf.ts";
import { type AttestationStatement, attestationEvidenceOf } from "./attestationEvidence.ts";
import { bidEvidenceOfFile } from "./bidEvidence.ts";
import { type ModuleEvidence, type ReportParameters, type ReportResult, reportEvidence } from "./reportEvidence.ts";
import { reportVoteEquivocation } from "./reportVoteEquivocation.ts";

export interface SubmitEvidenceParameters extends ReportParameters {
  /** An evidence file's text, or its parsed JSON. */
  readonly evidence: unknown;
  /** Retired contracts whose statements still count, beside the network's present ones. */
  readonly contracts?: readonly Address[];
}

const zeroWord = `0x${"00".repeat(32)}` as const;

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
  const own = [rules.sealedBidTender, rules.jobEscrow, rules.capabilityResolver];
  const contracts = [...own, ...(parameters.contracts ?? [])];
  const network = await client.allot.network();
  const { evidence } = await verifyEvidence(parameters.evidence, { ...network, contracts, eas: rules.eas });
  switch (evidence.kind) {
    case "bid-equivocation": {
      const module = { address: rules.bidEquivocation, abi: bidEquivocationAbi, evidence: bidEvidenceOfFile(evidence) };
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
    case "contradictory-attestations": {
      const { attester, contract, statements } = evidence;
      const [first, second] = statements.map((one) => attestationStatementOf(evidence, one)) as [
        AttestationStatement,
        AttestationStatement,
      ];
      // Statements may be to a retired resolver.
      const judged = { ...rules, capabilityResolver: contract };
      const { contradictoryAttestations: address } = rules;
      const own = attestationEvidenceOf(judged, { attester, first, second });
      return reportEvidence(client, { address, abi: contradictoryAttestationsAbi, evidence: own }, parameters);
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
