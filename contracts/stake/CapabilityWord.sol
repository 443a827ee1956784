// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev A cached capability in one word, from the low end: attester 160, validUntil 40, level 8, generation 16 bits.
/// 0 for one that is not held.
type CapabilityWord is uint256;

using CapabilityWords for CapabilityWord global;

/// @title Reading a cached capability
/// @notice A cached capability as one word.
library CapabilityWords {
    function pack(address attester_, uint256 validUntil_, uint256 level_, uint256 generation_)
        internal
        pure
        returns (CapabilityWord)
    {
        return CapabilityWord.wrap(uint160(attester_) | (validUntil_ << 160) | (level_ << 200) | (generation_ << 208));
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
        return CapabilityWord.unwrap(c) >> 208;
    }
}
