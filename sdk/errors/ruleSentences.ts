// What to do about each refusal of the rules. The contracts say what is wrong in one name; the values come with the
// error as facts.
import type { ruleErrorsAbi } from "../abis/errors.ts";
import { accusationSentences } from "./accusationSentences.ts";

/** Names of the custom errors of all rule contracts. */
export type RuleErrorName = (typeof ruleErrorsAbi)[number]["name"];

export const ruleSentences: Readonly<Partial<Record<RuleErrorName, string>>> = {
  ...accusationSentences,

  // Money
  ERC20InsufficientAllowance: "The contract may not take that many credits. Approve it first with approveCredits.",
  ERC20InsufficientBalance:
    "The account has too few credits. Ask the operators to issue some, or use a smaller amount.",
  ERC2612ExpiredSignature: "The permit has expired. Sign a new one with a later deadline.",
  ERC2612InvalidSigner: "The permit is not signed by the holder of the credits. Sign it with that account.",
  CreditsSupplyExceeded: "The supply of credits would no longer fit 64 bits. Issue less.",

  // Identity
  ERC721NonexistentToken: "There is no such agent. Check the agent id, or register the agent with registerAgent.",
  ERC721InsufficientApproval: "The account may not move this agent. Use the owner's account.",
  ERC721IncorrectOwner: "The agent belongs to somebody else. Use its owner's account.",
  IdentityAgentEngaged:
    "The agent has commitments, jobs, open faults or a suspension. Transfer it when they have ended.",
  IdentityInvalidProof:
    "The wallet's signature does not prove possession. Sign for this agent, owner and deadline with the wallet.",
  IdentityInvalidWallet: "That address cannot be an agent's wallet. Choose another.",
  IdentityProofExpired: "The wallet's proof has expired or reaches too far ahead. Sign a new one.",
  IdentityReservedKey: "The metadata key agentWallet is reserved. Set the wallet with its own function.",
  IdentityUnauthorized: "Only the agent's owner, or an account it approved, may do this. Use that account.",
  ReputationClientsMissing: "A summary is of given clients. Name those whose feedback you trust.",
  ReputationDecimalsTooMany: "A value has 18 decimals at most. Use fewer valueDecimals.",
  ReputationFeedbackRevoked: "The feedback has been revoked already.",
  ReputationFeedbackUnknown:
    "The client gave the agent no feedback with this index. Indexes count from 1 for each agent and client.",
  ReputationReadTooLong: "That is more feedback than one call reads. Name fewer clients, or read it one by one.",
  ReputationSelfFeedback: "An agent's owner and those it approved give it no feedback. Use a client's account.",
  ValidationNotValidator: "Another validator was asked. Answer with that account.",
  ValidationRequestExists: "The hash identifies another request already. Put something random in the request.",
  ValidationRequestIncomplete: "A request needs a validator, a URI and a hash. Give all three.",
  ValidationRequestUnknown: "There is no such validation request. Check its hash.",
  ValidationResponseTooLarge: "A response is 0 to 100. Give a smaller one.",
  ValidationUnauthorized: "Only the agent's owner, or an account it approved, asks for validation. Use that account.",

  // Agents and stake
  LedgerAgentEngaged: "The agent has commitments, jobs, open faults or a suspension. Wait until they have ended.",
  LedgerAgentInactive:
    "The agent may take on nothing new: it is suspended, or its organisation is delisted. Its duties can still be done.",
  LedgerAgentUnknown: "The agent is not enrolled in the ledger. Set a bid key with setBidKey first.",
  LedgerAmountZero: "The amount is zero. Give an amount above zero.",
  LedgerCapabilityMissing:
    "The agent lacks a capability that the task requires, at that level and in force now. Have it attested first.",
  LedgerCapacityExhausted:
    "The agent has as many commitments and jobs as its stake and declared capacity carry. Finish some, or deposit stake and raise the capacity.",
  LedgerInvalidModule:
    "There is no contract at the module's address, or it is no tender that could be retired. Give another address.",
  LedgerKeyHasCode: "A bid key must be an account with a private key, not a contract. Choose another key.",
  LedgerKeyNotForTender: "The bid key was set after the tender opened. Bid with the key that was active then.",
  LedgerKeyOfOtherOrganisation:
    "The bid key belongs to another organisation than the agent's owner. Use a key of the same organisation.",
  LedgerKeyRevoked: "The bid key has been revoked, or the agent was transferred since. Set a new key with setBidKey.",
  LedgerKeyUnknown: "The account is no agent's bid key. Set it with setBidKey.",
  LedgerKeyUsed: "The key has been a bid key before, and belongs to that agent for ever. Choose a fresh key.",
  LedgerNotOwner: "Only the agent's owner may do this. Use that account.",
  LedgerNotSuspended: "The agent is not suspended. There is nothing to reinstate.",
  LedgerObligationTooFar: "The task would bind its agents for too long. Post it with shorter windows.",
  LedgerOwnerNotAllowed: "The agent's owner is no active member of an organisation. Ask the operators to list it.",
  LedgerPaused:
    "The operators have paused the market: there are no new bids until they resume it. What has begun goes on.",
  LedgerProofExpired: "The bid key's proof of possession has expired. Sign a new one.",
  LedgerProofInvalid:
    "The proof of possession is not signed by the bid key, or for another agent, owner or nonce. Sign it again with setBidKey.",
  LedgerStakeBelowMinimum:
    "An active agent keeps the minimum stake. Deposit more with depositStake, or unbond everything.",
  LedgerStakeShort: "The agent's free stake is too low. Deposit more with depositStake, or wait until locks end.",
  LedgerTenderRetired: "The tender's contract takes no new bids: the operators have replaced it. Bid on newer tasks.",
  LedgerUnauthorized: "Only another rule contract may call this function.",
  BondLockShort: "The module has locked less than that.",
  BondOffenderInvalid: "No account with stake here has this number. Check the offender.",
  StakeFaultOpen: "A fault of the offender is being looked into. Wait until it has been decided.",
  StakeNoFaultOpen: "The module has no open fault of this offender. There is nothing to close.",
  StakeFaultPunished: "This fault has been punished already. Each fault is punished once.",
  StakeFaultUnknown: "There is no such fault. Check the fault id.",
  StakeNotReady: "Nothing can be paid out yet. Wait until the time given as readyAt.",
  StakeNotSlasher: "Only a slashing module of the register may take stake or keep a fault open.",
  StakeRewardClaimable: "Its reporter can still claim this reward. Wait until claimUntil.",
  StakeRewardGone: "The reward has been paid, burned, or its claim time is over.",

  // Bids
  TenderAlreadyCommitted:
    "The agent has committed to this tender already. There is one commitment per agent and tender.",
  TenderAlreadyRevealed: "The bid has been revealed already.",
  TenderAmountInvalid: "The amount of a bid must be above zero and below 2^96.",
  TenderBondRefused: "Bids carry no bond: the lock on the agent's stake is the bond. Send no value.",
  TenderCommitmentEmpty: "The commitment is empty. Compute it with commitmentOf.",
  TenderEvaluatorOrganisation:
    "The bidder belongs to the evaluator's organisation, and the award binds the price: it may not bid on this task.",
  TenderFull: "The tender has as many bidders as it takes. Bid on another task.",
  TenderMechanismInvalid: "The mechanism awards without bids, so no tender opens with it.",
  TenderMechanismUnknown:
    "The mechanism is none of the network's. Choose postedPrice, firstPrice, vickrey or uniformPrice.",
  TenderNoCommitment: "The bidder has not committed to this tender, so there is nothing to reveal.",
  TenderNotAwarded: "The tender has no award yet. Settle the task when the reveal window is over.",
  TenderNotCancellable: "Somebody has bid, or the tender has ended: it can no longer be cancelled.",
  TenderNotCommitting: "The tender takes no commitments: its commit window is over.",
  TenderNotFinalizable: "The reveal window is not over, or the tender has ended. Settle after the reveal deadline.",
  TenderNotRevealing: "The tender takes no reveals now: reveal after the commit deadline, until the reveal deadline.",
  TenderOpeningMismatch: "Amount and salt do not open the commitment. Use those that the sign lock recorded.",
  TenderOrganisationIn: "Another agent of the same organisation has bid already. One agent per organisation may bid.",
  TenderOwnOrganisation: "The bidder belongs to the requester's organisation, and may not bid on its tasks.",
  TenderProfileInvalid: "The integration profile is unknown, or does not go with the mechanism.",
  TenderSignatureInvalid: "The bid's signature is no valid one. Sign the bid again with signBid.",
  TenderStatementInvalid:
    "The bid is for another slot than 0, or signed by a key that is not the agent's. Sign it with the agent's bid key.",
  TenderTermInvalid: "A term of the tender is out of its bounds.",
  TenderUnauthorized: "Tenders open through the task market only. Post a task with postTask.",
  TenderUnknown: "There is no such tender. Check the tender id.",

  // Tasks
  TaskMarketInactiveRequester: "The requester is no active member of an organisation. Ask the operators to list it.",
  TaskMarketInvalidEvaluator:
    "The evaluator is missing, or of the requester's own organisation while the award binds the price. Choose an independent one.",
  TaskMarketInvalidStatus: "The task's status does not permit this. Read it with getTask.",
  TaskMarketInvalidTerms: "A term of the task is zero or out of range: reserve, units, lock or maxReassignments.",
  TaskMarketInvalidUnit: "The unit's status does not permit this. Read it with getAssignment.",
  TaskMarketInvalidWindow: "A window is shorter or longer than this network permits.",
  TaskMarketNotCandidate: "It is not this account's turn to take over the unit.",
  TaskMarketNotOffered: "The unit is not waiting for another agent.",
  TaskMarketNothingDelivered:
    "Nothing was delivered in time, so there is nothing to judge. Conclude the unit when its deadline has passed.",
  TaskMarketPaused:
    "The operators have paused the market: there are no new tasks until they resume it. What has begun goes on.",
  TaskMarketRejectionTooEarly:
    "Where the award binds the price, nothing is rejected before the delivery deadline. Wait until then.",
  TaskMarketUnauthorized: "Only the task's requester, or its evaluator, may do this. Use that account.",
  TaskMarketUndecided: "The unit cannot be concluded yet. Try again at notBefore.",
  TaskMarketUnknownTask: "There is no such task. Check the task id.",
  TaskMarketVerdictGiven: "The verdict has been given already.",
  TaskMarketVerdictTooLate: "The verdict window has ended: silence was acceptance. Conclude the unit.",

  // Disputes
  DisputePanelCommitmentEmpty: "The vote's commitment is empty. Seal it with commitVote.",
  DisputePanelConcluded: "The dispute's bond has been shared out already. Withdraw with withdrawFromPanel.",
  DisputePanelFull: "The panel has as many members as it can have. Take off one that lapsed with removeLapsedMember.",
  DisputePanelNoDispute: "Nobody objected to the verdict on this unit.",
  DisputePanelNoDisputeWindow: "The task was posted without a dispute window: its verdicts hold at once.",
  DisputePanelNoSeat: "The account was not drawn for this dispute. Read its seats with getDispute.",
  DisputePanelNotBidKey: "Only an agent's present bid key joins or leaves the panel. Use that account.",
  DisputePanelNotMember: "The agent, or the organisation, is not on the panel. Read it with getPanelMembers.",
  DisputePanelNotSealed: "There is no sealed vote to open: it was never made, or is open already.",
  DisputePanelNotTheLoser:
    "Only whom the outcome goes against may object: the requester against a payment, the provider against a refund.",
  DisputePanelNothingToObject: "No delivery in time awaits its outcome here, so there is nothing to object to.",
  DisputePanelObjected: "The verdict has been objected to already. Read it with getDispute.",
  DisputePanelOpeningMismatch: "Vote and salt are not those that were sealed. Open it as commitVote made it.",
  DisputePanelOutsideVoting:
    "Votes are sealed until the vote deadline, then opened until the reveal deadline. It is the time for neither.",
  DisputePanelOutsideWindow: "Objections are taken within the dispute window only, from `from` to `to`.",
  DisputePanelStillFit: "The member could be drawn. Only its own agent takes it off the panel.",
  DisputePanelTooFewMembers:
    "Fewer independent members can be drawn than must vote, so no panel can decide this. Nothing was taken.",
  DisputePanelUndecided: "Votes can still be opened. Conclude the dispute at notBefore.",
  DisputePanelUnfit:
    "The agent cannot be drawn: it is inactive, short of stake, or lacks the capability `evaluation`. Have it attested first.",
  DisputePanelVoteMade: "The vote is sealed or opened already. There is one per seat.",

  // Outcomes
  OutcomeRecorderDone: "The task's outcomes have been recorded already.",
  OutcomeRecorderGasShort: "The call has too little gas left for the reputation registry. Give it more.",
  OutcomeRecorderNotClosed: "The task has units that are not paid or refunded yet. Conclude them first.",

  // Jobs
  JobEscrowInvalidStatus: "The job's status does not permit this. A delivery counts once, while the job is funded.",
  JobEscrowUnauthorized: "Only the job's provider, client or evaluator may do this. Use that account.",
  JobEscrowUnknownJob: "There is no such job. Check the job id.",
  JobEscrowNotExpired: "The job has not expired yet. Wait until expiredAt.",

  // Validators
  ValidatorRegistryAccountUsed: "The key is, or was, a validator's. A key serves once: make a new one.",
  ValidatorRegistryEvictionLimit:
    "No more validators are removed automatically from this epoch's set. Evict it in the next epoch, or let the operators remove it.",
  ValidatorRegistryInvalidPeerKey: "A peer key is 33 bytes that start with 0x02 or 0x03.",
  ValidatorRegistryInvalidSize: "A set has 1 to 100 validators.",
  ValidatorRegistryJoinedBefore: "The validator has joined before. A key serves one span of epochs: admit a new one.",
  ValidatorRegistryNotBarred: "The validator is not barred. It leaves by its owner's word, or the operators'.",
  ValidatorRegistryNotBonded:
    "The validator has less than the minimum stake, or is barred. Deposit stake for it first.",
  ValidatorRegistryNotInSet: "The validator is not in the newest set.",
  ValidatorRegistryOwnerNotAllowed: "The owner belongs to no active organisation. Use a member's account.",
  ValidatorRegistryPeerKeyUsed: "The peer key is, or was, another validator's. Make a new one.",
  ValidatorRegistryTooFew: "Four validators stay, unless the operators decide otherwise.",
  ValidatorRegistryUnauthorized: "Only the validator's owner may do this. Use that account.",
  ValidatorRegistryUnknownValidator: "The epoch's set has no validator at this index.",

  // Evidence
  BidEquivocationAuthorInvalid:
    "A statement is not by a bid key that the agent had for this tender, so it says nothing about the agent.",
  BidEquivocationConsistent: "Both statements make the same commitment: there is no contradiction.",
  BidEquivocationNoCommitment:
    "That bid key has committed nothing to the tender. Give two signatures, or another bid key.",
  BidEquivocationSignatureInvalid: "A signature is malformed, or not in its canonical form. It proves nothing.",
  BidEquivocationSlotInvalid: "An agent has only slot 0 in a tender.",
  BidEquivocationTooOld: "Evidence about this tender no longer counts: report sooner after the reveal deadline.",
  DeliveryEquivocationAuthorInvalid:
    "A statement is not by the job's provider, so it says nothing about the agent. Give statements of the key that the job was awarded to.",
  DeliveryEquivocationConsistent: "Both statements deliver the same: there is no contradiction.",
  DeliveryEquivocationNoSubmission: "Nothing has been submitted for this job. Give two signatures, or another job.",
  DeliveryEquivocationSignatureInvalid: "A signature is malformed, or not in its canonical form. It proves nothing.",
  DeliveryEquivocationTooOld: "Evidence about this job no longer counts: report before the job expires.",
  VoteEquivocationAuthorInvalid: "A vote is not by this validator's key, so it says nothing about the validator.",
  VoteEquivocationConsistent: "An honest validator may cast both votes in one view: there is no contradiction.",
  VoteEquivocationNoValidator: "The account was no validator in that epoch. Check the epoch and the address.",
  VoteEquivocationSignatureInvalid: "A signature is malformed, or not in its canonical form. It proves nothing.",
  VoteEquivocationTooOld:
    "Evidence about this validator no longer counts: it has left, and its stake is on its way out.",
  EvidenceAlreadyCommitted: "This evidence has been committed to already. Show it.",
  EvidenceFaultPunished:
    "The fault has been punished already, and nobody committed to the evidence before. Each fault is punished once.",
  EvidenceSourceUnknown:
    "Statements made to that contract do not count: it is not on the module's list. Name a contract of this network's market.",
  EvidenceNotCommitted:
    "A reward needs a commitment to the evidence in an earlier block. Commit first, or report without reward.",
  EvidenceReporterRefused:
    "A stranger, or a member of the offender's organisation, earns no reward. Report from another account, or without reward.",

  // Capabilities
  CapabilityInvalidAttester:
    "The attester does not count: it is not on the operators' list, no active member, suspended, or short of stake. See getAttester.",
  CapabilityInvalidData:
    "The attestation's data are no claim about a capability on this network. Use attestCapability, on the network it is for.",
  CapabilityInvalidRecipient: "The attestation must name the agent's owner as recipient. Use attestCapability.",
  CapabilityInvalidSchema: "The attestation is of another schema than the market's. Use attestCapability.",
  CapabilityIrrevocable: "The market accepts revocable attestations only. Use attestCapability.",
  CapabilityNotBetter: "A better attestation of this capability, or a later one by the same attester, is in force.",
  CapabilityNotStanding:
    "The attestation does not exist, is revoked or expired, or is older than the agent's last transfer or the capability's removal.",
  AttesterRegistryNoMember: "An attester must be a member of an organisation. Have the account added first.",
  BondAccountRefused: "The account may have no stake here: it is no active member. Ask the operators.",
  BondAmountZero: "The amount is zero. Give an amount above zero.",
  BondNotSuspended: "The account is not suspended.",
  BondStakeBelowMinimum:
    "The account is engaged and must keep the minimum stake: take out less. A validator keeps all of it until an epoch begins in whose set it no longer is.",
  BondStakeShort: "The account has less free stake than that. Deposit more, or wait until what is locked is released.",
  BondUnauthorized: "The stake is another account's. Use that account.",
  ContradictoryAttestationsAuthorInvalid:
    "A statement is not the attester's: another signed or made it, or it was signed for another chain, schema or nonce.",
  ContradictoryAttestationsConsistent:
    "Both attestations say the same, or name no test run: there is no contradiction.",
  ContradictoryAttestationsSignatureInvalid:
    "A signature is malformed, or not in its canonical form. It proves nothing.",
  ContradictoryAttestationsStatementInvalid:
    "A statement is no attestation of a capability on this network, so it says nothing here.",
  ContradictoryAttestationsUnrelated: "The attestations are not about one agent, one capability and one test run.",
  AccessDenied: "Only its attester may revoke an attestation. Use that account, or a revocation that it signed.",
  AlreadyRevoked: "The attestation has been revoked already.",
  DeadlineExpired: "The signed request was to be sent before its deadline. Have it signed again.",
  InvalidExpirationTime: "An attestation cannot end in the past. Give a later validUntil, or none.",
  InvalidSignature:
    "EAS takes an attester's signed requests in order, each once: this one is forged, used, or not the next. Have it signed again.",
  NotFound: "There is no such attestation. Check its uid.",

  // Operators
  GovernedUnauthorized: "Only an executed proposal of the operators may do this. Propose it through Operators.",
  OperatorsUnauthorized: "The account is no operator.",
  OperatorsAlreadyApproved: "The operator approves this proposal already. Others must, until the quorum is reached.",
  OperatorsCallFailed: "The proposed call fails without saying why. Check its target and calldata.",
  OperatorsInvalidDelay: "The delay is out of its bounds. Choose one from min to max.",
  OperatorsInvalidOperator: "The account is no operator, is one already, or there are as many as there can be.",
  OperatorsInvalidQuorum: "A quorum is at least one and at most all operators.",
  OperatorsInvalidTarget: "There is no contract at the target's address. Propose a call of a rule contract.",
  OperatorsNoQuorum: "Too few present operators approve the proposal. Have others approve it with approveProposal.",
  OperatorsNotApproved: "The operator does not approve this proposal, so there is nothing to take back.",
  OperatorsNotOpen: "There is no such proposal, or it is executed, cancelled or expired. Read it with getProposal.",
  OperatorsNotPending: "There is no such proposal, or it does not wait for its quorum. Read it with getProposal.",
  OperatorsNotProposer:
    "Only the operator that proposed it cancels a proposal alone. Propose its cancellation instead.",
  OperatorsNotReady: "The proposal's delay has not passed. Execute it at readyAt.",
  OperatorsOnlySelf: "Only an executed proposal may do this. Propose it as a call of the Operators contract.",
  ParametersInconsistent:
    "Each value is within its bounds, but they do not go together. See docs/governance.md, and change several at once.",
  ParametersOutOfBounds: "The value is out of the parameter's bounds on this network. Choose one from min to max.",
  PermissionsInvalidMember: "The zero address cannot be a member. Give the account's address.",
  PermissionsInvalidName: "An organisation's name has 1 to 64 bytes. Give a shorter one.",
  PermissionsUnknownMember: "The account is a member of no organisation. Add it with addMembers first.",
  PermissionsUnknownOrganisation: "There is no such organisation. They count from 1.",
  PermissionsMemberFixed: "The account belongs to an organisation already, for good.",
};
