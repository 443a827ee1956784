// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev What a commitment needs of its tender, in one word, from the low end: commitDeadline 40, commitWindow 24,
/// revealWindow 24, obligationTail 24 (all seconds), count 16, cap 16, requesterOrganisation 32, lock 64, level 8,
/// phase 8 bits. 0 for a tender that does not exist.
type TenderWord is uint256;

using TenderWords for TenderWord global;

/// @title Reading and changing a tender's head
/// @notice A tender's head as one word.
library TenderWords {
    /// @dev Longest window or tail that fits, in seconds (194 days).
    uint256 internal constant WINDOW_MAX = type(uint24).max;
    /// @dev Level that says: the requirements stand in a list of their own.
    uint256 internal constant LEVEL_LIST = type(uint8).max;

    uint256 private constant MASK_16 = type(uint16).max;
    uint256 private constant MASK_24 = type(uint24).max;
    uint256 private constant PHASE_SHIFT = 248;
    uint256 private constant ONE_BID = 1 << 112;

    struct Fields {
        uint256 commitDeadline;
        uint256 commitWindow;
        uint256 revealWindow;
        uint256 obligationTail;
        uint256 cap;
        uint256 requesterOrganisation;
        uint256 lock;
        uint256 level;
        uint256 phase;
    }

    function pack(Fields memory f) internal pure returns (TenderWord) {
        uint256 times =
            f.commitDeadline | (f.commitWindow << 40) | (f.revealWindow << 64) | (f.obligationTail << 88);
        uint256 rules = (f.cap << 128) | (f.requesterOrganisation << 144) | (f.lock << 176) | (f.level << 240);
        return TenderWord.wrap(times | rules | (f.phase << PHASE_SHIFT));
    }

    function isNone(TenderWord t) internal pure returns (bool) {
        return TenderWord.unwrap(t) == 0;
    }

    function commitDeadline(TenderWord t) internal pure returns (uint256) {
        return TenderWord.unwrap(t) & type(uint40).max;
    }

    function openedAt(TenderWord t) internal pure returns (uint256) {
        unchecked {
            return t.commitDeadline() - ((TenderWord.unwrap(t) >> 40) & MASK_24);
        }
    }

    function revealDeadline(TenderWord t) internal pure returns (uint256) {
        unchecked {
            return t.commitDeadline() + ((TenderWord.unwrap(t) >> 64) & MASK_24);
        }
    }

    function obligationUntil(TenderWord t) internal pure returns (uint256) {
        unchecked {
            return t.revealDeadline() + ((TenderWord.unwrap(t) >> 88) & MASK_24);
        }
    }

    function count(TenderWord t) internal pure returns (uint256) {
        return (TenderWord.unwrap(t) >> 112) & MASK_16;
    }

    function cap(TenderWord t) internal pure returns (uint256) {
        return (TenderWord.unwrap(t) >> 128) & MASK_16;
    }

    function requesterOrganisation(TenderWord t) internal pure returns (uint256) {
        return (TenderWord.unwrap(t) >> 144) & type(uint32).max;
    }

    function lock(TenderWord t) internal pure returns (uint256) {
        return (TenderWord.unwrap(t) >> 176) & type(uint64).max;
    }

    function level(TenderWord t) internal pure returns (uint256) {
        return (TenderWord.unwrap(t) >> 240) & type(uint8).max;
    }

    function phase(TenderWord t) internal pure returns (uint256) {
        return TenderWord.unwrap(t) >> PHASE_SHIFT;
    }

    function addBid(TenderWord t) internal pure returns (TenderWord) {
        unchecked {
            return TenderWord.wrap(TenderWord.unwrap(t) + ONE_BID);
        }
    }

    function withPhase(TenderWord t, uint256 value) internal pure returns (TenderWord) {
        return TenderWord.wrap((TenderWord.unwrap(t) & ((1 << PHASE_SHIFT) - 1)) | (value << PHASE_SHIFT));
    }
}
