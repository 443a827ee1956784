import { type Address, type Hex, zeroHash } from "viem";
import { readContract } from "viem/actions";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { SignLock } from "../../agent/signLock.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { encodeCapabilityClaim } from "../../typedData/capabilityClaim.ts";
import { type Capability, capabilityIdOf } from "./capabilityIdOf.ts";
import { readSchemaId } from "./readSchemaId.ts";

/** What an attester says of an agent. */
export interface CapabilityParameters {
  readonly agentId: bigint;
  readonly capability: Capability;
  /** 0 to 254; 0 unless given. */
  readonly level?: number;
  /** First second at which it no longer counts; for ever unless given. */
  readonly validUntil?: bigint;
  /**
   * The attester's own name, of 32 bytes, for the test that it made. Two attestations of one test run that differ in
   * level or report contradict each other and cost the attester's stake; without a test run nothing is contradicted.
   */
  readonly testRun?: Hex;
  /** Hash of the test's report. */
  readonly report?: Hex;
  /** Where it is held before it is signed, with a test run; the client's unless given. */
  readonly signLock?: SignLock;
}

/** EAS's `AttestationRequest`. */
export interface CapabilityRequest {
  readonly schema: Hex;
  readonly data: {
    readonly recipient: Address;
    readonly expirationTime: bigint;
    readonly revocable: boolean;
    readonly refUID: Hex;
    readonly data: Hex;
    readonly value: bigint;
  };
}

/** Whom and where an attestation is for. */
export interface RequestPlace {
  readonly schema: Hex;
  /** The agent's owner. */
  readonly recipient: Address;
  readonly networkId: Hex;
}

/** The request that EAS takes: revocable, for one network. */
export function capabilityRequestOf(place: RequestPlace, parameters: CapabilityParameters): CapabilityRequest {
  const { agentId, capability, level = 0, validUntil = 0n, testRun, report } = parameters;
  const { schema, recipient, networkId } = place;
  const claim = { agentId, capability: capabilityIdOf(capability), level, networkId };
  const data = encodeCapabilityClaim({
    ...claim,
    ...(testRun === undefined ? {} : { testRun }),
    ...(report === undefined ? {} : { report }),
  });
  const terms = { recipient, expirationTime: validUntil, revocable: true, refUID: zeroHash, value: 0n };
  return { schema, data: { ...terms, data } };
}

/** Where an attestation of an agent goes, as the node says: to its present owner, under the market's schema. */
export async function readRequestPlace(client: AllotCore, agentId: bigint): Promise<RequestPlace> {
  const identity = { address: client.allot.rules.identityRegistry, abi: identityRegistryAbi } as const;
  const [{ networkId }, schema, recipient] = await Promise.all([
    client.allot.network(),
    readSchemaId(client),
    callRules(readContract(client, { ...identity, functionName: "ownerOf", args: [agentId] })),
  ]);
  return { schema, recipient, networkId };
}
