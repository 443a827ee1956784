// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IAwardMechanism
/// @notice A pure allocation and pricing rule: revealed bids in, award out. ERC-8469, "Award mechanism interface".
/// @dev `award` is deterministic, never awards above the reserve, names each winner once, never takes an award away
/// from a bidder who lowers its bid, and breaks ties in favour of the earlier bid.
interface IAwardMechanism {
    /// @notice A revealed bid.
    /// @param bidder Address that committed and revealed.
    /// @param amount Price asked, in the tender's unit of account (millionths of a credit).
    struct Bid {
        address bidder;
        uint256 amount;
    }

    /// @notice One unit awarded.
    /// @param winner Address that gets one unit.
    /// @param price Price paid to this winner, same unit as the bids.
    struct Award {
        address winner;
        uint256 price;
    }

    /// @notice Canonical identifier of the rule, for example `bytes4(keccak256("award.vickrey"))`.
    function mechanismId() external pure returns (bytes4);

    /// @notice Computes the award from revealed bids; empty when there is none.
    /// @param bids Revealed bids in commit order.
    /// @param reserve Highest acceptable price, above 0.
    /// @param units Number of identical units to award, at least 1.
    function award(Bid[] calldata bids, uint256 reserve, uint256 units) external pure returns (Award[] memory);
}
