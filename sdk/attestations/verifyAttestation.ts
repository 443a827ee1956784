import { getAddress, isAddressEqual, zeroHash } from "viem";
import { type RuleAddresses, ruleAddresses } from "../contracts.ts";
import { AttestationError } from "../errors/attestationError.ts";
import { easDomain, hashAttestationRequest } from "../typedData/attestation.ts";
import { capabilitySchemaIdOf, encodeCapabilityClaim } from "../typedData/capabilityClaim.ts";
import type { Network } from "../typedData/domain.ts";
import { recoverCanonical } from "../typedData/recoverCanonical.ts";
import { type AttestationFile, readAttestationFile } from "./attestationFile.ts";
import type { DelegatedAttestation } from "./signAttestation.ts";

export interface VerifiedAttestation {
  readonly file: AttestationFile;
  /** What `attestByDelegation` takes. */
  readonly attestation: DelegatedAttestation;
}

/**
 * Checks a signed attestation offline: that it is for this network, and that its attester signed what it says.
 *
 * Errors: `AttestationError` with `ATTESTATION_MALFORMED`, `ATTESTATION_VERSION_UNKNOWN`, `ATTESTATION_WRONG_NETWORK`,
 * `ATTESTATION_SIGNATURE_INVALID`.
 * @param source A file's text, or its parsed JSON.
 * @example
 * ```ts
 * const { attestation } = await verifyAttestation(await readFile("attestation.json", "utf8"), { chainId, networkId });
 * ```
 */
export async function verifyAttestation(
  source: unknown,
  context: Network & { readonly rules?: RuleAddresses },
): Promise<VerifiedAttestation> {
  const file = readAttestationFile(source);
  const { chainId, networkId, rules = ruleAddresses } = context;
  const sameNetwork = file.chainId === chainId && file.networkId === networkId.toLowerCase();
  if (!sameNetwork || !isAddressEqual(file.contract, rules.capabilityResolver)) {
    throw new AttestationError(
      "ATTESTATION_WRONG_NETWORK",
      "The attestation was signed for another network, where alone it counts.",
      { facts: { attestation: placeOf(file), network: placeOf({ ...context, contract: rules.capabilityResolver }) } },
    );
  }
  const attestation = { request: requestOf(file), signature: file.signature };
  const hash = hashAttestationRequest(easDomain({ chainId, verifyingContract: rules.eas }), attestation.request);
  const signer = await recoverCanonical(hash, file.signature);
  if (signer === undefined || !isAddressEqual(signer, file.attester)) {
    throw new AttestationError(
      "ATTESTATION_SIGNATURE_INVALID",
      "The signature is not the attester's over what the file says: it was changed, or signed by another. Have it signed again.",
      { facts: { attester: file.attester, signer } },
    );
  }
  return { file, attestation };
}

const placeOf = ({ chainId, networkId, contract }: Pick<AttestationFile, "chainId" | "networkId" | "contract">) =>
  `${chainId} ${networkId} ${contract.toLowerCase()}`;

function requestOf(file: AttestationFile): DelegatedAttestation["request"] {
  const { contract, capability, level, testRun, report, networkId } = file;
  // With their checksums, as the rest of viem and the SDK gives addresses.
  const [attester, recipient] = [getAddress(file.attester), getAddress(file.recipient)];
  const claim = { agentId: BigInt(file.agentId), capability, level, testRun, report, networkId };
  const fixed = { revocable: true, refUID: zeroHash, value: 0n } as const;
  return {
    attester,
    schema: capabilitySchemaIdOf(contract),
    recipient,
    expirationTime: BigInt(file.validUntil),
    ...fixed,
    data: encodeCapabilityClaim(claim),
    nonce: BigInt(file.nonce),
    deadline: BigInt(file.deadline),
  };
}
