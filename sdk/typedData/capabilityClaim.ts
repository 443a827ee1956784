// What an attestation of a capability says: the data of the market's one schema on EAS (contracts/capability).
import {
  type Address,
  decodeAbiParameters,
  encodeAbiParameters,
  encodePacked,
  type Hex,
  keccak256,
  parseAbiParameters,
  zeroHash,
} from "viem";

export interface CapabilityClaim {
  readonly agentId: bigint;
  /** See `capabilityIdOf`. */
  readonly capability: Hex;
  /** 0 to 255. */
  readonly level: number;
  /** The attester's own name for the test that it made; zero where it made none. */
  readonly testRun: Hex;
  /** Hash of the test's report; zero for none. */
  readonly report: Hex;
  /** The network that this is said on: on another one it says nothing. */
  readonly networkId: Hex;
}

const schemaText = "uint256 agentId,bytes32 capability,uint8 level,bytes32 testRun,bytes32 report,bytes32 networkId";
const schema = parseAbiParameters(
  "uint256 agentId, bytes32 capability, uint8 level, bytes32 testRun, bytes32 report, bytes32 networkId",
);

/** EAS's id of the schema, as its SchemaRegistry computes it: registered by the resolver, for revocable attestations. */
export const capabilitySchemaIdOf = (resolver: Address): Hex =>
  keccak256(encodePacked(["string", "address", "bool"], [schemaText, resolver, true]));

/** The data of an attestation. Test run and report may be left out. */
export function encodeCapabilityClaim(
  claim: Omit<CapabilityClaim, "testRun" | "report"> & { readonly testRun?: Hex; readonly report?: Hex },
): Hex {
  const { agentId, capability, level, testRun = zeroHash, report = zeroHash, networkId } = claim;
  return encodeAbiParameters(schema, [agentId, capability, level, testRun, report, networkId]);
}

/** Reads an attestation's data; throws viem's error for what is no claim. */
export function decodeCapabilityClaim(data: Hex): CapabilityClaim {
  const [agentId, capability, level, testRun, report, networkId] = decodeAbiParameters(schema, data);
  return { agentId, capability, level, testRun, report, networkId };
}
