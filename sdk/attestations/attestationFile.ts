// An attestation that its attester signed, as a file: whoever has it can read what it says, and make it count. The format
// is in docs/capabilities.md.
import type { Address, Hex } from "viem";
import { type RuleAddresses, ruleAddresses } from "../contracts.ts";
import { AttestationError } from "../errors/attestationError.ts";
import { jsonFields, signatureDigits, wordDigits } from "../files/jsonFields.ts";
import { decodeCapabilityClaim } from "../typedData/capabilityClaim.ts";
import type { Network } from "../typedData/domain.ts";
import type { DelegatedAttestation } from "./signAttestation.ts";

export interface AttestationFile {
  readonly version: 1;
  readonly kind: "delegated-attestation";
  readonly chainId: number;
  readonly networkId: Hex;
  /** The capability resolver, whose schema it is under. */
  readonly contract: Address;
  readonly attester: Address;
  /** Decimal, as the others that fit no JSON number. */
  readonly agentId: string;
  readonly capability: Hex;
  readonly level: number;
  readonly testRun: Hex;
  readonly report: Hex;
  /** The agent's owner. */
  readonly recipient: Address;
  /** First second at which it no longer counts; "0" for never. */
  readonly validUntil: string;
  /** The attester's number at EAS. */
  readonly nonce: string;
  /** Last second at which EAS takes it; "0" for no limit. */
  readonly deadline: string;
  readonly signature: Hex;
}

const levelMax = 255;
const { file: fieldsOf, hex, address, count, decimal } = jsonFields(malformed);

/** A signed attestation as a file. */
export function exportAttestation(
  network: Network & { readonly rules?: RuleAddresses },
  { request, signature }: DelegatedAttestation,
): AttestationFile {
  const { agentId, capability, level, testRun, report } = decodeCapabilityClaim(request.data);
  return readAttestationFile({
    version: 1,
    kind: "delegated-attestation",
    chainId: network.chainId,
    networkId: network.networkId,
    contract: (network.rules ?? ruleAddresses).capabilityResolver,
    attester: request.attester,
    agentId: String(agentId),
    ...{ capability, level, testRun, report, recipient: request.recipient },
    validUntil: String(request.expirationTime),
    nonce: String(request.nonce),
    deadline: String(request.deadline),
    signature,
  });
}

/**
 * Reads a signed attestation from a file's text, or from its parsed JSON. Says nothing about whether it is the
 * attester's: `verifyAttestation` does.
 *
 * Errors: `ATTESTATION_MALFORMED` with the `field`, `ATTESTATION_VERSION_UNKNOWN`.
 */
export function readAttestationFile(source: unknown): AttestationFile {
  const fields = fieldsOf(source);
  const { version, kind } = fields;
  if (kind !== "delegated-attestation") throw malformed("kind");
  if (version !== 1) {
    throw new AttestationError(
      "ATTESTATION_VERSION_UNKNOWN",
      "This SDK reads signed attestations of version 1. Use the SDK of the network's release.",
      { facts: { version: String(version) } },
    );
  }
  return {
    version,
    kind,
    chainId: count(fields, "chainId"),
    networkId: hex(fields, "networkId", wordDigits),
    contract: address(fields, "contract"),
    attester: address(fields, "attester"),
    agentId: decimal(fields, "agentId"),
    capability: hex(fields, "capability", wordDigits),
    level: count(fields, "level", levelMax),
    testRun: hex(fields, "testRun", wordDigits),
    report: hex(fields, "report", wordDigits),
    recipient: address(fields, "recipient"),
    validUntil: decimal(fields, "validUntil"),
    nonce: decimal(fields, "nonce"),
    deadline: decimal(fields, "deadline"),
    signature: hex(fields, "signature", signatureDigits),
  };
}

/** The file's text. */
export const encodeAttestationFile = (file: AttestationFile): string => `${JSON.stringify(file, undefined, 2)}\n`;

function malformed(field: string, cause?: unknown): AttestationError {
  return new AttestationError(
    "ATTESTATION_MALFORMED",
    "This is not a signed attestation: a field is missing or malformed. docs/capabilities.md has the format.",
    { facts: { field }, ...(cause === undefined ? {} : { cause }) },
  );
}
