import type { Address, LocalAccount } from "viem";
import { requireSignLock } from "../actions/bids/requireSignLock.ts";
import { type CapabilityParameters, capabilityRequestOf } from "../actions/capabilities/capabilityRequest.ts";
import { attestationRecordOf } from "../actions/capabilities/lockAttestation.ts";
import { requestDeadline } from "../actions/capabilities/requestDeadline.ts";
import { type RuleAddresses, ruleAddresses } from "../contracts.ts";
import { type AttestationRequest, easDomain, signAttestationRequest } from "../typedData/attestation.ts";
import { capabilitySchemaIdOf } from "../typedData/capabilityClaim.ts";
import type { Network } from "../typedData/domain.ts";

/** An attestation that anyone can send for its attester. */
export interface DelegatedAttestation {
  readonly request: AttestationRequest;
  /** 65 bytes, by the attester. */
  readonly signature: `0x${string}`;
}

export interface SignAttestationParameters extends CapabilityParameters {
  /** The network that it is for. */
  readonly network: Network;
  /** The agent's owner: EAS's recipient. */
  readonly recipient: Address;
  /** The attester's next number at EAS. */
  readonly nonce: bigint;
  /** Last second at which it can be sent; a day from now unless given, 0 for no limit. */
  readonly deadline?: bigint;
  /** The fixed addresses of every Allot network unless given. */
  readonly rules?: RuleAddresses;
}

/**
 * Signs an attestation of a capability without asking any node, on a machine that has the attester's key and no network.
 * With a test run it is made durable in `signLock` first. Throws `SignLockError` with `SIGN_LOCK_CONFLICT`,
 * `ClientError` with `SIGN_LOCK_MISSING`.
 * @example
 * ```ts
 * const attestation = await signAttestation(account, { network, recipient, nonce: 0n, agentId, capability: "count-words" });
 * ```
 */
export async function signAttestation(
  account: LocalAccount,
  parameters: SignAttestationParameters,
): Promise<DelegatedAttestation> {
  const { network, recipient, nonce, deadline, rules = ruleAddresses } = parameters;
  const attester = account.address;
  const place = { schema: capabilitySchemaIdOf(rules.capabilityResolver), recipient, networkId: network.networkId };
  const { schema, data } = capabilityRequestOf(place, parameters);
  const request = { attester, schema, ...data, nonce, deadline: requestDeadline(deadline) };
  const record = attestationRecordOf({ ...network, eas: rules.eas, attester }, parameters);
  if (record !== undefined) await requireSignLock(undefined, parameters.signLock).lockAttestation(record);
  const domain = easDomain({ chainId: network.chainId, verifyingContract: rules.eas });
  return { request, signature: await signAttestationRequest(account, domain, request) };
}
