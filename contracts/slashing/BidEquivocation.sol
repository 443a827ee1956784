// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IBidEquivocation} from "../interfaces/IBidEquivocation.sol";
import {IMarketTender} from "../interfaces/IMarketTender.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {AgentEquivocation} from "./AgentEquivocation.sol";

/// @title Bid equivocation
/// @notice An agent makes one commitment per tender. Two different ones, signed or made on chain, are a fault: it costs
/// the larger of a fixed amount and a share of the bonded and unbonding stake, and the agent is suspended.
/// @dev Two commitments differ when their first 248 bits do, which is what a tender stores. A commitment on chain is a
/// statement of its author, whoever relayed it.
contract BidEquivocation is IBidEquivocation, AgentEquivocation {
    bytes32 private constant KIND = keccak256("allot.fault.bid-equivocation");
    uint256 private constant COMMITMENT_MASK = ~uint256(0xff);

    /// @notice An agent has only slot 0 in a tender.
    error BidEquivocationSlotInvalid(uint64 slot);
    /// @notice Evidence about this tender no longer counts.
    error BidEquivocationTooOld(bytes32 tenderId, uint256 until);
    /// @notice A signature is malformed, has a high s, or recovers to nobody.
    error BidEquivocationSignatureInvalid(uint256 statement);
    /// @notice The author of a statement is not a bid key of the agent for this tender.
    error BidEquivocationAuthorInvalid(address author, uint256 agentId);
    /// @notice The bid key has committed nothing on chain.
    error BidEquivocationNoCommitment(bytes32 tenderId, address bidder);
    /// @notice Both statements make the same commitment.
    error BidEquivocationConsistent();

    constructor(Wiring memory wiring, address[] memory tenders) AgentEquivocation(wiring, tenders) {}

    /// @inheritdoc IBidEquivocation
    function report(BidEvidence calldata evidence) external returns (bytes32 faultId) {
        faultId = verify(evidence);
        uint256 penalty = penaltyOf(evidence.agentId, IMarketTender(evidence.tender).openedAt(evidence.tenderId));
        _punish(faultId, evidence.agentId, evidence.tenderId, penalty);
    }

    /// @inheritdoc IBidEquivocation
    function reportCommitted(BidEvidence calldata evidence, bytes32 salt) external returns (bytes32 faultId) {
        faultId = verify(evidence);
        bytes32 commitment = evidenceCommitment(evidence, msg.sender, salt);
        uint256 penalty = penaltyOf(evidence.agentId, IMarketTender(evidence.tender).openedAt(evidence.tenderId));
        _punishAndReward(faultId, evidence.agentId, evidence.tenderId, penalty, commitment);
    }

    /// @inheritdoc IBidEquivocation
    function verify(BidEvidence calldata evidence) public view returns (bytes32 faultId) {
        _requireSource(evidence.tender);
        if (evidence.slot != 0) revert BidEquivocationSlotInvalid(evidence.slot);
        IMarketTender tender = IMarketTender(evidence.tender);
        // Reverts for a tender that does not exist.
        uint256 until = tender.revealDeadlineOf(evidence.tenderId);
        until += parameters.lowerOf(IParameters.Parameter.EvidenceAge, tender.openedAt(evidence.tenderId));
        if (block.timestamp > until) revert BidEquivocationTooOld(evidence.tenderId, until);
        _checkAuthor(evidence, _signerOf(tender, evidence, evidence.commitmentA, evidence.signatureA, 0));
        if (evidence.signatureB.length != 0) {
            _checkAuthor(evidence, _signerOf(tender, evidence, evidence.commitmentB, evidence.signatureB, 1));
        }
        (uint256 a, uint256 b) = _commitmentsOf(evidence);
        if (a == b) revert BidEquivocationConsistent();
        return faultIdOf(evidence.tenderId, evidence.agentId);
    }

    /// @inheritdoc IBidEquivocation
    function evidenceCommitment(BidEvidence calldata evidence, address reporter, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        _requireSource(evidence.tender);
        (uint256 a, uint256 b) = _commitmentsOf(evidence);
        if (a > b) (a, b) = (b, a);
        return keccak256(abi.encode(faultIdOf(evidence.tenderId, evidence.agentId), a, b, reporter, salt));
    }

    /// @inheritdoc IBidEquivocation
    function faultIdOf(bytes32 tenderId, uint256 agentId) public pure returns (bytes32) {
        return _faultIdOf(KIND, agentId, tenderId);
    }

    /// @dev Both commitments, first 248 bits. What is on chain is its author's statement.
    function _commitmentsOf(BidEvidence calldata evidence) private view returns (uint256 a, uint256 b) {
        a = uint256(evidence.commitmentA) & COMMITMENT_MASK;
        if (evidence.signatureB.length != 0) return (a, uint256(evidence.commitmentB) & COMMITMENT_MASK);
        (bytes32 made,) = IMarketTender(evidence.tender).commitmentOf(evidence.tenderId, evidence.bidderB);
        if (made == 0) revert BidEquivocationNoCommitment(evidence.tenderId, evidence.bidderB);
        if (ledger.agentIdOf(evidence.bidderB) != evidence.agentId) {
            revert BidEquivocationAuthorInvalid(evidence.bidderB, evidence.agentId);
        }
        return (a, uint256(made));
    }

    function _signerOf(
        IMarketTender tender,
        BidEvidence calldata evidence,
        bytes32 commitment,
        bytes calldata signature,
        uint256 statement
    ) private view returns (address signer) {
        bytes32 digest = tender.bidDigest(
            IMarketTender.BidStatement(evidence.tenderId, evidence.agentId, evidence.slot, commitment)
        );
        ECDSA.RecoverError fault;
        (signer, fault,) = ECDSA.tryRecover(digest, signature);
        if (fault != ECDSA.RecoverError.NoError) revert BidEquivocationSignatureInvalid(statement);
    }

    /// @dev A key of another agent, or one whose time was not the tender's, states nothing for this agent.
    function _checkAuthor(BidEvidence calldata evidence, address author) private view {
        bool key = ledger.agentIdOf(author) == evidence.agentId;
        uint256 openedAt = IMarketTender(evidence.tender).openedAt(evidence.tenderId);
        if (!key || !ledger.isKeyFor(author, openedAt)) {
            revert BidEquivocationAuthorInvalid(author, evidence.agentId);
        }
    }
}
