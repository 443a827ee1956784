// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Words in memory, unchecked
/// @notice Reading and writing an array of words without the check of its bounds, where a loop has established them:
/// ranking 256 bids makes thousands of accesses, and the checks cost more than the accesses.
library MemoryWords {
    /// @notice The word at an index that is below the length.
    function get(uint256[] memory words, uint256 index) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(words, 32), shl(5, index)))
        }
    }

    /// @notice Writes the word at an index that is below the length.
    function put(uint256[] memory words, uint256 index, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(words, 32), shl(5, index)), word)
        }
    }
}
