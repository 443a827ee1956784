import { type Hex, isHex, keccak256, stringToHex } from "viem";

/** A capability's name, for example "translate/en-de", or its id of 32 bytes. */
export type Capability = string | Hex;

/** The id by which the contracts know a capability: keccak256 of its name. */
export const capabilityIdOf = (capability: Capability): Hex =>
  isHex(capability) && capability.length === 66 ? capability : keccak256(stringToHex(capability));
