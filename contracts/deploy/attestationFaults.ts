// The modules that punish what attesters say: contradictions, and what is false.
import type { ContractAddresses } from "./plan.ts";

/** How a false capability is accused and decided; see contracts/slashing/FalseCapability.sol. */
export interface AccusationParameters {
  /** Penalty as a share of the agent's bonded and unbonding stake, and what each accuser locks; at least 1. */
  readonly shareBps: bigint;
  /** Attesters of distinct organisations that an accusation needs; 2 to 16. */
  readonly accusers: bigint;
  /** From an accusation, for others to second it. */
  readonly secondingSeconds: bigint;
  /** From the last accuser that was needed, for the operators to decide; longer than the time lock's delay. */
  readonly appealSeconds: bigint;
}

/** Arguments of ContradictoryAttestations' constructor. */
export const contradictoryAttestationsArguments = (at: ContractAddresses) => [
  {
    register: at.AttesterRegistry,
    permissions: at.Permissions,
    parameters: at.Parameters,
    governor: at.Operators,
  },
  [at.CapabilityResolver],
];

/** Arguments of FalseCapability's constructor. */
export const falseCapabilityArguments = (at: ContractAddresses) => [
  {
    ledger: at.AgentLedger,
    attesters: at.AttesterRegistry,
    permissions: at.Permissions,
    parameters: at.Parameters,
    governor: at.Operators,
  },
  [at.CapabilityResolver, at.SealedBidTender],
];
