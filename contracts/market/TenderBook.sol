// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IAwardMechanism} from "../interfaces/IAwardMechanism.sol";
import {IMarketTender} from "../interfaces/IMarketTender.sol";
import {ISealedBidTender} from "../interfaces/ISealedBidTender.sol";
import {AwardRecord} from "./AwardRecord.sol";
import {TenderWord} from "./TenderWord.sol";
import {Word} from "./Word.sol";

/// @title The records of tenders
/// @notice What is kept of a tender, and every view on it.
abstract contract TenderBook is IMarketTender, ERC165 {
    /// @dev `head` and `capability` are all that a commitment reads.
    struct Tender {
        TenderWord head;
        bytes32 capability;
        bytes32 targetRef;
        address mechanism;
        uint64 reserve;
        uint32 requesterOrganisation;
        address requester;
        uint16 units;
        bytes4 profile;
        uint32 evaluatorOrganisation;
    }

    /// @notice Most commitments a tender can take: finalizing that many fits well within a block.
    uint256 public constant BIDDERS_MAX = 256;

    /// @dev A commitment's first 248 bits; the last byte holds the bidder's position.
    uint256 internal constant COMMITMENT_MASK = ~uint256(0xff);

    /// @notice The ledger of agents.
    IAgentLedger public immutable ledger;
    /// @notice The task market, requester of every tender.
    address public immutable market;

    mapping(bytes32 tenderId => Tender) internal _tenders;
    mapping(bytes32 tenderId => mapping(uint256 page => Word bits)) internal _organisations;
    mapping(bytes32 tenderId => mapping(address bidder => Word)) internal _commitments;
    /// @dev Bids in commit order: bidder 160, amount 96 bits, 0 until revealed.
    mapping(bytes32 tenderId => Word[BIDDERS_MAX]) internal _bids;
    /// @dev See AwardRecord.
    mapping(bytes32 tenderId => mapping(uint256 index => uint256)) internal _awards;
    mapping(bytes32 tenderId => Requirement[]) internal _requirements;
    mapping(address requester => uint256) internal _nonces;
    mapping(address mechanism => bool) internal _mechanisms;

    /// @notice There is no such tender.
    error TenderUnknown(bytes32 tenderId);

    /// @notice Fixes ledger, market and mechanisms for good.
    constructor(IAgentLedger ledger_, address market_, address[] memory mechanisms) {
        ledger = ledger_;
        market = market_;
        for (uint256 i = 0; i < mechanisms.length; i++) _mechanisms[mechanisms[i]] = true;
    }

    /// @inheritdoc ISealedBidTender
    function termsOf(bytes32 tenderId) external view returns (TenderTerms memory) {
        (Tender storage tender, TenderWord head) = _opened(tenderId);
        return TenderTerms({
            targetRef: tender.targetRef,
            mechanism: tender.mechanism,
            reserve: tender.reserve,
            units: tender.units,
            commitDeadline: uint64(head.commitDeadline()),
            revealDeadline: uint64(head.revealDeadline()),
            bond: 0,
            bondAsset: address(0),
            slashRecipient: address(0),
            maxBidders: head.cap(),
            integrationProfile: tender.profile
        });
    }

    /// @inheritdoc IMarketTender
    function marketTermsOf(bytes32 tenderId) external view returns (MarketTerms memory) {
        (Tender storage tender, TenderWord head) = _opened(tenderId);
        Requirement[] memory requirements = _requirements[tenderId];
        if (tender.capability != 0) {
            requirements = new Requirement[](1);
            requirements[0] = Requirement(tender.capability, uint8(head.level()), address(0));
        }
        return MarketTerms({
            requesterOrganisation: tender.requesterOrganisation,
            evaluatorOrganisation: tender.evaluatorOrganisation,
            lock: uint64(head.lock()),
            minStake: uint64(head.minStake()),
            obligationUntil: uint64(head.obligationUntil()),
            requirements: requirements
        });
    }

    /// @inheritdoc ISealedBidTender
    function requesterOf(bytes32 tenderId) external view returns (address) {
        return _existing(tenderId).requester;
    }

    /// @inheritdoc ISealedBidTender
    function phaseOf(bytes32 tenderId) external view returns (Phase) {
        return Phase(_existing(tenderId).head.phase());
    }

    /// @inheritdoc ISealedBidTender
    function awardOf(bytes32 tenderId) external view returns (IAwardMechanism.Award[] memory) {
        _existing(tenderId);
        return AwardRecord.read(_awards[tenderId], _bids[tenderId]);
    }

    /// @inheritdoc ISealedBidTender
    /// @dev Always 0: burned locks are credited to nobody.
    function slashedOf(bytes32 tenderId) external view returns (uint256) {
        _existing(tenderId);
        return 0;
    }

    /// @inheritdoc IMarketTender
    function openedAt(bytes32 tenderId) external view returns (uint64) {
        return uint64(_existing(tenderId).head.openedAt());
    }

    /// @inheritdoc IMarketTender
    function revealDeadlineOf(bytes32 tenderId) external view returns (uint64) {
        return uint64(_existing(tenderId).head.revealDeadline());
    }

    /// @inheritdoc IMarketTender
    function bidCount(bytes32 tenderId) external view returns (uint256) {
        return _existing(tenderId).head.count();
    }

    /// @inheritdoc IMarketTender
    function bidAt(bytes32 tenderId, uint256 index) external view returns (address bidder, uint256 amount) {
        if (index >= BIDDERS_MAX) return (address(0), 0);
        uint256 word = _bids[tenderId][index].value;
        return (address(uint160(word)), word >> 160);
    }

    /// @inheritdoc IMarketTender
    function commitmentOf(bytes32 tenderId, address bidder) external view returns (bytes32 commitment, uint256 index) {
        uint256 word = _commitments[tenderId][bidder].value;
        return (bytes32(word & COMMITMENT_MASK), word & ~COMMITMENT_MASK);
    }

    /// @inheritdoc IMarketTender
    function isParty(bytes32 tenderId, uint256 organisation) external view returns (bool) {
        _existing(tenderId);
        return _organisations[tenderId][organisation >> 8].value & (1 << (organisation & 255)) != 0;
    }

    /// @notice Number of tenders a requester has opened.
    function tenderCount(address requester) external view returns (uint256) {
        return _nonces[requester];
    }

    /// @notice Whether tenders may use a mechanism.
    function isMechanism(address mechanism) external view returns (bool) {
        return _mechanisms[mechanism];
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(ISealedBidTender).interfaceId || interfaceId == type(IMarketTender).interfaceId
            || super.supportsInterface(interfaceId);
    }

    function _existing(bytes32 tenderId) internal view returns (Tender storage tender) {
        (tender,) = _opened(tenderId);
    }

    /// @dev A tender and its head, read once.
    function _opened(bytes32 tenderId) internal view returns (Tender storage tender, TenderWord head) {
        tender = _tenders[tenderId];
        head = tender.head;
        if (head.isNone()) revert TenderUnknown(tenderId);
    }

    /// @dev Every capability of the list, from its attester if one is named.
    function _checkRequirements(bytes32 tenderId, uint256 agentId) internal view {
        Requirement[] storage list = _requirements[tenderId];
        for (uint256 i = 0; i < list.length; i++) {
            ledger.checkCapability(agentId, list[i].capability, list[i].level, list[i].attester);
        }
    }
}
