// What to do about each refusal of an accusation; see ruleSentences.ts.

export const accusationSentences = {
  FalseCapabilityAccused:
    "The attestation stands accused for this task already. Second that accusation, or close it if its deadline has passed.",
  FalseCapabilityDecided: "The operators have decided about this attestation: it cannot be accused again.",
  FalseCapabilityInvolved:
    "The accuser's organisation is the agent's or the attester's, or bid, requested or evaluates in this tender. An attester without a part in it must accuse.",
  FalseCapabilityNoAttestation: "There is no such attestation of a capability. Find its uid with getAttestations.",
  FalseCapabilityNoAttester:
    "Only attesters who count accuse: on the operators' list, active, not suspended, with the minimum stake. See getAttester.",
  FalseCapabilityNoBid: "The agent did not bid for this task. Name a task for which it bid.",
  FalseCapabilityNoRuling: "That is no ruling. Name one of agentAtFault, attesterAtFault, unproven, falseAccusation.",
  FalseCapabilityNotDeciding:
    "The accusation is not before the operators: too few accusers yet, or it has ended, or their time is over.",
  FalseCapabilityNotGathering:
    "The accusation takes no more accusers: it has enough, or has ended, or its deadline has passed.",
  FalseCapabilityNotOver: "The accusation has ended, or its deadline has not passed. Close it after that.",
  FalseCapabilityNotRequired:
    "The task did not ask for what was attested: another capability, a higher level, or another attester. Name a task that did.",
  FalseCapabilityNotStanding:
    "The attestation did not stand while bids for the task were taken. Name the one that the agent bid with.",
  FalseCapabilityOrganisationIn:
    "The accuser's organisation stands behind this accusation already. An attester of another organisation must second it.",
  FalseCapabilityRemoved:
    "The agent has lost the capability since this was attested, and is not punished for it twice. Choose another ruling.",
  FalseCapabilityTooEarly:
    "The task still takes bids, and an accuser must have none. Accuse after its commit deadline.",
  FalseCapabilityTooOld: "Accusations for this task no longer count. Name a later task for which the agent bid.",
  FalseCapabilityUnknown: "There is no such accusation. Find its id with getAccusations.",
} as const;
