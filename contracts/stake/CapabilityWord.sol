// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev A cached capability in one word, from the low end: attester 160, validUntil 40, level 8, generation 16, removals
/// 32 bits.
/// 0 for one that is not held.
type CapabilityWord is uint256;

using CapabilityWords for CapabilityWord global;

/// @title Reading a cached capability
/// @notice A cached capability as one word.
library CapabilityWords {
    function pack(
        address attester_,
        uint256 validUntil_,
        uint256 level_,
        uint256 generation_,
        uint256 removals_
    ) internal pure returns (CapabilityWord) {
        uint256 word = uint160(attester_) | (validUntil_ << 160) | (level_ << 200);
        return CapabilityWord.wrap(word | (generation_ << 208) | (removals_ << 224));
    }

    function attester(CapabilityWord c) internal pure returns (address) {
        return address(uint160(CapabilityWord.unwrap(c)));
    }

    /// @dev First second in which it is no longer valid.
    function validUntil(CapabilityWord c) internal pure returns (uint256) {
        return (CapabilityWord.unwrap(c) >> 160) & type(uint40).max;
    }

    function level(CapabilityWord c) internal pure returns (uint256) {
        return (CapabilityWord.unwrap(c) >> 200) & type(uint8).max;
    }

    /// @dev Number of the agent's transfers when it was cached.
    function generation(CapabilityWord c) internal pure returns (uint256) {
        return (CapabilityWord.unwrap(c) >> 208) & type(uint16).max;
    }

    /// @dev How often the agent had lost the capability when it was cached.
    function removals(CapabilityWord c) internal pure returns (uint256) {
        return CapabilityWord.unwrap(c) >> 224;
    }
}
