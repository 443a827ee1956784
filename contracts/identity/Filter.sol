// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Lists of addresses that filter
/// @notice What a reader gives as a filter is a set: an address named twice counts once.
library Filter {
    /// @dev True when `accounts[index]` stands before `index` already. `highest` is the greatest address before it: in an
    /// ascending list nothing is looked up.
    function isRepeated(address[] calldata accounts, uint256 index, address highest) internal pure returns (bool) {
        address account = accounts[index];
        if (index == 0 || account > highest) return false;
        for (uint256 i = 0; i < index; i++) {
            if (accounts[i] == account) return true;
        }
        return false;
    }
}
