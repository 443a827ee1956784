import { type Address, zeroHash } from "viem";
import { type AttestationRecord, attestationSlotOf } from "../../agent/signLock.ts";
import { statementOf } from "../../agent/signLockRecord.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { SignLockError } from "../../errors/signLockError.ts";
import type { Network } from "../../typedData/domain.ts";
import { requireSignLock } from "../bids/requireSignLock.ts";
import { capabilityIdOf } from "./capabilityIdOf.ts";
import type { CapabilityParameters } from "./capabilityRequest.ts";
import { getAttestations } from "./getAttestations.ts";

/** Who attests, to which EAS, on which network. */
export interface AttestingPlace extends Network {
  readonly eas: Address;
  readonly attester: Address;
}

/** What the sign lock holds; undefined without a test run, since there is nothing then that could be contradicted. */
export function attestationRecordOf(
  { eas, attester, chainId, networkId }: AttestingPlace,
  { agentId, capability, level = 0, testRun = zeroHash, report = zeroHash }: CapabilityParameters,
): AttestationRecord | undefined {
  if (BigInt(testRun) === 0n) return undefined;
  const domain = { chainId, verifyingContract: eas, salt: networkId };
  const claim = { agentId, capability: capabilityIdOf(capability), level, testRun, report };
  return { kind: "attestation", domain, attester, claim };
}

/**
 * Makes what the client's account attests durable in the sign lock: only after this may it be signed or sent. Throws
 * `SIGN_LOCK_CONFLICT` when something else is locked for the test run, `SIGN_LOCK_BEHIND` when the chain knows of
 * something else.
 */
export async function lockAttestation(client: AllotCore, parameters: CapabilityParameters): Promise<void> {
  const { eas } = client.allot.rules;
  const place = { ...(await client.allot.network()), eas, attester: requireAccount(client).address };
  const record = attestationRecordOf(place, parameters);
  if (record === undefined) return;
  const signLock = requireSignLock(client, parameters.signLock);
  if (signLock.findAttestation(attestationSlotOf(record)) === undefined) await requireNothingElse(client, record);
  await signLock.lockAttestation(record);
}

/** A lock that is new or lost does not know what was attested before; the chain knows what was made on it. */
async function requireNothingElse(client: AllotCore, record: AttestationRecord): Promise<void> {
  const { attester, claim } = record;
  const { agentId, capability, testRun } = claim;
  const made = await getAttestations(client, { agentId, capability, attester });
  for (const { uid, level, report, ...other } of made) {
    if (other.testRun.toLowerCase() !== testRun.toLowerCase()) continue;
    const known = statementOf({ ...record, claim: { ...claim, level, report } });
    if (known === statementOf(record)) continue;
    throw new SignLockError(
      "SIGN_LOCK_BEHIND",
      "The chain has another attestation of this attester by this test run, which the sign lock does not know: its directory is new, old, or another's. Use the attester's own directory; repeat what is on the chain, or name a new test run once you have tested again.",
      { facts: { uid, testRun, made: known, asked: statementOf(record) } },
    );
  }
}
