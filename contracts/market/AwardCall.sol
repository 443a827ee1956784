// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAwardMechanism} from "../interfaces/IAwardMechanism.sol";
import {MemoryWords} from "./MemoryWords.sol";

/// @title Calling an award mechanism with bids as they are stored
/// @notice `IAwardMechanism.award(bids, reserve, units)`, with its arguments encoded straight from the stored words. An
/// array of structs is in memory an array of pointers: making it and having it encoded costs more than ranking it.
library AwardCall {
    using MemoryWords for uint256[];

    uint256 private constant SELECTOR = uint32(IAwardMechanism.award.selector);
    /// @dev Words in front of the first bid: where the bids begin (in bytes), reserve, units, number of bids.
    uint256 private constant HEAD_WORDS = 4;
    uint256 private constant BIDS_AT = 96;

    /// @notice What the mechanism awards to the bids that have an amount.
    /// @param bids Bids in commit order: amount 96, bidder 160 bits; those without an amount are left out.
    function award(address mechanism, uint256[] memory bids, uint256 reserve, uint256 units)
        internal
        view
        returns (IAwardMechanism.Award[] memory)
    {
        uint256[] memory words = new uint256[](HEAD_WORDS + 2 * bids.length);
        uint256 size = HEAD_WORDS;
        for (uint256 i = 0; i < bids.length; i++) {
            uint256 bid = bids.get(i);
            uint256 amount = bid >> 160;
            if (amount == 0) continue;
            words.put(size, uint160(bid));
            unchecked {
                words.put(size + 1, amount);
                size += 2;
            }
        }
        words.put(0, BIDS_AT);
        words.put(1, reserve);
        words.put(2, units);
        words.put(3, (size - HEAD_WORDS) / 2);
        return abi.decode(_call(mechanism, words, size), (IAwardMechanism.Award[]));
    }

    /// @dev What is returned for the selector and the first `size` words; reverts with what the mechanism reverts with.
    function _call(address mechanism, uint256[] memory words, uint256 size) private view returns (bytes memory result) {
        bool success;
        uint256 selector = SELECTOR;
        assembly ("memory-safe") {
            // The words' length is needed no more: its last four bytes, right in front of them, take the selector.
            mstore(words, selector)
            success := staticcall(gas(), mechanism, add(words, 28), add(4, shl(5, size)), 0, 0)
            result := mload(0x40)
            mstore(0x40, add(add(result, 32), and(add(returndatasize(), 31), not(31))))
            mstore(result, returndatasize())
            returndatacopy(add(result, 32), 0, returndatasize())
            if iszero(success) { revert(add(result, 32), mload(result)) }
        }
    }
}
