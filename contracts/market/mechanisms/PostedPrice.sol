// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AwardMechanism} from "./AwardMechanism.sol";

/// @title Posted price
/// @notice A bid at or below the reserve accepts the reserve as price; the earliest `units` acceptances win. The only
/// rule for allocation-only integrations. ERC-8469, "Normative mechanisms".
contract PostedPrice is AwardMechanism {
    /// @notice bytes4(keccak256("award.posted-price")).
    function mechanismId() external pure returns (bytes4) {
        return bytes4(keccak256("award.posted-price"));
    }

    /// @notice Winners in commit order; see `IAwardMechanism.award`.
    function award(Bid[] calldata bids, uint256 reserve, uint256 units) external pure returns (Award[] memory awards) {
        _checkTerms(reserve, units);
        uint256 most = units < bids.length ? units : bids.length;
        awards = new Award[](most);
        uint256 winners;
        for (uint256 i = 0; i < bids.length && winners < most; i++) {
            Bid calldata bid = bids[i];
            if (bid.amount > reserve) continue;
            Award memory won = awards[winners++];
            (won.winner, won.price) = (bid.bidder, reserve);
        }
        assembly ("memory-safe") {
            mstore(awards, winners)
        }
    }
}
