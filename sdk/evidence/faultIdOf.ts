import { encodeAbiParameters, type Hex, hexToBigInt, keccak256, stringToHex, toHex } from "viem";
import { unreachable } from "../../node/types/errors.ts";
import type { EvidenceFile } from "./evidenceFile.ts";

/** Who is accused, as the register of its stake names it: an agent's id, or an address as a number. */
function offenderOf(file: EvidenceFile): bigint {
  switch (file.kind) {
    case "bid-equivocation":
    case "delivery-equivocation":
      return BigInt(file.agentId);
    case "vote-equivocation":
      return hexToBigInt(file.validator);
    case "contradictory-attestations":
      return hexToBigInt(file.attester);
    default:
      return unreachable(file);
  }
}

/**
 * What a fault is about, as the slashing module names it: the tender, the job in its escrow, the view in its epoch, the
 * test run of an agent's capability.
 */
function subjectOf(file: EvidenceFile): Hex {
  switch (file.kind) {
    case "bid-equivocation":
      return file.tenderId;
    case "delivery-equivocation": {
      const types = [{ type: "address" }, { type: "uint256" }] as const;
      return keccak256(encodeAbiParameters(types, [file.contract, BigInt(file.jobId)]));
    }
    case "vote-equivocation":
      return toHex((BigInt(file.epoch) << 64n) | BigInt(file.view), { size: 32 });
    case "contradictory-attestations": {
      const types = [{ type: "uint256" }, { type: "bytes32" }, { type: "bytes32" }] as const;
      return keccak256(encodeAbiParameters(types, [BigInt(file.agentId), file.capability, file.testRun]));
    }
    default:
      return unreachable(file);
  }
}

/**
 * The fault's id: keccak256(abi.encode(kind, offender, subject)), the same for every two statements that show the same
 * fault. The contracts punish each id once.
 */
export function faultIdOf(file: EvidenceFile): Hex {
  const kind = keccak256(stringToHex(`allot.fault.${file.kind}`));
  const types = [{ type: "bytes32" }, { type: "uint256" }, { type: "bytes32" }] as const;
  return keccak256(encodeAbiParameters(types, [kind, offenderOf(file), subjectOf(file)]));
}
