// The SDK's public edge.
// Free functions `(client, parameters)`, the client that has them as methods, and what needs no client: typed data,
// certificates, the sign lock, errors.

export { type ParameterName, parameterNames } from "../contracts/deploy/parameters.ts";
export type { AssignmentCertificate } from "../node/types/assignmentCertificate.ts";
export { quorumOf } from "../node/types/quorum.ts";
export { voteTypes } from "../node/types/voteTypes.ts";
export type { AccusationRuling, AccusationStatus } from "./actions/accusations/accusation.ts";
export * from "./actions/accusations/accuseFalseCapability.ts";
export { type CloseAccusationParameters, closeAccusation } from "./actions/accusations/closeAccusation.ts";
export { type Accusation, getAccusation } from "./actions/accusations/getAccusation.ts";
export { type GetAccusationsParameters, getAccusations } from "./actions/accusations/getAccusations.ts";
export { type ProposeRulingParameters, proposeRuling } from "./actions/accusations/proposeRuling.ts";
export * from "./actions/accusations/secondAccusation.ts";
export { type DepositStakeParameters, depositStake } from "./actions/agents/depositStake.ts";
export { type Agent, getAgent } from "./actions/agents/getAgent.ts";
export { getAgentCount } from "./actions/agents/getAgentCount.ts";
export { getAgentIdOf } from "./actions/agents/getAgentIdOf.ts";
export { type BidKey, type GetBidKeysParameters, getBidKeys } from "./actions/agents/getBidKeys.ts";
export { type GetRewardParameters, getReward, type Reward } from "./actions/agents/getReward.ts";
export * from "./actions/agents/registerAgent.ts";
export * from "./actions/agents/requestUnbonding.ts";
export { type RevokeBidKeyParameters, revokeBidKey } from "./actions/agents/revokeBidKey.ts";
export { type SetBidKeyParameters, setBidKey } from "./actions/agents/setBidKey.ts";
export { type SetCapacityParameters, setCapacity } from "./actions/agents/setCapacity.ts";
export { type WithdrawRewardParameters, withdrawReward } from "./actions/agents/withdrawReward.ts";
export { type WithdrawStakeParameters, withdrawStake } from "./actions/agents/withdrawStake.ts";
export * from "./actions/attesters/depositAttesterStake.ts";
export { type Attester, getAttester } from "./actions/attesters/getAttester.ts";
export { getAttesters, type ListedAttester } from "./actions/attesters/getAttesters.ts";
export * from "./actions/attesters/requestAttesterUnbonding.ts";
export * from "./actions/attesters/withdrawAttesterStake.ts";
export { type CommitBidParameters, type CommitBidResult, commitBid } from "./actions/bids/commitBid.ts";
export { type CommittedBid, getBids } from "./actions/bids/getBids.ts";
export { type GetCommitmentParameters, getCommitment } from "./actions/bids/getCommitment.ts";
export { getTender, type Tender } from "./actions/bids/getTender.ts";
export type { BidParameters } from "./actions/bids/lockBid.ts";
export { type RelayBidParameters, relayBid } from "./actions/bids/relayBid.ts";
export { type RevealBidParameters, revealBid } from "./actions/bids/revealBid.ts";
export { type SignBidResult, type SignedBid, signBid } from "./actions/bids/signBid.ts";
export { type AttestByDelegationParameters, attestByDelegation } from "./actions/capabilities/attestByDelegation.ts";
export * from "./actions/capabilities/attestCapability.ts";
export { type Capability, capabilityIdOf } from "./actions/capabilities/capabilityIdOf.ts";
export type { CapabilityParameters } from "./actions/capabilities/capabilityRequest.ts";
export * from "./actions/capabilities/getAttestations.ts";
export { type GetCapabilitiesParameters, getCapabilities } from "./actions/capabilities/getCapabilities.ts";
export * from "./actions/capabilities/getCapability.ts";
export { type RefreshCapabilityParameters, refreshCapability } from "./actions/capabilities/refreshCapability.ts";
export { type RevokeByDelegationParameters, revokeByDelegation } from "./actions/capabilities/revokeByDelegation.ts";
export { type RevokeCapabilityParameters, revokeCapability } from "./actions/capabilities/revokeCapability.ts";
export * from "./actions/capabilities/signDelegatedAttestation.ts";
export * from "./actions/capabilities/signDelegatedRevocation.ts";
export { type SubmitAttestationParameters, submitAttestation } from "./actions/capabilities/submitAttestation.ts";
export { type ApproveCreditsParameters, approveCredits } from "./actions/credits/approveCredits.ts";
export { type CreditsOf, getCredits } from "./actions/credits/getCredits.ts";
export { type TransferCreditsParameters, transferCredits } from "./actions/credits/transferCredits.ts";
export { type CommitVoteParameters, type CommitVoteResult, commitVote } from "./actions/disputes/commitVote.ts";
export * from "./actions/disputes/concludeDispute.ts";
export type { PanelVote, Ruling } from "./actions/disputes/dispute.ts";
export { type Dispute, getDispute, type PanelSeat } from "./actions/disputes/getDispute.ts";
export { getPanelMembers, type PanelMember } from "./actions/disputes/getPanelMembers.ts";
export { joinPanel } from "./actions/disputes/joinPanel.ts";
export { leavePanel } from "./actions/disputes/leavePanel.ts";
export * from "./actions/disputes/objectToVerdict.ts";
export { type RemoveLapsedMemberParameters, removeLapsedMember } from "./actions/disputes/removeLapsedMember.ts";
export { type RevealVoteParameters, revealVote } from "./actions/disputes/revealVote.ts";
export * from "./actions/disputes/withdrawFromPanel.ts";
export * from "./actions/governance/approveProposal.ts";
export { type CancelProposalParameters, cancelProposal } from "./actions/governance/cancelProposal.ts";
export * from "./actions/governance/executeProposal.ts";
export { getMember, type Member } from "./actions/governance/getMember.ts";
export { getOperators, type OperatorCouncil } from "./actions/governance/getOperators.ts";
export { getOrganisations, type Organisation } from "./actions/governance/getOrganisations.ts";
export { getParameters, type Parameter, type ParameterUnit } from "./actions/governance/getParameters.ts";
export { getProposal, type Proposal, type ProposalStatus } from "./actions/governance/getProposal.ts";
export { type GetProposalsParameters, getProposals } from "./actions/governance/getProposals.ts";
export { isMarketPaused } from "./actions/governance/isMarketPaused.ts";
export * from "./actions/governance/proposeCall.ts";
export * from "./actions/governance/proposeParameters.ts";
export type { QueuedCall } from "./actions/governance/queuedCall.ts";
export * from "./actions/governance/queueProposal.ts";
export { decodeRuleCall, encodeRuleCall, type GovernedContract, type RuleCall } from "./actions/governance/ruleCall.ts";
export { type WithdrawApprovalParameters, withdrawApproval } from "./actions/governance/withdrawApproval.ts";
export { type GetAgentsOfParameters, getAgentsOf } from "./actions/identity/getAgentsOf.ts";
export { getAgentWallet } from "./actions/identity/getAgentWallet.ts";
export { type GetMetadataParameters, getMetadata } from "./actions/identity/getMetadata.ts";
export { type AgentFile, type ReadAgentFileParameters, readAgentFile } from "./actions/identity/readAgentFile.ts";
export { type SetAgentUriParameters, setAgentUri } from "./actions/identity/setAgentUri.ts";
export * from "./actions/identity/setAgentWallet.ts";
export { type SetMetadataParameters, setMetadata } from "./actions/identity/setMetadata.ts";
export { type TransferAgentParameters, transferAgent } from "./actions/identity/transferAgent.ts";
export { type UnsetAgentWalletParameters, unsetAgentWallet } from "./actions/identity/unsetAgentWallet.ts";
export {
  type GetAssignmentCertificateParameters,
  getAssignmentCertificate,
} from "./actions/node/getAssignmentCertificate.ts";
export { type GetEpochCertificatesParameters, getEpochCertificates } from "./actions/node/getEpochCertificates.ts";
export * from "./actions/node/getFinalization.ts";
export { getNodeStatus, type NodeStatus } from "./actions/node/getNodeStatus.ts";
export { type GetValidatorsParameters, getValidators, type Validators } from "./actions/node/getValidators.ts";
export { type GetVoteEvidenceParameters, getVoteEvidence } from "./actions/node/getVoteEvidence.ts";
export { type AppendResponseParameters, appendResponse } from "./actions/reputation/appendResponse.ts";
export * from "./actions/reputation/getReputationSummary.ts";
export { type GetResponseCountParameters, getResponseCount } from "./actions/reputation/getResponseCount.ts";
export { getTally, type Tally } from "./actions/reputation/getTally.ts";
export * from "./actions/reputation/giveFeedback.ts";
export { type ReadAllFeedbackParameters, readAllFeedback } from "./actions/reputation/readAllFeedback.ts";
export { type Feedback, type ReadFeedbackParameters, readFeedback } from "./actions/reputation/readFeedback.ts";
export {
  type RecordedOutcome,
  type RecordOutcomeParameters,
  type RecordOutcomeResult,
  recordOutcome,
} from "./actions/reputation/recordOutcome.ts";
export { type RevokeFeedbackParameters, revokeFeedback } from "./actions/reputation/revokeFeedback.ts";
export * from "./actions/slashing/attestationEvidence.ts";
export { type BidContradiction, type BidEvidence, bidEvidenceOf } from "./actions/slashing/bidEvidence.ts";
export { type BurnUnclaimedRewardParameters, burnUnclaimedReward } from "./actions/slashing/burnUnclaimedReward.ts";
export * from "./actions/slashing/deliveryEvidence.ts";
export * from "./actions/slashing/findAttestationEvidence.ts";
export { type FindBidEvidenceParameters, findBidEvidence } from "./actions/slashing/findBidEvidence.ts";
export { type Fault, type GetFaultsParameters, getFaults } from "./actions/slashing/getFaults.ts";
export { type IsFaultPunishedParameters, isFaultPunished } from "./actions/slashing/isFaultPunished.ts";
export * from "./actions/slashing/reportBidEquivocation.ts";
export * from "./actions/slashing/reportContradictoryAttestations.ts";
export * from "./actions/slashing/reportDeliveryEquivocation.ts";
export type { ReportParameters, ReportResult } from "./actions/slashing/reportEvidence.ts";
export * from "./actions/slashing/reportVoteEquivocation.ts";
export type { StakeRegister } from "./actions/slashing/stakeRegister.ts";
export { type SubmitEvidenceParameters, submitEvidence } from "./actions/slashing/submitEvidence.ts";
export { type VoteEvidence, voteEvidenceOf } from "./actions/slashing/voteEvidence.ts";
export * from "./actions/tasks/acceptReassignment.ts";
export type { AssignedUnit } from "./actions/tasks/assignedUnit.ts";
export { type CancelTaskParameters, cancelTask } from "./actions/tasks/cancelTask.ts";
export { type ClaimRefundParameters, type ClaimRefundResult, claimRefund } from "./actions/tasks/claimRefund.ts";
export { type ConcludeTaskParameters, type ConcludeTaskResult, concludeTask } from "./actions/tasks/concludeTask.ts";
export { type Assignment, getAssignment, type UnitParameters } from "./actions/tasks/getAssignment.ts";
export { type Candidate, getCandidate } from "./actions/tasks/getCandidate.ts";
export { getJob, type Job } from "./actions/tasks/getJob.ts";
export { type GetPostingParameters, getPosting } from "./actions/tasks/getPosting.ts";
export { type DisputeTerms, getTask, type Task } from "./actions/tasks/getTask.ts";
export { getTaskCount } from "./actions/tasks/getTaskCount.ts";
export { completeTask, rejectTask, type VerdictParameters } from "./actions/tasks/giveVerdict.ts";
export type { DeliveryParameters } from "./actions/tasks/lockDelivery.ts";
export type { Mechanism } from "./actions/tasks/mechanism.ts";
export { type PostTaskParameters, type PostTaskResult, postTask, type Requirement } from "./actions/tasks/postTask.ts";
export { type SettleTaskParameters, type SettleTaskResult, settleTask } from "./actions/tasks/settleTask.ts";
export { type SignedDelivery, signDelivery } from "./actions/tasks/signDelivery.ts";
export { type SubmitDeliveryParameters, submitDelivery } from "./actions/tasks/submitDelivery.ts";
export type { JobStatus, TaskStatus, TenderPhase, UnitStatus, Verdict } from "./actions/tasks/taskStatus.ts";
export * from "./actions/tasks/withdrawPayment.ts";
export { getValidation, type Validation } from "./actions/validation/getValidation.ts";
export * from "./actions/validation/getValidationSummary.ts";
export { type RequestValidationParameters, requestValidation } from "./actions/validation/requestValidation.ts";
export { type RespondToValidationParameters, respondToValidation } from "./actions/validation/respondToValidation.ts";
export * from "./actions/validators/depositValidatorStake.ts";
export * from "./actions/validators/evictValidator.ts";
export * from "./actions/validators/exitValidatorSet.ts";
export * from "./actions/validators/getEpochs.ts";
export * from "./actions/validators/getValidatorSeat.ts";
export * from "./actions/validators/getValidatorSeats.ts";
export * from "./actions/validators/joinValidatorSet.ts";
export * from "./actions/validators/proposeValidator.ts";
export * from "./actions/validators/proposeValidatorRemoval.ts";
export * from "./actions/validators/requestValidatorUnbonding.ts";
export * from "./actions/validators/rotateValidatorKey.ts";
export type { SetChangeResult } from "./actions/validators/setChange.ts";
export * from "./actions/validators/setValidatorAddresses.ts";
export type { SeatStatus, ValidatorSeat } from "./actions/validators/validatorSeat.ts";
export * from "./actions/validators/withdrawValidatorStake.ts";
export type { Unwatch, WatchParameters } from "./actions/watch/followLogs.ts";
export type { PostedTask } from "./actions/watch/postedTask.ts";
export { type WatchAssignmentsParameters, watchAssignments } from "./actions/watch/watchAssignments.ts";
export { type DisputeEvent, type WatchDisputesParameters, watchDisputes } from "./actions/watch/watchDisputes.ts";
export { type FinalBlock, type WatchFinalityParameters, watchFinality } from "./actions/watch/watchFinality.ts";
export * from "./actions/watch/watchMarket.ts";
export { type Outcome, type WatchOutcomesParameters, watchOutcomes } from "./actions/watch/watchOutcomes.ts";
export { type Slashing, type WatchSlashingParameters, watchSlashing } from "./actions/watch/watchSlashing.ts";
export { type WatchTasksParameters, watchTasks } from "./actions/watch/watchTasks.ts";
export type { AgentEvent, AgentParameters, AgentStage, Job as AgentJob } from "./agent/agentParameters.ts";
export { type FileSignLockParameters, openFileSignLock } from "./agent/fileSignLock.ts";
export { type RunningAgent, runAgent } from "./agent/runAgent.ts";
export * from "./agent/runPanelMember.ts";
export type {
  AttestationRecord,
  AttestationSlot,
  BidRecord,
  BidSlot,
  DeliveryRecord,
  DeliverySlot,
  SignLock,
  SignLockRecord,
  StatementDomain,
} from "./agent/signLock.ts";
export * from "./attestations/attestationFile.ts";
export * from "./attestations/signAttestation.ts";
export { type VerifiedAttestation, verifyAttestation } from "./attestations/verifyAttestation.ts";
export { type AssignmentRecord, assignmentSlots, decodeAssignment } from "./certificates/assignmentRecord.ts";
export {
  decodeExecutionHeader,
  digestOfConsensusHeader,
  type ExecutionHeaderFields,
  hashOfExecutionHeader,
} from "./certificates/headers.ts";
export { type ProofOutcome, verifyMerkleProof } from "./certificates/merkleProof.ts";
export { type ValidatorSet, validatorSetOfGenesis } from "./certificates/validatorSet.ts";
export { type ProvenAssignment, verifyAssignmentCertificate } from "./certificates/verifyAssignmentCertificate.ts";
export { verifyEpochCertificate } from "./certificates/verifyEpochCertificate.ts";
export { verifyFinalization } from "./certificates/verifyFinalization.ts";
export { type AllotActions, allotActions } from "./clients/allotActions.ts";
export { type AllotChainParameters, allotChain } from "./clients/allotChain.ts";
export type { AllotContext, AllotCore, BaseClient } from "./clients/context.ts";
export { type AllotClient, type CreateAllotClientParameters, createAllotClient } from "./clients/createAllotClient.ts";
export { type ReadyNodesParameters, readyNodes } from "./clients/readyNodes.ts";
export { type RuleAddresses, ruleAddresses, ruleAddressesFrom } from "./contracts.ts";
export { AttestationError, type AttestationErrorCode } from "./errors/attestationError.ts";
export { type DocsPath, SdkError, type SdkErrorParameters } from "./errors/base.ts";
export { CertificateError, type CertificateErrorCode } from "./errors/certificateError.ts";
export { ClientError, type ClientErrorCode } from "./errors/clientError.ts";
export { EvidenceError, type EvidenceErrorCode } from "./errors/evidenceError.ts";
export { RegistrationError, type RegistrationErrorCode } from "./errors/registrationError.ts";
export { RevertedError, type RevertedErrorCode } from "./errors/revertedError.ts";
export type { RuleErrorName } from "./errors/ruleSentences.ts";
export { SignLockError, type SignLockErrorCode } from "./errors/signLockError.ts";
export * from "./evidence/evidenceFile.ts";
export * from "./evidence/exportEvidence.ts";
export * from "./evidence/faultIdOf.ts";
export * from "./evidence/readEvidenceFile.ts";
export { registerOf } from "./evidence/registerOf.ts";
export * from "./evidence/verifyEvidence.ts";
export * from "./publicAbis.ts";
export { type ReadRegistrationFileParameters, readRegistrationFile } from "./registration/readRegistrationFile.ts";
export * from "./registration/registrationFile.ts";
export type { TransactionParameters, WriteParameters, WriteResult } from "./transactions/sendTransaction.ts";
export type { SentTransaction, TransactionQueue, TransactionRequest } from "./transactions/transactionQueue.ts";
export {
  type AgentWalletProof,
  hashAgentWalletProof,
  type IdentityDomain,
  identityDomain,
  signAgentWalletProof,
} from "./typedData/agentWallet.ts";
export * from "./typedData/attestation.ts";
export * from "./typedData/bid.ts";
export { type BidKeyProof, bidKeyTypes, hashBidKeyProof, signBidKeyProof } from "./typedData/bidKey.ts";
export {
  type CapabilityClaim,
  capabilitySchemaIdOf,
  decodeCapabilityClaim,
  encodeCapabilityClaim,
} from "./typedData/capabilityClaim.ts";
export { commitmentOf, type Opening, randomSalt } from "./typedData/commitment.ts";
export * from "./typedData/delivery.ts";
export * from "./typedData/domain.ts";
export { hashVote, recoverVoteSigner } from "./typedData/vote.ts";
export { type SealedVote, voteCommitmentOf } from "./typedData/voteCommitment.ts";
