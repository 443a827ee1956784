// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IAwardMechanism} from "../interfaces/IAwardMechanism.sol";
import {IMarketTender} from "../interfaces/IMarketTender.sol";
import {ISealedBidTender} from "../interfaces/ISealedBidTender.sol";
import {MarketDomain} from "./MarketDomain.sol";
import {TenderAwards} from "./TenderAwards.sol";
import {TenderWord, TenderWords} from "./TenderWord.sol";
import {Word} from "./Word.sol";

/// @title Sealed-bid tenders of agents (ERC-8469)
/// @notice Commit, reveal, finalize. Only known bid keys of eligible agents may commit; what a commitment puts at risk is
/// a lock on the agent's stake, returned on reveal and burned without one, so that `terms.bond` is always 0.
/// @dev Every check of a commitment but the tender's own state is one call of the ledger. Revealing, and whatever else
/// has a deadline, never asks whether the agent is still eligible.
/// Stricter than ERC-8469, as its text permits: `openTender` is closed in favour of `openMarketTender`; bonds are 0, so
/// that `claimSlashed` finds nothing; mechanisms come from a list; amounts are 1 to 2^96 - 1, reserves below 2^64, bidders
/// and units at most 256, windows at most 2^24 - 1 seconds; commitments are kept and compared by their first 248 bits.
contract SealedBidTender is TenderAwards, MarketDomain {
    bytes32 private constant BID_TYPEHASH =
        keccak256("Bid(bytes32 tenderId,uint256 agentId,uint64 slot,bytes32 commitment)");

    /// @notice Ether, or an ERC-20 bond, where stake is the only bond.
    error TenderBondRefused();
    /// @notice The tender does not take commitments: other phase, or past its deadline.
    error TenderNotCommitting(bytes32 tenderId);
    /// @notice The tender does not take reveals: other phase, or outside its window.
    error TenderNotRevealing(bytes32 tenderId);
    /// @notice The reveal window is not over, or the tender has ended.
    error TenderNotFinalizable(bytes32 tenderId);
    /// @notice The tender has as many commitments as it takes.
    error TenderFull(bytes32 tenderId);
    /// @notice The first 248 bits of the commitment are zero.
    error TenderCommitmentEmpty();
    /// @notice The bidder has committed before.
    error TenderAlreadyCommitted(bytes32 tenderId, address bidder);
    /// @notice The bidder belongs to the requester's organisation.
    error TenderOwnOrganisation(bytes32 tenderId, uint256 organisation);
    /// @notice The bidder belongs to the organisation of the tender's independent evaluator.
    error TenderEvaluatorOrganisation(bytes32 tenderId, uint256 organisation);
    /// @notice Another agent of the organisation has committed.
    error TenderOrganisationIn(bytes32 tenderId, uint256 organisation);
    /// @notice The signature is no valid one.
    error TenderSignatureInvalid();
    /// @notice The statement is for another slot than 0, or its signer is not the agent's.
    error TenderStatementInvalid(address signer, uint256 agentId);
    /// @notice The bidder has not committed.
    error TenderNoCommitment(bytes32 tenderId, address bidder);
    /// @notice The bidder has revealed before.
    error TenderAlreadyRevealed(bytes32 tenderId, address bidder);
    /// @notice Amount and salt are not those of the commitment.
    error TenderOpeningMismatch(bytes32 tenderId, address bidder);
    /// @notice The amount is 0 or does not fit 96 bits.
    error TenderAmountInvalid(uint256 amount);
    /// @notice The tender is not awarded.
    error TenderNotAwarded(bytes32 tenderId);
    /// @notice Nothing is ever credited to a slash recipient: burned locks are burned.
    error TenderNothingSlashed(bytes32 tenderId);

    /// @notice Fixes ledger, market and mechanisms for good.
    /// @param ledger_ The AgentLedger.
    /// @param market_ The TaskMarket, the only requester.
    /// @param mechanisms The award rules that tenders may use.
    /// @param networkId_ Salt of the EIP-712 domain.
    constructor(IAgentLedger ledger_, address market_, address[] memory mechanisms, bytes32 networkId_)
        TenderAwards(ledger_, market_, mechanisms)
        MarketDomain(networkId_)
    {}

    /// @inheritdoc ISealedBidTender
    function commitBid(bytes32 tenderId, bytes32 commitment) external payable {
        if (msg.value != 0) revert TenderBondRefused();
        _commit(tenderId, msg.sender, commitment);
    }

    /// @inheritdoc IMarketTender
    function commitBidFor(BidStatement calldata bid, bytes calldata signature) external returns (address bidder) {
        ECDSA.RecoverError fault;
        (bidder, fault,) = ECDSA.tryRecover(bidDigest(bid), signature);
        if (fault != ECDSA.RecoverError.NoError) revert TenderSignatureInvalid();
        uint256 agentId = _commit(bid.tenderId, bidder, bid.commitment);
        if (bid.slot != 0 || agentId != bid.agentId) revert TenderStatementInvalid(bidder, bid.agentId);
    }

    /// @inheritdoc ISealedBidTender
    function revealBid(bytes32 tenderId, uint256 amount, bytes32 salt) external {
        _reveal(tenderId, msg.sender, amount, salt);
    }

    /// @inheritdoc IMarketTender
    function revealBidFor(bytes32 tenderId, address bidder, uint256 amount, bytes32 salt) external {
        _reveal(tenderId, bidder, amount, salt);
    }

    /// @inheritdoc ISealedBidTender
    function finalize(bytes32 tenderId) external returns (IAwardMechanism.Award[] memory awards) {
        (Tender storage tender, TenderWord head) = _opened(tenderId);
        bool open = head.phase() == uint256(Phase.Commit) || head.phase() == uint256(Phase.Reveal);
        if (!open || block.timestamp <= head.revealDeadline()) revert TenderNotFinalizable(tenderId);
        uint256[] memory bids = _bidsOf(tenderId, head.count());
        uint256[] memory positions;
        uint256 winners;
        (awards, positions, winners) = _awardOf(tenderId, tender, bids);
        tender.head = head.withPhase(uint256(awards.length == 0 ? Phase.Void : Phase.Awarded));
        _recordAward(tenderId, tender.mechanism, bids, awards, positions);
        _endCommitments(tenderId, bids, winners, head.lock());
    }

    /// @inheritdoc ISealedBidTender
    /// @dev Always reverts: there are no bonds, and burned locks belong to nobody.
    function claimSlashed(bytes32 tenderId) external view returns (uint256) {
        _existing(tenderId);
        revert TenderNothingSlashed(tenderId);
    }

    /// @inheritdoc IMarketTender
    function awardWithout(bytes32 tenderId, address[] calldata excluded)
        external
        view
        returns (IAwardMechanism.Award[] memory awards)
    {
        (Tender storage tender, TenderWord head) = _opened(tenderId);
        if (head.phase() != uint256(Phase.Awarded)) revert TenderNotAwarded(tenderId);
        uint256[] memory bids = _bidsOf(tenderId, head.count());
        mapping(address bidder => Word) storage commitments = _commitments[tenderId];
        for (uint256 i = 0; i < excluded.length; i++) {
            uint256 commitment = commitments[excluded[i]].value;
            if (commitment != 0) bids[commitment & ~COMMITMENT_MASK] = 0;
        }
        (awards,,) = _awardOf(tenderId, tender, bids);
    }

    /// @inheritdoc IMarketTender
    function checkEligible(bytes32 tenderId, address bidder) external view returns (uint256 agentId) {
        (Tender storage tender, TenderWord head) = _opened(tenderId);
        bool listed = head.level() == TenderWords.LEVEL_LIST;
        bytes32 capability = listed ? bytes32(0) : tender.capability;
        agentId =
            ledger.checkBidder(bidder, head.openedAt(), head.lock(), head.minStake(), capability, head.level());
        if (listed) _checkRequirements(tenderId, agentId);
        uint256 organisation = ledger.agentOf(agentId).organisation;
        if (organisation == tender.requesterOrganisation) revert TenderOwnOrganisation(tenderId, organisation);
        if (organisation == tender.evaluatorOrganisation) revert TenderEvaluatorOrganisation(tenderId, organisation);
    }

    /// @inheritdoc IMarketTender
    function bidDigest(BidStatement calldata bid) public view returns (bytes32) {
        return _digestOf(keccak256(abi.encode(BID_TYPEHASH, bid.tenderId, bid.agentId, bid.slot, bid.commitment)));
    }

    /// @dev The hot path: one word of the tender, one of the organisations, one call of the ledger, two new words.
    function _commit(bytes32 tenderId, address bidder, bytes32 commitment) private returns (uint256 agentId) {
        (Tender storage tender, TenderWord head) = _opened(tenderId);
        if (head.phase() != uint256(Phase.Commit) || block.timestamp > head.commitDeadline()) {
            revert TenderNotCommitting(tenderId);
        }
        uint256 count = head.count();
        if (count == head.cap()) revert TenderFull(tenderId);
        uint256 sealed248 = uint256(commitment) & COMMITMENT_MASK;
        if (sealed248 == 0) revert TenderCommitmentEmpty();
        Word storage made = _commitments[tenderId][bidder];
        if (made.value != 0) revert TenderAlreadyCommitted(tenderId, bidder);
        uint256 organisation;
        bool listed = head.level() == TenderWords.LEVEL_LIST;
        (agentId, organisation) = ledger.admitBid(
            bidder,
            head.openedAt(),
            head.obligationUntil(),
            head.lock(),
            head.minStake(),
            listed ? bytes32(0) : tender.capability,
            head.level()
        );
        if (listed) _checkRequirements(tenderId, agentId);
        Word storage page = _organisations[tenderId][organisation >> 8];
        uint256 present = page.value;
        uint256 bit = 1 << (organisation & 255);
        if (present & bit != 0) {
            if (organisation == tender.requesterOrganisation) revert TenderOwnOrganisation(tenderId, organisation);
            bool evaluates = organisation == tender.evaluatorOrganisation;
            if (evaluates) revert TenderEvaluatorOrganisation(tenderId, organisation);
            revert TenderOrganisationIn(tenderId, organisation);
        }
        page.value = present | bit;
        made.value = sealed248 | count;
        _bids[tenderId][count].value = uint160(bidder);
        tender.head = head.addBid();
        emit BidCommitted(tenderId, bidder, commitment);
    }

    function _reveal(bytes32 tenderId, address bidder, uint256 amount, bytes32 salt) private {
        (Tender storage tender, TenderWord head) = _opened(tenderId);
        bool open = head.phase() == uint256(Phase.Commit) || head.phase() == uint256(Phase.Reveal);
        bool inTime = block.timestamp > head.commitDeadline() && block.timestamp <= head.revealDeadline();
        if (!open || !inTime) revert TenderNotRevealing(tenderId);
        uint256 word = _commitments[tenderId][bidder].value;
        if (word == 0) revert TenderNoCommitment(tenderId, bidder);
        Word storage bid = _bids[tenderId][word & ~COMMITMENT_MASK];
        if (bid.value >> 160 != 0) revert TenderAlreadyRevealed(tenderId, bidder);
        uint256 opened = uint256(keccak256(abi.encode(tenderId, bidder, amount, salt)));
        if ((opened ^ word) & COMMITMENT_MASK != 0) revert TenderOpeningMismatch(tenderId, bidder);
        if (amount == 0 || amount >> 96 != 0) revert TenderAmountInvalid(amount);
        bid.value = (amount << 160) | uint160(bidder);
        if (head.phase() == uint256(Phase.Commit)) tender.head = head.withPhase(uint256(Phase.Reveal));
        if (head.lock() != 0) ledger.releaseLock(bidder, head.lock());
        emit BidRevealed(tenderId, bidder, amount);
    }
}
