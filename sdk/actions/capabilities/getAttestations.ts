import { type Address, type Hex, parseAbiItem } from "viem";
import { getLogs, readContract } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import { capabilityResolverAbi } from "../../abis/capabilityResolver.ts";
import { easAbi } from "../../abis/eas.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { inStretches } from "../../transactions/inStretches.ts";
import { type CapabilityClaim, decodeCapabilityClaim } from "../../typedData/capabilityClaim.ts";
import { type Capability, capabilityIdOf } from "./capabilityIdOf.ts";

export interface GetAttestationsParameters {
  /** All agents unless given; so for the others. */
  readonly agentId?: bigint;
  readonly capability?: Capability;
  readonly attester?: Address;
  /** First block to look at; the first of all unless given. */
  readonly fromBlock?: bigint;
}

/** An attestation of a capability as EAS keeps it. */
export interface CapabilityAttestation extends Omit<CapabilityClaim, "networkId"> {
  /** EAS's id. */
  readonly uid: Hex;
  readonly attester: Address;
  /** The agent's owner when it was made. */
  readonly recipient: Address;
  /** Second at which it was made. */
  readonly time: bigint;
  /** First second at which it no longer counts; undefined for one without an end. */
  readonly validUntil: bigint | undefined;
  /** Second at which it was revoked. */
  readonly revokedAt: bigint | undefined;
  /** Not revoked, not expired, and not older than the agent's last transfer. */
  readonly standing: boolean;
  /** Whether it is what bids are checked against where any attester will do. */
  readonly counts: boolean;
}

const attested = parseAbiItem(
  "event CapabilityAttested(uint256 indexed agentId, bytes32 indexed capability, address indexed attester, bytes32 uid, bytes32 testRun)",
);

/**
 * Every attestation of capabilities that was ever made, of an agent, of a capability, by an attester, in the order in
 * which they were made.
 * @example
 * ```ts
 * const attestations = await getAttestations(client, { agentId: 7n });
 * ```
 */
export async function getAttestations(
  client: AllotCore,
  { agentId, capability, attester, fromBlock = 0n }: GetAttestationsParameters = {},
): Promise<readonly CapabilityAttestation[]> {
  const args = {
    agentId: agentId ?? null,
    capability: capability === undefined ? null : capabilityIdOf(capability),
    attester: attester ?? null,
  };
  const address = client.allot.rules.capabilityResolver;
  const logs = await inStretches(client, fromBlock, (stretch) =>
    getLogs(client, { address, event: attested, args, strict: true, ...stretch }),
  );
  return Promise.all(logs.map((log) => readAttestation(client, log.args.uid)));
}

async function readAttestation(client: AllotCore, uid: Hex): Promise<CapabilityAttestation> {
  const { eas, capabilityResolver, agentLedger } = client.allot.rules;
  const resolver = { address: capabilityResolver, abi: capabilityResolverAbi } as const;
  const [attestation, standing] = await callRules(
    Promise.all([
      readContract(client, { address: eas, abi: easAbi, functionName: "getAttestation", args: [uid] }),
      readContract(client, { ...resolver, functionName: "isStanding", args: [uid] }),
    ]),
  );
  const { networkId: _, ...claim } = decodeCapabilityClaim(attestation.data);
  const args = [claim.agentId, claim.capability] as const;
  const ledger = { address: agentLedger, abi: agentLedgerAbi } as const;
  const [preferred, { current }] = await callRules(
    Promise.all([
      readContract(client, { ...resolver, functionName: "cachedAttestationOf", args }),
      readContract(client, { ...ledger, functionName: "capabilityOf", args }),
    ]),
  );
  return {
    ...claim,
    uid,
    attester: attestation.attester,
    recipient: attestation.recipient,
    time: attestation.time,
    validUntil: attestation.expirationTime === 0n ? undefined : attestation.expirationTime,
    revokedAt: attestation.revocationTime === 0n ? undefined : attestation.revocationTime,
    standing,
    counts: preferred === uid && current,
  };
}
