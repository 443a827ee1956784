// The numbers that the contract stores (IFalseCapability), as words. New states are appended there.

/** `gathering`: more accusers are needed. `deciding`: the operators' turn. `lapsed`: ended without a decision. */
export const accusationStatuses = ["none", "gathering", "deciding", "decided", "lapsed"] as const;
export type AccusationStatus = (typeof accusationStatuses)[number];

/**
 * `agentAtFault`: the agent pays. `attesterAtFault`: whoever attested pays. Either way the capability is gone.
 * `unproven`: nobody pays. `falseAccusation`: the accusers pay.
 */
export const accusationRulings = ["none", "agentAtFault", "attesterAtFault", "unproven", "falseAccusation"] as const;
export type AccusationRuling = (typeof accusationRulings)[number];
