import { type Address, type Hex, zeroAddress, zeroHash } from "viem";
import type { DelegatedAttestation } from "../../attestations/signAttestation.ts";
import type { RuleAddresses } from "../../contracts.ts";
import { SdkError } from "../../errors/base.ts";
import { decodeCapabilityClaim } from "../../typedData/capabilityClaim.ts";

/** What an attester said: in a request that it signed, or in an attestation on chain, by EAS's id. */
export type AttestationStatement = DelegatedAttestation | { readonly uid: Hex };

/** Two statements of one attester on one agent, one capability and one test run that say different things. */
export interface AttestationContradiction {
  readonly attester: Address;
  readonly first: AttestationStatement;
  readonly second: AttestationStatement;
}

/** A statement as the contract takes it. */
interface StatementOnChain {
  readonly uid: Hex;
  readonly recipient: Address;
  readonly expirationTime: bigint;
  readonly revocable: boolean;
  readonly refUID: Hex;
  readonly data: Hex;
  readonly value: bigint;
  readonly nonce: bigint;
  readonly deadline: bigint;
  readonly signature: Hex;
}

/** The evidence as the contract takes it. */
export interface AttestationEvidence {
  readonly resolver: Address;
  readonly attester: Address;
  readonly first: StatementOnChain;
  readonly second: StatementOnChain;
}

const nothing: StatementOnChain = {
  uid: zeroHash,
  recipient: zeroAddress,
  expirationTime: 0n,
  revocable: false,
  refUID: zeroHash,
  data: "0x",
  value: 0n,
  nonce: 0n,
  deadline: 0n,
  signature: "0x",
};

function statementOf(statement: AttestationStatement): StatementOnChain {
  if ("uid" in statement) return { ...nothing, uid: statement.uid };
  const { recipient, expirationTime, revocable, refUID, data, value, nonce, deadline } = statement.request;
  const { signature } = statement;
  return { uid: zeroHash, recipient, expirationTime, revocable, refUID, data, value, nonce, deadline, signature };
}

/** Puts two statements together; throws `NO_CONTRADICTION` where two signed ones do not contradict each other. */
export function attestationEvidenceOf(
  rules: RuleAddresses,
  { attester, first, second }: AttestationContradiction,
): AttestationEvidence {
  if (!("uid" in first) && !("uid" in second)) {
    const [a, b] = [decodeCapabilityClaim(first.request.data), decodeCapabilityClaim(second.request.data)];
    const related = a.agentId === b.agentId && a.capability === b.capability && a.testRun === b.testRun;
    const differ = a.level !== b.level || a.report !== b.report;
    if (!related || !differ || a.testRun === zeroHash) {
      throw new SdkError(
        "NO_CONTRADICTION",
        "These two attestations do not contradict each other: evidence is one agent, one capability, one test run that is named, and two levels or reports.",
        { facts: { agentId: a.agentId, testRun: a.testRun }, docsPath: "docs/capabilities.md#contradictions" },
      );
    }
  }
  return { resolver: rules.capabilityResolver, attester, first: statementOf(first), second: statementOf(second) };
}
