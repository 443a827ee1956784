import type { AttestationStatement } from "../actions/slashing/attestationEvidence.ts";
import { capabilitySchemaIdOf, encodeCapabilityClaim } from "../typedData/capabilityClaim.ts";
import type { AttestationEvidenceFile, AttestationFileStatement } from "./evidenceFile.ts";

/** The request that a signed statement of an evidence file is about, or the attestation on chain. */
export function attestationStatementOf(
  file: AttestationEvidenceFile,
  statement: AttestationFileStatement,
): AttestationStatement {
  if ("uid" in statement) return { uid: statement.uid };
  const { attester, contract, capability, testRun, networkId } = file;
  const { level, report, recipient, revocable, refUID, signature } = statement;
  const claim = { agentId: BigInt(file.agentId), capability, level, testRun, report, networkId };
  const request = {
    ...{ attester, schema: capabilitySchemaIdOf(contract), recipient, revocable, refUID },
    expirationTime: BigInt(statement.expirationTime),
    data: encodeCapabilityClaim(claim),
    value: BigInt(statement.value),
    nonce: BigInt(statement.nonce),
    deadline: BigInt(statement.deadline),
  };
  return { request, signature };
}
