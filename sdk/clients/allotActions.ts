// Every action as a method of the client: `client.postTask(parameters)` is `postTask(client, parameters)`.

import { accuseFalseCapability } from "../actions/accusations/accuseFalseCapability.ts";
import { closeAccusation } from "../actions/accusations/closeAccusation.ts";
import { getAccusation } from "../actions/accusations/getAccusation.ts";
import { getAccusations } from "../actions/accusations/getAccusations.ts";
import { proposeRuling } from "../actions/accusations/proposeRuling.ts";
import { secondAccusation } from "../actions/accusations/secondAccusation.ts";
import { depositStake } from "../actions/agents/depositStake.ts";
import { getAgent } from "../actions/agents/getAgent.ts";
import { getAgentCount } from "../actions/agents/getAgentCount.ts";
import { getAgentIdOf } from "../actions/agents/getAgentIdOf.ts";
import { getBidKeys } from "../actions/agents/getBidKeys.ts";
import { getReward } from "../actions/agents/getReward.ts";
import { registerAgent } from "../actions/agents/registerAgent.ts";
import { requestUnbonding } from "../actions/agents/requestUnbonding.ts";
import { revokeBidKey } from "../actions/agents/revokeBidKey.ts";
import { setBidKey } from "../actions/agents/setBidKey.ts";
import { setCapacity } from "../actions/agents/setCapacity.ts";
import { withdrawReward } from "../actions/agents/withdrawReward.ts";
import { withdrawStake } from "../actions/agents/withdrawStake.ts";
import { depositAttesterStake } from "../actions/attesters/depositAttesterStake.ts";
import { getAttester } from "../actions/attesters/getAttester.ts";
import { getAttesters } from "../actions/attesters/getAttesters.ts";
import { requestAttesterUnbonding } from "../actions/attesters/requestAttesterUnbonding.ts";
import { withdrawAttesterStake } from "../actions/attesters/withdrawAttesterStake.ts";
import { commitBid } from "../actions/bids/commitBid.ts";
import { getBids } from "../actions/bids/getBids.ts";
import { getCommitment } from "../actions/bids/getCommitment.ts";
import { getTender } from "../actions/bids/getTender.ts";
import { relayBid } from "../actions/bids/relayBid.ts";
import { revealBid } from "../actions/bids/revealBid.ts";
import { signBid } from "../actions/bids/signBid.ts";
import { attestByDelegation } from "../actions/capabilities/attestByDelegation.ts";
import { attestCapability } from "../actions/capabilities/attestCapability.ts";
import { getAttestations } from "../actions/capabilities/getAttestations.ts";
import { getCapabilities } from "../actions/capabilities/getCapabilities.ts";
import { getCapability } from "../actions/capabilities/getCapability.ts";
import { refreshCapability } from "../actions/capabilities/refreshCapability.ts";
import { revokeByDelegation } from "../actions/capabilities/revokeByDelegation.ts";
import { revokeCapability } from "../actions/capabilities/revokeCapability.ts";
import { signDelegatedAttestation } from "../actions/capabilities/signDelegatedAttestation.ts";
import { signDelegatedRevocation } from "../actions/capabilities/signDelegatedRevocation.ts";
import { submitAttestation } from "../actions/capabilities/submitAttestation.ts";
import { approveCredits } from "../actions/credits/approveCredits.ts";
import { getCredits } from "../actions/credits/getCredits.ts";
import { transferCredits } from "../actions/credits/transferCredits.ts";
import { commitVote } from "../actions/disputes/commitVote.ts";
import { concludeDispute } from "../actions/disputes/concludeDispute.ts";
import { getDispute } from "../actions/disputes/getDispute.ts";
import { getPanelMembers } from "../actions/disputes/getPanelMembers.ts";
import { joinPanel } from "../actions/disputes/joinPanel.ts";
import { leavePanel } from "../actions/disputes/leavePanel.ts";
import { objectToVerdict } from "../actions/disputes/objectToVerdict.ts";
import { removeLapsedMember } from "../actions/disputes/removeLapsedMember.ts";
import { revealVote } from "../actions/disputes/revealVote.ts";
import { withdrawFromPanel } from "../actions/disputes/withdrawFromPanel.ts";
import { approveProposal } from "../actions/governance/approveProposal.ts";
import { cancelProposal } from "../actions/governance/cancelProposal.ts";
import { executeProposal } from "../actions/governance/executeProposal.ts";
import { getMember } from "../actions/governance/getMember.ts";
import { getOperators } from "../actions/governance/getOperators.ts";
import { getOrganisations } from "../actions/governance/getOrganisations.ts";
import { getParameters } from "../actions/governance/getParameters.ts";
import { getProposal } from "../actions/governance/getProposal.ts";
import { getProposals } from "../actions/governance/getProposals.ts";
import { isMarketPaused } from "../actions/governance/isMarketPaused.ts";
import { proposeCall } from "../actions/governance/proposeCall.ts";
import { proposeParameters } from "../actions/governance/proposeParameters.ts";
import { queueProposal } from "../actions/governance/queueProposal.ts";
import { withdrawApproval } from "../actions/governance/withdrawApproval.ts";
import { getAgentsOf } from "../actions/identity/getAgentsOf.ts";
import { getAgentWallet } from "../actions/identity/getAgentWallet.ts";
import { getMetadata } from "../actions/identity/getMetadata.ts";
import { readAgentFile } from "../actions/identity/readAgentFile.ts";
import { setAgentUri } from "../actions/identity/setAgentUri.ts";
import { setAgentWallet } from "../actions/identity/setAgentWallet.ts";
import { setMetadata } from "../actions/identity/setMetadata.ts";
import { transferAgent } from "../actions/identity/transferAgent.ts";
import { unsetAgentWallet } from "../actions/identity/unsetAgentWallet.ts";
import { getAssignmentCertificate } from "../actions/node/getAssignmentCertificate.ts";
import { getEpochCertificates } from "../actions/node/getEpochCertificates.ts";
import { getFinalization } from "../actions/node/getFinalization.ts";
import { getNodeStatus } from "../actions/node/getNodeStatus.ts";
import { getValidators } from "../actions/node/getValidators.ts";
import { getVoteEvidence } from "../actions/node/getVoteEvidence.ts";
import { appendResponse } from "../actions/reputation/appendResponse.ts";
import { getReputationSummary } from "../actions/reputation/getReputationSummary.ts";
import { getResponseCount } from "../actions/reputation/getResponseCount.ts";
import { getTally } from "../actions/reputation/getTally.ts";
import { giveFeedback } from "../actions/reputation/giveFeedback.ts";
import { readAllFeedback } from "../actions/reputation/readAllFeedback.ts";
import { readFeedback } from "../actions/reputation/readFeedback.ts";
import { recordOutcome } from "../actions/reputation/recordOutcome.ts";
import { revokeFeedback } from "../actions/reputation/revokeFeedback.ts";
import { burnUnclaimedReward } from "../actions/slashing/burnUnclaimedReward.ts";
import { findAttestationEvidence } from "../actions/slashing/findAttestationEvidence.ts";
import { findBidEvidence } from "../actions/slashing/findBidEvidence.ts";
import { getFaults } from "../actions/slashing/getFaults.ts";
import { isFaultPunished } from "../actions/slashing/isFaultPunished.ts";
import { reportBidEquivocation } from "../actions/slashing/reportBidEquivocation.ts";
import { reportContradictoryAttestations } from "../actions/slashing/reportContradictoryAttestations.ts";
import { reportDeliveryEquivocation } from "../actions/slashing/reportDeliveryEquivocation.ts";
import { reportVoteEquivocation } from "../actions/slashing/reportVoteEquivocation.ts";
import { submitEvidence } from "../actions/slashing/submitEvidence.ts";
import { acceptReassignment } from "../actions/tasks/acceptReassignment.ts";
import { cancelTask } from "../actions/tasks/cancelTask.ts";
import { claimRefund } from "../actions/tasks/claimRefund.ts";
import { concludeTask } from "../actions/tasks/concludeTask.ts";
import { getAssignment } from "../actions/tasks/getAssignment.ts";
import { getCandidate } from "../actions/tasks/getCandidate.ts";
import { getJob } from "../actions/tasks/getJob.ts";
import { getPosting } from "../actions/tasks/getPosting.ts";
import { getTask } from "../actions/tasks/getTask.ts";
import { getTaskCount } from "../actions/tasks/getTaskCount.ts";
import { completeTask, rejectTask } from "../actions/tasks/giveVerdict.ts";
import { postTask } from "../actions/tasks/postTask.ts";
import { settleTask } from "../actions/tasks/settleTask.ts";
import { signDelivery } from "../actions/tasks/signDelivery.ts";
import { submitDelivery } from "../actions/tasks/submitDelivery.ts";
import { withdrawPayment } from "../actions/tasks/withdrawPayment.ts";
import { getValidation } from "../actions/validation/getValidation.ts";
import { getValidationSummary } from "../actions/validation/getValidationSummary.ts";
import { requestValidation } from "../actions/validation/requestValidation.ts";
import { respondToValidation } from "../actions/validation/respondToValidation.ts";
import { watchAssignments } from "../actions/watch/watchAssignments.ts";
import { watchDisputes } from "../actions/watch/watchDisputes.ts";
import { watchFinality } from "../actions/watch/watchFinality.ts";
import { watchMarket } from "../actions/watch/watchMarket.ts";
import { watchOutcomes } from "../actions/watch/watchOutcomes.ts";
import { watchSlashing } from "../actions/watch/watchSlashing.ts";
import { watchTasks } from "../actions/watch/watchTasks.ts";
import type { AllotCore } from "./context.ts";
import { validatorActions } from "./validatorActions.ts";

