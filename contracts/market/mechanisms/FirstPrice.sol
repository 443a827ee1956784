// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AwardMechanism} from "./AwardMechanism.sol";

/// @title First price
/// @notice The lowest `units` bids win; each is paid what it asked. ERC-8469, "Normative mechanisms".
contract FirstPrice is AwardMechanism {
    /// @notice bytes4(keccak256("award.first-price")).
    function mechanismId() external pure returns (bytes4) {
        return bytes4(keccak256("award.first-price"));
    }

    /// @notice Winners in ascending order of price; see `IAwardMechanism.award`.
    function award(Bid[] calldata bids, uint256 reserve, uint256 units) external pure returns (Award[] memory awards) {
        _checkTerms(reserve, units);
        uint256[] memory keys = _lowest(bids, reserve, units);
        awards = new Award[](keys.length);
        for (uint256 i = 0; i < keys.length; i++) {
            uint256 key = keys[i];
            (awards[i].winner, awards[i].price) = (bids[_indexOf(key)].bidder, _amountOf(key));
        }
    }
}
