// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AwardMechanism} from "./AwardMechanism.sol";

/// @title Uniform price
/// @notice The lowest `units` bids win; all are paid the lowest losing bid, or the reserve when there is none at or
/// below it. ERC-8469, "Normative mechanisms".
contract UniformPrice is AwardMechanism {
    /// @notice bytes4(keccak256("award.uniform-price")).
    function mechanismId() external pure returns (bytes4) {
        return bytes4(keccak256("award.uniform-price"));
    }

    /// @notice Winners in ascending order of bid; see `IAwardMechanism.award`.
    function award(Bid[] calldata bids, uint256 reserve, uint256 units) external pure returns (Award[] memory awards) {
        _checkTerms(reserve, units);
        // No more than all bids can win, whatever `units` says: this keeps `units + 1` from overflowing.
        if (units > bids.length) units = bids.length;
        uint256[] memory keys = _lowest(bids, reserve, units + 1);
        uint256 winners = keys.length > units ? units : keys.length;
        uint256 price = keys.length > units ? _amountOf(keys[units]) : reserve;
        awards = new Award[](winners);
        for (uint256 i = 0; i < winners; i++) {
            (awards[i].winner, awards[i].price) = (bids[_indexOf(keys[i])].bidder, price);
        }
    }
}
