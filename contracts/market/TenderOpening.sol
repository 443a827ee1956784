// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IAwardMechanism} from "../interfaces/IAwardMechanism.sol";
import {IMarketTender} from "../interfaces/IMarketTender.sol";
import {ISealedBidTender} from "../interfaces/ISealedBidTender.sol";
import {TenderBook} from "./TenderBook.sol";
import {TenderWord, TenderWords} from "./TenderWord.sol";

/// @title The opening of tenders
/// @notice Tenders open only through the task market, with its mechanisms, and only if nothing can keep them from being
/// finalized.
abstract contract TenderOpening is TenderBook {
    /// @notice Most units of a tender.
    uint256 public constant UNITS_MAX = 256;
    /// @notice Most capabilities a tender can require.
    uint256 public constant REQUIREMENTS_MAX = 8;
    /// @notice ERC-8469, "Integration profiles": the award's price is paid, and every award is executed.
    bytes4 public constant PRICE_BINDING = bytes4(keccak256("profile.price-binding"));
    /// @notice ERC-8469, "Integration profiles": only the winners count; posted price alone may be used.
    bytes4 public constant ALLOCATION_ONLY = bytes4(keccak256("profile.allocation-only"));

    bytes4 private constant POSTED_PRICE = bytes4(keccak256("award.posted-price"));

    /// @notice The requester ended a tender that nobody had committed to.
    event TenderCancelled(bytes32 indexed tenderId);

    /// @notice Tenders open only through the task market.
    error TenderUnauthorized(address caller);
    /// @notice A term is out of bounds.
    error TenderTermInvalid(string term);
    /// @notice The mechanism is not one of the market's.
    error TenderMechanismUnknown(address mechanism);
    /// @notice The mechanism awards without bids.
    error TenderMechanismInvalid(address mechanism);
    /// @notice The profile is unknown, or does not go with the mechanism.
    error TenderProfileInvalid(bytes4 profile);
    /// @notice The tender has commitments, or has ended.
    error TenderNotCancellable(bytes32 tenderId);

    /// @notice Fixes ledger, market and mechanisms for good.
    constructor(IAgentLedger ledger_, address market_, address[] memory mechanisms)
        TenderBook(ledger_, market_, mechanisms)
    {}

    /// @inheritdoc ISealedBidTender
    /// @dev Always reverts: a tender without the market's terms would let a requester's own agents bid.
    function openTender(TenderTerms calldata) external view returns (bytes32) {
        revert TenderUnauthorized(msg.sender);
    }

    /// @inheritdoc IMarketTender
    function openMarketTender(TenderTerms calldata terms, MarketTerms calldata extra)
        external
        returns (bytes32 tenderId)
    {
        if (msg.sender != market) revert TenderUnauthorized(msg.sender);
        _checkTerms(terms);
        _checkMechanism(terms);
        tenderId = keccak256(abi.encode(block.chainid, address(this), msg.sender, _nonces[msg.sender]++));
        (bytes32 capability, uint256 level) = _require(tenderId, extra.requirements);
        Tender storage tender = _tenders[tenderId];
        tender.head = _headOf(terms, extra, level);
        tender.capability = capability;
        tender.targetRef = terms.targetRef;
        tender.mechanism = terms.mechanism;
        tender.reserve = uint64(terms.reserve);
        tender.requesterOrganisation = extra.requesterOrganisation;
        tender.requester = msg.sender;
        tender.units = uint16(terms.units);
        tender.profile = terms.integrationProfile;
        tender.evaluatorOrganisation = extra.evaluatorOrganisation;
        // The requester's and the evaluator's bits are set from the start: no agent of theirs gets in.
        uint256 organisation = extra.requesterOrganisation;
        _organisations[tenderId][organisation >> 8].value = 1 << (organisation & 255);
        organisation = extra.evaluatorOrganisation;
        if (organisation != 0) _organisations[tenderId][organisation >> 8].value |= 1 << (organisation & 255);
        emit TenderOpened(
            tenderId,
            terms.targetRef,
            msg.sender,
            terms.mechanism,
            terms.reserve,
            terms.units,
            terms.commitDeadline,
            terms.revealDeadline,
            terms.integrationProfile
        );
    }

    /// @inheritdoc IMarketTender
    function cancelTender(bytes32 tenderId) external {
        (Tender storage tender, TenderWord head) = _opened(tenderId);
        if (msg.sender != tender.requester) revert TenderUnauthorized(msg.sender);
        if (head.count() != 0 || head.phase() != uint256(Phase.Commit)) revert TenderNotCancellable(tenderId);
        tender.head = head.withPhase(uint256(Phase.Void));
        emit TenderCancelled(tenderId);
        emit TenderVoid(tenderId);
    }

    function _checkTerms(TenderTerms calldata terms) private view {
        if (terms.reserve == 0 || terms.reserve > type(uint64).max) revert TenderTermInvalid("reserve");
        if (terms.units == 0 || terms.units > UNITS_MAX) revert TenderTermInvalid("units");
        if (terms.maxBidders == 0 || terms.maxBidders > BIDDERS_MAX) revert TenderTermInvalid("maxBidders");
        if (terms.bond != 0) revert TenderTermInvalid("bond");
        if (terms.bondAsset != address(0)) revert TenderTermInvalid("bondAsset");
        if (terms.slashRecipient != address(0)) revert TenderTermInvalid("slashRecipient");
        uint256 commitDeadline = terms.commitDeadline;
        if (commitDeadline <= block.timestamp || commitDeadline - block.timestamp > TenderWords.WINDOW_MAX) {
            revert TenderTermInvalid("commitDeadline");
        }
        uint256 revealDeadline = terms.revealDeadline;
        if (revealDeadline <= commitDeadline || revealDeadline - commitDeadline > TenderWords.WINDOW_MAX) {
            revert TenderTermInvalid("revealDeadline");
        }
    }

    /// @dev A dry run without bids finds now what would make `finalize` revert for ever.
    function _checkMechanism(TenderTerms calldata terms) private view {
        address mechanism = terms.mechanism;
        if (!_mechanisms[mechanism]) revert TenderMechanismUnknown(mechanism);
        if (!ERC165Checker.supportsInterface(mechanism, type(IAwardMechanism).interfaceId)) {
            revert TenderMechanismInvalid(mechanism);
        }
        IAwardMechanism.Bid[] memory none = new IAwardMechanism.Bid[](0);
        if (IAwardMechanism(mechanism).award(none, terms.reserve, terms.units).length != 0) {
            revert TenderMechanismInvalid(mechanism);
        }
        bytes4 profile = terms.integrationProfile;
        if (profile == PRICE_BINDING) return;
        if (profile != ALLOCATION_ONLY || IAwardMechanism(mechanism).mechanismId() != POSTED_PRICE) {
            revert TenderProfileInvalid(profile);
        }
    }

    /// @dev One requirement that any attester may satisfy goes to the hot word; anything more to the list.
    function _require(bytes32 tenderId, Requirement[] calldata list) private returns (bytes32 capability, uint256 level) {
        if (list.length > REQUIREMENTS_MAX) revert TenderTermInvalid("requirements");
        for (uint256 i = 0; i < list.length; i++) {
            if (list[i].capability == 0) revert TenderTermInvalid("capability");
            if (list[i].level == TenderWords.LEVEL_LIST) revert TenderTermInvalid("level");
        }
        if (list.length == 0) return (0, 0);
        if (list.length == 1 && list[0].attester == address(0)) return (list[0].capability, list[0].level);
        for (uint256 i = 0; i < list.length; i++) _requirements[tenderId].push(list[i]);
        return (0, TenderWords.LEVEL_LIST);
    }

    function _headOf(TenderTerms calldata terms, MarketTerms calldata extra, uint256 level)
        private
        view
        returns (TenderWord)
    {
        if (extra.requesterOrganisation == 0) revert TenderTermInvalid("requesterOrganisation");
        uint256 until = extra.obligationUntil;
        if (until < terms.revealDeadline || until - terms.revealDeadline > TenderWords.WINDOW_MAX) {
            revert TenderTermInvalid("obligationUntil");
        }
        if (extra.minStake > TenderWords.MIN_STAKE_MAX) revert TenderTermInvalid("minStake");
        return TenderWords.pack(
            TenderWords.Fields({
                commitDeadline: terms.commitDeadline,
                commitWindow: terms.commitDeadline - block.timestamp,
                revealWindow: terms.revealDeadline - terms.commitDeadline,
                obligationTail: until - terms.revealDeadline,
                cap: terms.maxBidders,
                minStake: extra.minStake,
                lock: extra.lock,
                level: level,
                phase: uint256(Phase.Commit)
            })
        );
    }
}