const actions = {
  ...validatorActions,
  acceptReassignment,
  accuseFalseCapability,
  appendResponse,
  approveCredits,
  approveProposal,
  attestByDelegation,
  attestCapability,
  reportContradictoryAttestations,
  withdrawAttesterStake,
  requestAttesterUnbonding,
  getAttester,
  getAttesters,
  depositAttesterStake,
  burnUnclaimedReward,
  cancelProposal,
  cancelTask,
  claimRefund,
  closeAccusation,
  commitBid,
  commitVote,
  completeTask,
  concludeDispute,
  concludeTask,
  depositStake,
  executeProposal,
  getAccusation,
  getAccusations,
  findAttestationEvidence,
  findBidEvidence,
  getAgent,
  getAgentCount,
  getAgentIdOf,
  getAgentWallet,
  getAgentsOf,
  getAssignment,
  getAssignmentCertificate,
  getEpochCertificates,
  getAttestations,
  getBidKeys,
  getBids,
  getCandidate,
  getCapabilities,
  getCapability,
  getCommitment,
  getCredits,
  getDispute,
  getFaults,
  getFinalization,
  getJob,
  getMember,
  getMetadata,
  getNodeStatus,
  getOperators,
  getOrganisations,
  getPanelMembers,
  getParameters,
  getPosting,
  getProposal,
  getProposals,
  getReputationSummary,
  getResponseCount,
  getReward,
  getTally,
  getTask,
  getTaskCount,
  getTender,
  getValidation,
  getValidationSummary,
  getValidators,
  getVoteEvidence,
  giveFeedback,
  isFaultPunished,
  isMarketPaused,
  joinPanel,
  leavePanel,
  objectToVerdict,
  postTask,
  proposeCall,
  proposeParameters,
  proposeRuling,
  queueProposal,
  readAgentFile,
  readAllFeedback,
  readFeedback,
  recordOutcome,
  refreshCapability,
  registerAgent,
  rejectTask,
  relayBid,
  removeLapsedMember,
  reportBidEquivocation,
  reportDeliveryEquivocation,
  reportVoteEquivocation,
  requestUnbonding,
  requestValidation,
  respondToValidation,
  revealBid,
  revealVote,
  revokeBidKey,
  revokeByDelegation,
  revokeCapability,
  revokeFeedback,
  secondAccusation,
  setAgentUri,
  setAgentWallet,
  setBidKey,
  setCapacity,
  setMetadata,
  settleTask,
  signBid,
  signDelegatedAttestation,
  signDelegatedRevocation,
  signDelivery,
  submitAttestation,
  submitDelivery,
  submitEvidence,
  transferAgent,
  transferCredits,
  unsetAgentWallet,
  watchAssignments,
  watchDisputes,
  watchFinality,
  watchMarket,
  watchOutcomes,
  watchSlashing,
  watchTasks,
  withdrawApproval,
  withdrawFromPanel,
  withdrawPayment,
  withdrawReward,
  withdrawStake,
} as const;

type Actions = typeof actions;

/** The actions without their first parameter. */
export type AllotActions = {
  readonly [Name in keyof Actions]: Actions[Name] extends (client: AllotCore, ...rest: infer Rest) => infer Result
    ? (...rest: Rest) => Result
    : never;
};

/** Binds every action to a client. */
export function allotActions(client: AllotCore): AllotActions {
  return Object.fromEntries(
    Object.entries(actions).map(([name, action]) => [
      name,
      (...rest: unknown[]) => (action as (client: AllotCore, ...rest: unknown[]) => unknown)(client, ...rest),
    ]),
  ) as unknown as AllotActions;
}
