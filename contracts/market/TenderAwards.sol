// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IAwardMechanism} from "../interfaces/IAwardMechanism.sol";
import {AwardCall} from "./AwardCall.sol";
import {AwardCheck} from "./AwardCheck.sol";
import {AwardRecord} from "./AwardRecord.sol";
import {MemoryWords} from "./MemoryWords.sol";
import {TenderOpening} from "./TenderOpening.sol";
import {Word} from "./Word.sol";

/// @title The awards of tenders
/// @notice Computing an award from the stored bids, storing it, and ending the commitments of everybody else. Finalizing
/// 256 bids costs less than 3 million gas under every mechanism, however many win and in whatever order they bid.
abstract contract TenderAwards is TenderOpening {
    using MemoryWords for uint256[];

    /// @notice Fixes ledger, market and mechanisms for good.
    constructor(IAgentLedger ledger_, address market_, address[] memory mechanisms)
        TenderOpening(ledger_, market_, mechanisms)
    {}

    /// @dev All bids in commit order, as they are stored.
    function _bidsOf(bytes32 tenderId, uint256 count) internal view returns (uint256[] memory bids) {
        bids = new uint256[](count);
        Word[BIDDERS_MAX] storage words = _bids[tenderId];
        for (uint256 i = 0; i < count; i++) bids.put(i, words[i].value);
    }

    /// @dev The mechanism's award for the bids that have an amount, checked once more here; where its winners stand in
    /// commit order, and as bits.
    function _awardOf(bytes32 tenderId, Tender storage tender, uint256[] memory bids)
        internal
        view
        returns (IAwardMechanism.Award[] memory awards, uint256[] memory positions, uint256 winners)
    {
        uint256 reserve = tender.reserve;
        uint256 units = tender.units;
        awards = AwardCall.award(tender.mechanism, bids, reserve, units);
        (positions, winners) = AwardCheck.positionsOf(bids, _commitments[tenderId], awards, reserve, units);
    }

    /// @dev Stores the award, if there is one, and says so.
    function _recordAward(
        bytes32 tenderId,
        address mechanism,
        uint256[] memory bids,
        IAwardMechanism.Award[] memory awards,
        uint256[] memory positions
    ) internal {
        if (awards.length == 0) {
            emit TenderVoid(tenderId);
            return;
        }
        AwardRecord.write(_awards[tenderId], bids, awards, positions);
        bytes4 mechanismId = IAwardMechanism(mechanism).mechanismId();
        for (uint256 i = 0; i < awards.length; i++) {
            IAwardMechanism.Award memory award = awards[i];
            emit TenderAwarded(tenderId, award.winner, award.price, mechanismId);
        }
    }

    /// @dev Losers are free; whoever did not reveal loses its lock; winners stay bound until their jobs start.
    function _endCommitments(bytes32 tenderId, uint256[] memory bids, uint256 winners, uint256 lock) internal {
        address[] memory losers = new address[](bids.length);
        address[] memory silent = new address[](bids.length);
        uint256 loserCount;
        uint256 silentCount;
        for (uint256 i = 0; i < bids.length; i++) {
            uint256 bid = bids.get(i);
            unchecked {
                if (bid >> 160 == 0) silent[silentCount++] = address(uint160(bid));
                else if ((winners >> i) & 1 == 0) losers[loserCount++] = address(uint160(bid));
            }
        }
        assembly ("memory-safe") {
            mstore(losers, loserCount)
            mstore(silent, silentCount)
        }
        if (loserCount != 0) ledger.endCommitments(losers);
        if (silentCount == 0) return;
        uint256[] memory burned = ledger.burnCommitments(silent, lock);
        for (uint256 i = 0; i < silentCount; i++) emit BidSlashed(tenderId, silent[i], burned[i]);
    }
}
