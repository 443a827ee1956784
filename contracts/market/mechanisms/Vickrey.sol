// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AwardMechanism} from "./AwardMechanism.sol";

/// @title Second price (Vickrey)
/// @notice One unit: the lowest bid wins and is paid the second lowest, or the reserve when there is none at or below
/// it. ERC-8469, "Normative mechanisms".
contract Vickrey is AwardMechanism {
    /// @notice bytes4(keccak256("award.vickrey")).
    function mechanismId() external pure returns (bytes4) {
        return bytes4(keccak256("award.vickrey"));
    }

    /// @notice At most one winner; reverts unless `units` is 1. See `IAwardMechanism.award`.
    function award(Bid[] calldata bids, uint256 reserve, uint256 units) external pure returns (Award[] memory awards) {
        _checkTerms(reserve, units);
        if (units != 1) revert MechanismUnitsInvalid(units);
        uint256[] memory keys = _lowest(bids, reserve, 2);
        if (keys.length == 0) return awards;
        awards = new Award[](1);
        awards[0] = Award(bids[_indexOf(keys[0])].bidder, keys.length == 2 ? _amountOf(keys[1]) : reserve);
    }
}
