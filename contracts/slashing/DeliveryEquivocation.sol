// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IDeliveryEquivocation} from "../interfaces/IDeliveryEquivocation.sol";
import {IJobEscrow} from "../interfaces/IJobEscrow.sol";
import {StatementDomain} from "../market/StatementDomain.sol";
import {AgentEquivocation} from "./AgentEquivocation.sol";

/// @title Delivery equivocation
/// @notice An agent makes one delivery per job. Two different ones, signed or submitted on chain, are a fault: it costs
/// the larger of a fixed amount and a share of the bonded and unbonding stake, and the agent is suspended.
/// @dev The list holds escrows and the markets whose jobs count: a job that a stranger made in an escrow obliges nobody.
/// Evidence counts until the job expires; a market's expiry lies no further behind an agent's obligation than the
/// shortest unbonding delay that Parameters permits, so that stake stays in reach all that time.
contract DeliveryEquivocation is IDeliveryEquivocation, AgentEquivocation {
    bytes32 private constant KIND = keccak256("allot.fault.delivery-equivocation");
    bytes32 private constant DELIVERY_TYPEHASH =
        keccak256("Delivery(uint256 jobId,uint256 agentId,bytes32 deliverable)");

    /// @notice Random word drawn once per network.
    bytes32 public immutable networkId;

    /// @notice The network's id is zero.
    error DeliveryEquivocationNetworkIdMissing();
    /// @notice Evidence about this job no longer counts.
    error DeliveryEquivocationTooOld(uint256 jobId, uint256 until);
    /// @notice A signature is malformed, has a high s, or recovers to nobody.
    error DeliveryEquivocationSignatureInvalid(uint256 statement);
    /// @notice The author of a statement is not the job's provider, or the provider is not the agent's key.
    error DeliveryEquivocationAuthorInvalid(address author, uint256 agentId);
    /// @notice Nothing has been submitted on chain for the job.
    error DeliveryEquivocationNoSubmission(uint256 jobId);
    /// @notice Both statements deliver the same.
    error DeliveryEquivocationConsistent();

    constructor(Wiring memory wiring, bytes32 networkId_, address[] memory sources)
        AgentEquivocation(wiring, sources)
    {
        if (networkId_ == 0) revert DeliveryEquivocationNetworkIdMissing();
        networkId = networkId_;
    }

    /// @inheritdoc IDeliveryEquivocation
    function report(DeliveryEvidence calldata evidence) external returns (bytes32 faultId) {
        faultId = verify(evidence);
        _punish(faultId, evidence.agentId, subjectOf(evidence.escrow, evidence.jobId), _penaltyFor(evidence));
    }

    /// @inheritdoc IDeliveryEquivocation
    function reportCommitted(DeliveryEvidence calldata evidence, bytes32 salt) external returns (bytes32 faultId) {
        faultId = verify(evidence);
        bytes32 commitment = evidenceCommitment(evidence, msg.sender, salt);
        bytes32 subject = subjectOf(evidence.escrow, evidence.jobId);
        _punishAndReward(faultId, evidence.agentId, subject, _penaltyFor(evidence), commitment);
    }

    /// @inheritdoc IDeliveryEquivocation
    function verify(DeliveryEvidence calldata evidence) public view returns (bytes32 faultId) {
        _requireSource(evidence.escrow);
        // Reverts for a job that does not exist.
        IJobEscrow.Job memory job = IJobEscrow(evidence.escrow).getJob(evidence.jobId);
        _requireSource(job.client);
        if (block.timestamp > job.expiredAt) revert DeliveryEquivocationTooOld(evidence.jobId, job.expiredAt);
        if (ledger.agentIdOf(job.provider) != evidence.agentId) {
            revert DeliveryEquivocationAuthorInvalid(job.provider, evidence.agentId);
        }
        _checkSignature(evidence, job.provider, evidence.deliverableA, evidence.signatureA, 0);
        if (evidence.signatureB.length != 0) {
            _checkSignature(evidence, job.provider, evidence.deliverableB, evidence.signatureB, 1);
        }
        if (evidence.deliverableA == _secondOf(evidence)) revert DeliveryEquivocationConsistent();
        return faultIdOf(evidence.escrow, evidence.jobId, evidence.agentId);
    }

    /// @inheritdoc IDeliveryEquivocation
    function evidenceCommitment(DeliveryEvidence calldata evidence, address reporter, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        _requireSource(evidence.escrow);
        (bytes32 a, bytes32 b) = (evidence.deliverableA, _secondOf(evidence));
        if (a > b) (a, b) = (b, a);
        bytes32 faultId = faultIdOf(evidence.escrow, evidence.jobId, evidence.agentId);
        return keccak256(abi.encode(faultId, a, b, reporter, salt));
    }

    /// @inheritdoc IDeliveryEquivocation
    function faultIdOf(address escrow, uint256 jobId, uint256 agentId) public pure returns (bytes32) {
        return _faultIdOf(KIND, agentId, subjectOf(escrow, jobId));
    }

    /// @inheritdoc IDeliveryEquivocation
    function subjectOf(address escrow, uint256 jobId) public pure returns (bytes32) {
        return keccak256(abi.encode(escrow, jobId));
    }

    /// @inheritdoc IDeliveryEquivocation
    function deliveryDigest(address escrow, uint256 jobId, uint256 agentId, bytes32 deliverable)
        public
        view
        returns (bytes32)
    {
        bytes32 structHash = keccak256(abi.encode(DELIVERY_TYPEHASH, jobId, agentId, deliverable));
        return MessageHashUtils.toTypedDataHash(StatementDomain.separatorOf(networkId, escrow), structHash);
    }

    function _penaltyFor(DeliveryEvidence calldata evidence) private view returns (uint256) {
        return penaltyOf(evidence.agentId, IJobEscrow(evidence.escrow).createdAtOf(evidence.jobId));
    }

    /// @dev What the second statement delivers: signed, or as the provider submitted it.
    function _secondOf(DeliveryEvidence calldata evidence) private view returns (bytes32) {
        if (evidence.signatureB.length != 0) return evidence.deliverableB;
        (, uint40 submittedAt, bytes32 deliverable) = IJobEscrow(evidence.escrow).submissionOf(evidence.jobId);
        if (submittedAt == 0) revert DeliveryEquivocationNoSubmission(evidence.jobId);
        return deliverable;
    }

    /// @dev A provider is fixed with its job: no other key of the agent delivers it.
    function _checkSignature(
        DeliveryEvidence calldata evidence,
        address provider,
        bytes32 deliverable,
        bytes calldata signature,
        uint256 statement
    ) private view {
        bytes32 digest = deliveryDigest(evidence.escrow, evidence.jobId, evidence.agentId, deliverable);
        (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecover(digest, signature);
        if (fault != ECDSA.RecoverError.NoError) revert DeliveryEquivocationSignatureInvalid(statement);
        if (signer != provider) revert DeliveryEquivocationAuthorInvalid(signer, evidence.agentId);
    }
}
