// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAwardMechanism} from "../interfaces/IAwardMechanism.sol";
import {MemoryWords} from "./MemoryWords.sol";
import {Word} from "./Word.sol";

/// @title The tender's last check of an award
/// @notice Conditions 2 to 4 of ERC-8469's award interface: no more awards than units, no price and no winner's bid above
/// the reserve, every winner a bidder that revealed, and once.
/// @dev A winner is found by its commitment, one word each, whatever the bidders' addresses are: in a hash table in
/// memory, addresses chosen to collide would make the check quadratic.
library AwardCheck {
    using MemoryWords for uint256[];

    /// @notice The mechanism returned what it must not.
    error TenderAwardInvalid(uint256 index);

    /// @notice Checks an award; reverts with the position of the first entry that is wrong.
    /// @param bids Bids in commit order as the tender stores them, at most 256; those without an amount do not count.
    /// @param commitments Commitments by bidder, with the bid's position in the last byte.
    /// @return positions Position in `bids` of each award's winner.
    /// @return winners Bit i is set when `bids[i]` won.
    function positionsOf(
        uint256[] memory bids,
        mapping(address bidder => Word) storage commitments,
        IAwardMechanism.Award[] memory awards,
        uint256 reserve,
        uint256 units
    ) internal view returns (uint256[] memory positions, uint256 winners) {
        if (awards.length > units) revert TenderAwardInvalid(units);
        positions = new uint256[](awards.length);
        for (uint256 i = 0; i < awards.length; i++) {
            IAwardMechanism.Award memory award = awards[i];
            uint256 commitment = commitments[award.winner].value;
            uint256 position = commitment & type(uint8).max;
            // Whoever has committed stands in `bids`; nobody else's position is looked at.
            uint256 amount = commitment == 0 ? 0 : bids.get(position) >> 160;
            bool above = award.price > reserve || amount > reserve;
            if (amount == 0 || above || (winners >> position) & 1 != 0) revert TenderAwardInvalid(i);
            winners |= 1 << position;
            positions.put(i, position);
        }
    }
}
