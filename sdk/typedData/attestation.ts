// What attesters sign for others to send: the Ethereum Attestation Service's delegated requests. EAS's domain knows chain
// and contract alone; that a request is for one network only is in the claim itself (see `capabilityClaim.ts`).
import { type Address, type Hex, hashTypedData, type LocalAccount, recoverTypedDataAddress } from "viem";

/** An attestation that EAS makes in the attester's name, once, when anybody shows it with the signature. */
export interface AttestationRequest {
  readonly attester: Address;
  /** EAS's id of the schema. */
  readonly schema: Hex;
  readonly recipient: Address;
  /** First second at which it no longer counts; 0 for never. */
  readonly expirationTime: bigint;
  readonly revocable: boolean;
  readonly refUID: Hex;
  readonly data: Hex;
  readonly value: bigint;
  /** The attester's next number at EAS: it takes its delegated requests in this order. */
  readonly nonce: bigint;
  /** Last second at which EAS takes it; 0 for no limit. */
  readonly deadline: bigint;
}

/** A revocation that EAS makes in the attester's name. */
export interface RevocationRequest {
  readonly revoker: Address;
  readonly schema: Hex;
  readonly uid: Hex;
  readonly value: bigint;
  readonly nonce: bigint;
  readonly deadline: bigint;
}

/** EAS's own domain. */
export interface EasDomain {
  readonly name: "EAS";
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: Address;
}

export const attestationTypes = {
  Attest: [
    { name: "attester", type: "address" },
    { name: "schema", type: "bytes32" },
    { name: "recipient", type: "address" },
    { name: "expirationTime", type: "uint64" },
    { name: "revocable", type: "bool" },
    { name: "refUID", type: "bytes32" },
    { name: "data", type: "bytes" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
} as const;

export const revocationTypes = {
  Revoke: [
    { name: "revoker", type: "address" },
    { name: "schema", type: "bytes32" },
    { name: "uid", type: "bytes32" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
} as const;

/** The EAS release that Allot networks have. */
const easVersion = "1.4.0";

/**
 * @example
 * ```ts
 * const domain = easDomain({ chainId: 8469, verifyingContract: contracts.eas });
 * ```
 */
export const easDomain = (parameters: {
  readonly chainId: number;
  readonly verifyingContract: Address;
}): EasDomain => ({
  name: "EAS",
  version: easVersion,
  ...parameters,
});

const attestationOf = (domain: EasDomain, message: AttestationRequest) =>
  ({ domain, types: attestationTypes, primaryType: "Attest", message }) as const;
const revocationOf = (domain: EasDomain, message: RevocationRequest) =>
  ({ domain, types: revocationTypes, primaryType: "Revoke", message }) as const;

/** EIP-712 digest of an attestation request: what the attester signs. */
export function hashAttestationRequest(domain: EasDomain, request: AttestationRequest): Hex {
  return hashTypedData(attestationOf(domain, request));
}

/**
 * Signs an attestation request, whatever has been signed before. Two that contradict each other on one test run cost the
 * attester's stake: programs sign with the action `signDelegatedAttestation`.
 */
export function signAttestationRequest(
  account: LocalAccount,
  domain: EasDomain,
  request: AttestationRequest,
): Promise<Hex> {
  return account.signTypedData(attestationOf(domain, request));
}

export function recoverAttestationSigner(
  domain: EasDomain,
  request: AttestationRequest,
  signature: Hex,
): Promise<Address> {
  return recoverTypedDataAddress({ ...attestationOf(domain, request), signature });
}

export function signRevocationRequest(
  account: LocalAccount,
  domain: EasDomain,
  request: RevocationRequest,
): Promise<Hex> {
  return account.signTypedData(revocationOf(domain, request));
}
