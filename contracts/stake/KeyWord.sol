// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev A bid key's record in one word, from the low end: agentId + 1 (ids start at 0) 96, from 40, to 40,
/// generation 16, first 8, revoked 8 bits. 0 for an address that never was a bid key.
type KeyWord is uint256;

using KeyWords for KeyWord global;

/// @title Reading and changing a bid key's record
/// @notice A bid key's record as one word.
library KeyWords {
    uint256 private constant MASK_40 = type(uint40).max;
    uint256 private constant FIRST = 1 << 192;
    uint256 private constant REVOKED = 1 << 200;

    /// @dev The record of a key that begins now.
    function begun(uint256 agentId_, uint256 from_, uint256 generation_, bool first_) internal pure returns (KeyWord) {
        return KeyWord.wrap((agentId_ + 1) | (from_ << 96) | (generation_ << 176) | (first_ ? FIRST : 0));
    }

    function isNone(KeyWord k) internal pure returns (bool) {
        return KeyWord.unwrap(k) == 0;
    }

    function agentId(KeyWord k) internal pure returns (uint256) {
        unchecked {
            return (KeyWord.unwrap(k) & type(uint96).max) - 1;
        }
    }

    function from(KeyWord k) internal pure returns (uint256) {
        return (KeyWord.unwrap(k) >> 96) & MASK_40;
    }

    /// @dev 0 while it is the agent's key.
    function to(KeyWord k) internal pure returns (uint256) {
        return (KeyWord.unwrap(k) >> 136) & MASK_40;
    }

    function generation(KeyWord k) internal pure returns (uint256) {
        return (KeyWord.unwrap(k) >> 176) & type(uint16).max;
    }

    function first(KeyWord k) internal pure returns (bool) {
        return KeyWord.unwrap(k) & FIRST != 0;
    }

    function revoked(KeyWord k) internal pure returns (bool) {
        return KeyWord.unwrap(k) & REVOKED != 0;
    }

    /// @dev Ends the key's time, once.
    function ended(KeyWord k, uint256 moment) internal pure returns (KeyWord) {
        return k.to() == 0 ? KeyWord.wrap(KeyWord.unwrap(k) | (moment << 136)) : k;
    }

    function asRevoked(KeyWord k) internal pure returns (KeyWord) {
        return KeyWord.wrap(KeyWord.unwrap(k) | REVOKED);
    }

    /// @dev A tender takes the key that was active when it opened, or else the agent's first key: exactly one key of an
    /// agent serves any tender.
    function serves(KeyWord k, uint256 openedAt) internal pure returns (bool) {
        if (k.from() > openedAt) return k.first();
        uint256 end = k.to();
        return end == 0 || end > openedAt;
    }
}
