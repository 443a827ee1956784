import type { Hex } from "viem";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { easDomain, type RevocationRequest, signRevocationRequest } from "../../typedData/attestation.ts";
import { readEasNonce } from "./readEasNonce.ts";
import { readSchemaId } from "./readSchemaId.ts";
import { requestDeadline } from "./requestDeadline.ts";

export interface SignDelegatedRevocationParameters {
  /** The attestation to revoke. */
  readonly uid: Hex;
  /** The attester's next number at EAS unless given. */
  readonly nonce?: bigint;
  /** Last second at which it can be sent; a day from now unless given, 0 for no limit. */
  readonly deadline?: bigint;
}

/** A revocation that anyone can send for the attester. */
export interface DelegatedRevocation {
  readonly request: RevocationRequest;
  /** 65 bytes, by the attester. */
  readonly signature: Hex;
}

/**
 * Signs the revocation of an own attestation, without sending anything: `revokeByDelegation` makes it count.
 * @example
 * ```ts
 * const revocation = await signDelegatedRevocation(attesterClient, { uid });
 * await revokeByDelegation(client, revocation);
 * ```
 */
export async function signDelegatedRevocation(
  client: AllotCore,
  parameters: SignDelegatedRevocationParameters,
): Promise<DelegatedRevocation> {
  const account = requireAccount(client);
  const revoker = account.address;
  const { uid } = parameters;
  const deadline = requestDeadline(parameters.deadline);
  const [schema, { chainId }, nonce] = await Promise.all([
    readSchemaId(client),
    client.allot.network(),
    parameters.nonce ?? readEasNonce(client, revoker),
  ]);
  const request = { revoker, schema, uid, value: 0n, nonce, deadline };
  const domain = easDomain({ chainId, verifyingContract: client.allot.rules.eas });
  return { request, signature: await signRevocationRequest(account, domain, request) };
}
