// Where the rules keep what is read or proven without running the EVM: slot of each mapping, by contract and by the
// variable's name in its source. What a mapping's words hold stands at the head of the contract, or of the word type
// it names. A test compares these numbers with the compiler's layout.

export const storageSlots = {
  Permissions: { _members: 0 },
  TaskMarket: { _assignments: 0, _tasks: 1 },
  JobEscrow: { _jobs: 0 },
  /** KeyWord by address, AgentWord by agentId, CapabilityWord by agentId and capability. */
  AgentLedger: { _keys: 0, _agents: 8, _capabilities: 12 },
  /** TenderWord first of `_tenders`; bits of organisations by page; sealed 248 bits and position; 256 words of bidder and
   * amount; AwardRecord. */
  SealedBidTender: { _tenders: 0, _organisations: 1, _commitments: 2, _bids: 3, _awards: 4 },
  /** Addresses in ascending order by the epoch from which they are the set; the epochs that have an entry, ascending. */
  ValidatorRegistry: { _sets: 8, _changedEpochs: 9 },
} as const;
