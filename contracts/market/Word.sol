// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev A word with an address: reading and writing it computes its slot once.
struct Word {
    uint256 value;
}
