// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A module that the operators' quorum governs
/// @notice The governor is the Operators contract, fixed when the module is made; whatever delay or second step the
/// operators bind themselves to lives there, so that modules never change for it.
abstract contract Governed {
    /// @notice The Operators contract whose executed proposals may call the governed functions.
    address public immutable governor;

    /// @notice A governed function was called by somebody other than the Operators contract.
    error GovernedUnauthorized(address caller);
    /// @notice The Operators contract's address is zero.
    error GovernedInvalidGovernor();

    /// @param governor_ Address of the Operators contract.
    constructor(address governor_) {
        if (governor_ == address(0)) revert GovernedInvalidGovernor();
        governor = governor_;
    }

    /// @dev Lets only executed proposals of the operators through.
    modifier onlyGovernor() {
        if (msg.sender != governor) revert GovernedUnauthorized(msg.sender);
        _;
    }
}
